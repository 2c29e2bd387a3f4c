package dev.indelible.cli.audit;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.server.audit.EntryLeaves;
import dev.indelible.server.blob.DirectoryBlobStore;
import dev.indelible.server.disk.SystemDisk;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.log.EntryIds;
import dev.indelible.server.run.EntryCursor;
import dev.indelible.server.run.RunCache;
import dev.indelible.server.run.RunReader;
import dev.indelible.server.run.RunWriter;
import dev.indelible.server.run.Slice;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.search.EntryReader;
import dev.indelible.verify.Hash;
import dev.indelible.verify.TreeFrontier;
import dev.indelible.verify.TreeHasher;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Attacker with every right on the machine and this program's own code: rewrites files so that
 * every checksum fits, and computes trees anew.
 */
final class RootOperator {

  /** Treatment of the tree when entries are changed. */
  enum Tree {
    /** Each entry keeps the leaf hash that was stored with it. */
    AS_IT_WAS,
    /** All leaf hashes and the tree are those of the changed entries. */
    ANEW
  }

  private record Row(StoredEntry entry, Hash leafHash) {}

  private final Path data;

  RootOperator(Path data) {
    this.data = data;
  }

  /** Writes the first run anew, with other entries of one tenant. */
  void rewriteRun(String tenant, Tree tree, UnaryOperator<List<StoredEntry>> change)
      throws IOException {
    try (BlobStore blobs = DirectoryBlobStore.open(new SystemDisk(), data.resolve("blobs"))) {
      String name = blobs.list("run/").getFirst();
      Map<TenantId, List<Row>> all = new LinkedHashMap<>();
      long sealedThrough;
      try (RunCache cache = new RunCache(0);
          RunReader run = RunReader.open(blobs, name, cache)) {
        sealedThrough = run.info().sealedThrough();
        RunReader.SliceCursor slices = run.slices();
        Slice slice;
        while ((slice = slices.next()) != null) {
          all.put(slice.tenant(), rows(run, slice, tenant, tree, change));
        }
      }
      blobs.delete(name);
      EntryReader reader = new EntryReader();
      RunWriter.write(
          blobs,
          name,
          sealedThrough,
          run -> {
            for (Map.Entry<TenantId, List<Row>> of : all.entrySet()) {
              run.startTenant(of.getKey());
              TreeFrontier frontier = TreeFrontier.empty();
              TreeHasher hasher = new TreeHasher();
              for (Row row : of.getValue()) {
                run.add(row.entry(), row.leafHash());
                reader
                    .idOf(row.entry())
                    .ifPresent(id -> run.addIdHash(EntryIds.hash(of.getKey(), id)));
                frontier.append(row.leafHash(), hasher);
              }
              run.endTenant(List.of(), frontier.hashes());
            }
          });
    }
  }

  private static List<Row> rows(
      RunReader run, Slice slice, String tenant, Tree tree, UnaryOperator<List<StoredEntry>> change)
      throws IOException {
    List<StoredEntry> entries = new ArrayList<>();
    EntryCursor cursor = run.entries(slice, slice.firstSeq(), slice.endSeq());
    StoredEntry entry;
    while ((entry = cursor.next()) != null) {
      entries.add(entry);
    }
    List<Hash> hashes = run.leafHashes(slice, slice.firstSeq(), slice.endSeq());
    boolean meant = slice.tenant().value().equals(tenant);
    List<StoredEntry> changed = meant ? change.apply(new ArrayList<>(entries)) : entries;
    EntryLeaves leaves = new EntryLeaves();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < changed.size(); i++) {
      StoredEntry one = changed.get(i);
      StoredEntry numbered = new StoredEntry(i, one.recordedAtMillis(), one.body());
      rows.add(
          new Row(numbered, meant && tree == Tree.ANEW ? leaves.hash(numbered) : hashes.get(i)));
    }
    return rows;
  }

  /** Returns the entry with another word in its facts. */
  static StoredEntry reworded(StoredEntry entry, String from, String to) {
    StoredEntry.Whole whole = (StoredEntry.Whole) entry.body();
    EntryParts parts = whole.parts();
    String facts = new String(parts.facts(), StandardCharsets.UTF_8);
    if (!facts.contains(from)) {
      throw new IllegalArgumentException(from + " is not in " + facts);
    }
    byte[] written = facts.replace(from, to).getBytes(StandardCharsets.UTF_8);
    byte[] personal = parts.personal();
    byte[] salt = parts.personalSalt();
    return new StoredEntry(
        entry.seq(),
        entry.recordedAtMillis(),
        new StoredEntry.Whole(
            personal == null || salt == null
                ? EntryParts.ofFacts(written, parts.factsSalt())
                : new EntryParts(written, parts.factsSalt(), personal, salt)));
  }

  /** Returns the entry without its content, as after a purge. */
  static StoredEntry purged(StoredEntry entry) {
    return new StoredEntry(
        entry.seq(),
        entry.recordedAtMillis(),
        new StoredEntry.Purged(new EntryLeaves().leaf(entry)));
  }

  /** Returns the entry without its personal part, as after an erasure. */
  static StoredEntry erased(StoredEntry entry) {
    StoredEntry.Whole whole = (StoredEntry.Whole) entry.body();
    byte[] leaf = new EntryLeaves().leaf(entry);
    byte[] digest = java.util.Arrays.copyOfRange(leaf, leaf.length - Hash.BYTES, leaf.length);
    return new StoredEntry(
        entry.seq(),
        entry.recordedAtMillis(),
        new StoredEntry.PersonalErased(whole.parts().facts(), whole.parts().factsSalt(), digest));
  }

  /** Deletes a folder or a file. */
  void delete(String place) throws IOException {
    AuditedServer.delete(data.resolve(place));
  }

  /** Puts a folder or a file of another directory in the place of this one's. */
  void replaceBy(Path other, String place) throws IOException {
    delete(place);
    Path from = other.resolve(place);
    if (Files.isDirectory(from)) {
      AuditedServer.copy(from, data.resolve(place));
    } else {
      Files.copy(from, data.resolve(place));
    }
  }

  /** Overwrites the frames of the last segment in use but for some tenths with zeros. */
  void cutJournal(String journal, int keepTenths) throws IOException {
    Path last = null;
    long end = 0;
    for (Path segment : files("journal/" + journal, ".segment")) {
      byte[] bytes = Files.readAllBytes(segment);
      int at = bytes.length - 1;
      while (at >= 4096 && bytes[at] == 0) {
        at--;
      }
      if (at >= 4096) {
        last = segment;
        end = at + 1L;
      }
    }
    @Nullable Path segment = last;
    if (segment == null) {
      throw new IOException("nothing to cut in " + journal);
    }
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      long from = firstFrameAfter(file, 4096 + (end - 4096) * keepTenths / 10);
      file.seek(from);
      file.write(new byte[(int) (end - from)]);
    }
  }

  /** Frames begin at multiples of 8, one after the other. */
  private static long firstFrameAfter(RandomAccessFile file, long wanted) throws IOException {
    long at = 4096;
    while (at < wanted) {
      file.seek(at);
      long payload = file.readInt();
      at += (32L + payload + 7) / 8 * 8;
    }
    return at;
  }

  List<Path> files(String below, String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(data.resolve(below))) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().endsWith(suffix))
          .sorted()
          .toList();
    }
  }
}
