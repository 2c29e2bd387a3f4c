package dev.indelible.systemtests;

import dev.indelible.server.blob.DirectoryBlobStore;
import dev.indelible.server.disk.Disk;
import dev.indelible.server.disk.SystemDisk;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.FileJournal;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.log.EventLogBuilder;
import dev.indelible.server.log.LogConfig;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.search.EntryReader;
import dev.indelible.server.search.StoredComparison;
import dev.indelible.verify.Hash;
import dev.indelible.verify.LeafHasher;
import dev.indelible.verify.MerkleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The logs in a copy of a data directory, opened without a server. */
final class OfflineLog implements AutoCloseable {

  private final FileJournal journal;
  private final DirectoryBlobStore blobs;
  private final EventLog log;

  private OfflineLog(FileJournal journal, DirectoryBlobStore blobs, EventLog log) {
    this.journal = journal;
    this.blobs = blobs;
    this.log = log;
  }

  /** Copies {@code data}, which no server uses, to {@code copy}, and opens that. */
  static OfflineLog openCopy(Path data, Path copy) throws IOException, InterruptedException {
    copyTree(data, copy);
    Disk disk = new SystemDisk();
    InstantSource clock = InstantSource.system();
    FileJournal journal =
        FileJournal.open(
            disk,
            copy.resolve("journal").resolve("events"),
            FileJournal.Options.of(clock, new Random(1)));
    DirectoryBlobStore blobs = DirectoryBlobStore.open(disk, copy.resolve("blobs"));
    EntryReader reader = new EntryReader();
    EventLog[] opened = new EventLog[1];
    EventLog log =
        new EventLogBuilder(
                journal, blobs, LogConfig.DEFAULT, clock, 1, reader, new StoredComparison(reader))
            .open((tenant, id) -> opened[0].scanForId(tenant, id), List.of());
    opened[0] = log;
    log.start();
    if (!log.isHealthy()) {
      throw new AssertionError("the log cannot be sequenced again");
    }
    return new OfflineLog(journal, blobs, log);
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  /** The root that the log itself keeps. */
  Hash root(String tenant) throws IOException {
    return log.root(new TenantId(tenant));
  }

  /** The leaf hashes, made anew from the entries. */
  List<Hash> leafHashes(String tenant) throws IOException {
    List<Hash> hashes = new ArrayList<>();
    LeafHasher hasher = new LeafHasher();
    log.forEach(
        new TenantId(tenant),
        0,
        Long.MAX_VALUE,
        entry -> {
          if (!(entry.body() instanceof StoredEntry.Whole(EntryParts parts))) {
            throw new AssertionError(tenant + "/" + entry.seq() + " is not whole");
          }
          if (entry.seq() != hashes.size()) {
            throw new AssertionError(tenant + "/" + entry.seq() + " follows " + hashes.size());
          }
          hashes.add(
              hasher.hash(
                  entry.recordedAtMillis(),
                  parts.factsSalt(),
                  parts.facts(),
                  parts.personalSalt(),
                  parts.personal()));
          return true;
        });
    return hashes;
  }

  /** The root of the tree of these leaves. */
  static Hash rootOf(List<Hash> leafHashes) throws IOException {
    return MerkleTree.ofLeafHashes(leafHashes).root();
  }

  @Override
  public void close() throws IOException {
    log.close();
    journal.close();
    blobs.close();
  }
}
