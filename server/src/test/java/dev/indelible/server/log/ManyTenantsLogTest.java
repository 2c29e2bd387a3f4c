package dev.indelible.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.blob.DirectoryBlobStore;
import dev.indelible.server.disk.Disk;
import dev.indelible.server.disk.SystemDisk;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.FileJournal;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.testing.Eventually;
import dev.indelible.testing.LiveFolder;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Many tenants with a few entries each cost neither files, threads nor heap each. */
@Isolated("counts threads and measures the heap")
class ManyTenantsLogTest {

  private static final int EACH = 3;
  private static final int BATCH = 1_000;
  private static final int IN_FLIGHT = 8;

  private static final long MAX_FILES = 200;
  private static final int MAX_THREADS = 12;

  /** Largest heap of a log for each tenant once all is sealed. */
  private static final long MAX_HEAP_BYTES = 100;

  private static final LogConfig CONFIG =
      new LogConfig(16L << 20, Duration.ofHours(1), 64L << 20, 4, 8L << 30, 1L << 20);

  @TempDir Path directory;

  /** A log with its files, closed in order. */
  private record Opened(FileJournal journal, DirectoryBlobStore blobs, EventLog log)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      log.close();
      journal.close();
      blobs.close();
    }
  }

  private Opened open() throws Exception {
    Disk disk = new SystemDisk();
    InstantSource clock = InstantSource.system();
    FileJournal journal =
        FileJournal.open(
            disk,
            directory.resolve("journal"),
            FileJournal.Options.of(clock, new Random(3)).withSegmentBytes(8 << 20));
    DirectoryBlobStore blobs = DirectoryBlobStore.open(disk, directory.resolve("blobs"));
    EventLog[] log = new EventLog[1];
    log[0] =
        new EventLogBuilder(
                journal,
                blobs,
                CONFIG,
                clock,
                System.nanoTime(),
                LogFixture.IDS,
                (e, s) -> same(e, s))
            .open((tenant, id) -> log[0].scanForId(tenant, id), List.of());
    log[0].start();
    return new Opened(journal, blobs, log[0]);
  }

  private static boolean same(NewEntry event, StoredEntry entry) {
    return entry.body() instanceof StoredEntry.Whole(EntryParts parts)
        && LogFixture.text(parts.facts()).equals(LogFixture.text(event.parts().facts()));
  }

  private static NewEntry event(int tenant, int number) {
    String id = "e" + number;
    byte[] facts =
        "%s|%d did something to %d".formatted(id, tenant, number).getBytes(StandardCharsets.UTF_8);
    byte[] salt = new byte[EntryParts.SALT_BYTES];
    new Random(tenant * 31L + number).nextBytes(salt);
    return new NewEntry(tenant(tenant), id, true, EntryParts.ofFacts(facts, salt));
  }

  private static TenantId tenant(int number) {
    return new TenantId("customer-%06d".formatted(number));
  }

  private static void appendAll(EventLog log, int tenants) throws Exception {
    Deque<CompletableFuture<List<Outcome>>> inFlight = new ArrayDeque<>();
    for (int number = 0; number < EACH; number++) {
      for (int first = 0; first < tenants; first += BATCH) {
        List<NewEntry> batch = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
          batch.add(event(first + i, number));
        }
        inFlight.add(log.append(batch));
        if (inFlight.size() > IN_FLIGHT) {
          assertThat(Eventually.done("append", inFlight.remove())).hasSize(BATCH);
        }
      }
    }
    while (!inFlight.isEmpty()) {
      assertThat(Eventually.done("append", inFlight.remove())).hasSize(BATCH);
    }
  }

  @Test
  void theyCostNoFilesOrThreadsEach() throws Exception {
    appendAndOpen(30_000, false);
  }

  @Test
  @Tag("long")
  void aHundredThousandCostNoFilesThreadsOrHeapEach() throws Exception {
    appendAndOpen(100_000, true);
  }

  /** The heap says something of the log only in a JVM that has had little else to do. */
  private void appendAndOpen(int tenants, boolean measuresHeap) throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    long heapBefore = usedHeapBytes();
    int threadsBefore = Thread.activeCount();
    Map<Integer, Hash> roots = new HashMap<>();
    double seconds;
    try (Opened opened = open()) {
      long begin = System.nanoTime();
      appendAll(opened.log(), tenants);
      seconds = (System.nanoTime() - begin) / 1e9;
      assertThat(Thread.activeCount() - threadsBefore).isLessThan(MAX_THREADS);
      for (int i = 0; i < 200; i++) {
        int tenant = random.nextInt(tenants);
        roots.put(tenant, opened.log().root(tenant(tenant)));
      }
    }
    long begin = System.nanoTime();
    try (Opened opened = open()) {
      double openSeconds = (System.nanoTime() - begin) / 1e9;
      long heldBytes = usedHeapBytes() - heapBefore;
      long files = files();
      EventLog.LogStatistics statistics = opened.log().statistics();
      System.out.printf(
          "%,d tenants x %d: appended in %.1f s, opened in %.2f s, %d files, %d runs of %,d bytes,"
              + " holds %,d bytes of heap, %d threads%n",
          tenants,
          EACH,
          seconds,
          openSeconds,
          files,
          statistics.runs(),
          statistics.sealedBytes(),
          heldBytes,
          Thread.activeCount() - threadsBefore);
      assertThat(statistics.sealedEntries()).isEqualTo((long) tenants * EACH);
      assertThat(files).isLessThan(MAX_FILES);
      if (measuresHeap) {
        assertThat(heldBytes).isLessThan(tenants * MAX_HEAP_BYTES);
      }
      assertThat(Thread.activeCount() - threadsBefore).isLessThan(MAX_THREADS);
      for (Map.Entry<Integer, Hash> root : roots.entrySet()) {
        TenantId tenant = tenant(root.getKey());
        assertThat(opened.log().size(tenant)).isEqualTo(EACH);
        assertThat(opened.log().root(tenant)).isEqualTo(root.getValue());
        assertThat(
                Eventually.done("append", opened.log().append(List.of(event(root.getKey(), 1))))
                    .getFirst())
            .isInstanceOf(Outcome.Duplicate.class);
      }
    }
  }

  private long files() throws IOException {
    return LiveFolder.files(directory).size();
  }

  private static long usedHeapBytes() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
