package dev.indelible.server.proof;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.server.blob.DirectoryBlobStore;
import dev.indelible.server.disk.SimulatedDisk;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.FileJournal;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.log.EventLogBuilder;
import dev.indelible.server.log.LogConfig;
import dev.indelible.server.log.NewEntry;
import dev.indelible.server.log.Outcome;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.testing.Eventually;
import dev.indelible.verify.Hash;
import dev.indelible.verify.LeafHasher;
import dev.indelible.verify.MerkleTree;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A whole log with its heads on a simulated disk; so small that a few events are sealed, merged and
 * cut. Not thread-safe.
 */
final class PowerLossLog implements AutoCloseable {

  private static final LogConfig TINY =
      new LogConfig(6_000, Duration.ofHours(1), 64L << 20, 2, 1L << 30, 1L << 16);

  /** Heads are written anew, and the old ones forgotten, after so many bytes. */
  private static final long SNAPSHOT_AFTER_BYTES = 600;

  /** A start that goes on when power is lost has so long to end; most never will. */
  private static final long AFTER_POWER_LOSS_MILLIS = 50;

  private static final Path DIRECTORY = SimulatedDisk.ROOT.resolve("data");

  private final List<AutoCloseable> open = new ArrayList<>();
  private final EventLog log;
  private final Heads heads;
  private final LogComparison comparison;

  /**
   * Facts and time of an entry that was read: in tests the facts are its id, a bar, and its
   * content.
   */
  record Read(String facts, long recordedAtMillis) {
    String id() {
      return facts.substring(0, facts.indexOf('|'));
    }
  }

  PowerLossLog(SimulatedDisk disk) throws IOException {
    boolean complete = false;
    try {
      disk.createDirectory(DIRECTORY);
      disk.forceDirectory(SimulatedDisk.ROOT);
      disk.createDirectory(DIRECTORY.resolve("journal"));
      disk.forceDirectory(DIRECTORY);
      FileJournal events = kept(journal(disk, "events"));
      BlobStore blobs = kept(DirectoryBlobStore.open(disk, DIRECTORY.resolve("blobs")));
      FileJournal published = kept(journal(disk, "heads"));
      heads = Heads.open(published, WitnessQuorum.NONE, HeadsTest.after(SNAPSHOT_AFTER_BYTES));
      EventLog[] opened = new EventLog[1];
      log =
          kept(
              new EventLogBuilder(
                      events,
                      blobs,
                      TINY,
                      InstantSource.system(),
                      System.nanoTime(),
                      PowerLossLog::id,
                      PowerLossLog::sameFacts)
                  .open((tenant, id) -> opened[0].scanForId(tenant, id), List.of()));
      opened[0] = log;
      comparison = new LogComparison(log, new LogTiles(log));
      start(disk);
      complete = true;
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    } finally {
      if (!complete) {
        close();
      }
    }
  }

  /** A start waits for room to seal what it replays; without power there will never be any. */
  private void start(SimulatedDisk disk) throws IOException, InterruptedException {
    CompletableFuture<@Nullable Void> started = new CompletableFuture<>();
    Thread starting =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    log.start();
                    started.complete(null);
                  } catch (IOException | InterruptedException | RuntimeException e) {
                    started.completeExceptionally(e);
                  }
                });
    Eventually.holds("a start, or no power", () -> started.isDone() || disk.hasLostPower());
    try {
      started.get(AFTER_POWER_LOSS_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      log.close();
      Eventually.ended("the start without power", starting);
      throw new IOException("power lost during the start", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
    if (!log.isHealthy()) {
      throw new IOException("the log cannot be sequenced");
    }
  }

  private static FileJournal journal(SimulatedDisk disk, String name) throws IOException {
    // Ids of segments never repeat: a recycled file's old frames are told by them.
    return FileJournal.open(
        disk,
        DIRECTORY.resolve("journal").resolve(name),
        FileJournal.Options.of(InstantSource.system(), new SecureRandom())
            .withSegmentBytes(FileJournal.MIN_SEGMENT_BYTES));
  }

  private <T extends AutoCloseable> T kept(T part) {
    open.add(part);
    return part;
  }

  private static Optional<String> id(StoredEntry entry) {
    return entry.body() instanceof StoredEntry.Whole(EntryParts parts)
        ? Optional.of(new Read(text(parts.facts()), 0).id())
        : Optional.empty();
  }

  private static boolean sameFacts(NewEntry event, StoredEntry entry) {
    return entry.body() instanceof StoredEntry.Whole(EntryParts parts)
        && Arrays.equals(parts.facts(), event.parts().facts());
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  CompletableFuture<List<Outcome>> append(List<NewEntry> events) {
    return log.append(events);
  }

  Heads heads() {
    return heads;
  }

  /** Heads that the publisher would publish now. */
  Map<TenantId, Head> nextHeads(List<TenantId> tenants) throws IOException {
    Map<TenantId, Head> next = new TreeMap<>(java.util.Comparator.comparing(TenantId::value));
    for (TenantId tenant : tenants) {
      comparison
          .next(tenant, heads.get(tenant).orElse(Head.EMPTY))
          .ifPresent(head -> next.put(tenant, head));
    }
    return next;
  }

  boolean holds(TenantId tenant, Head head) throws IOException {
    return head.size() == 0 || comparison.holds(tenant, head);
  }

  Optional<String> stoppedBecause(TenantId tenant) {
    return log.stoppedBecause(tenant);
  }

  Hash root(TenantId tenant) throws IOException {
    return log.root(tenant);
  }

  /** Every entry, in order; their numbers are 0, 1, 2… */
  List<Read> entries(TenantId tenant) throws IOException {
    List<Read> entries = new ArrayList<>();
    forEach(
        tenant,
        (entry, parts) -> {
          if (entry.seq() != entries.size()) {
            throw new AssertionError(tenant + "/" + entry.seq() + " follows " + entries.size());
          }
          entries.add(new Read(text(parts.facts()), entry.recordedAtMillis()));
        });
    if (log.size(tenant) != entries.size()) {
      throw new AssertionError(tenant + " has " + log.size(tenant) + ", not " + entries.size());
    }
    return entries;
  }

  /** The root of the tree over the entries as they are read. */
  Hash rootOfEntries(TenantId tenant) throws IOException {
    List<Hash> leaves = new ArrayList<>();
    LeafHasher hasher = new LeafHasher();
    forEach(
        tenant,
        (entry, parts) ->
            leaves.add(
                hasher.hash(
                    entry.recordedAtMillis(),
                    parts.factsSalt(),
                    parts.facts(),
                    parts.personalSalt(),
                    parts.personal())));
    return MerkleTree.ofLeafHashes(leaves).root();
  }

  @FunctionalInterface
  private interface EntryTaker {
    void accept(StoredEntry entry, EntryParts parts);
  }

  private void forEach(TenantId tenant, EntryTaker taker) throws IOException {
    log.forEach(
        tenant,
        0,
        Long.MAX_VALUE,
        entry -> {
          if (!(entry.body() instanceof StoredEntry.Whole(EntryParts parts))) {
            throw new AssertionError(tenant + "/" + entry.seq() + " is not whole");
          }
          taker.accept(entry, parts);
          return true;
        });
  }

  @Override
  public void close() throws IOException {
    for (AutoCloseable part : open.reversed()) {
      try {
        part.close();
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    open.clear();
  }
}
