package dev.indelible.server.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.StoredEntry.Whole;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes per event and speed with plausible events; prints what it measures. */
@Tag("long")
class RunFiguresTest {

  private static final int TENANTS = 1000;
  private static final int ENTRIES = 400_000;
  private static final int ROUNDS = 6;

  /** The most bytes that an event of 718 bytes may take on disk. */
  private static final int MAX_BYTES_PER_EVENT = 230;

  private record Prepared(TenantId tenant, List<StoredEntry> entries, List<Hash> hashes) {}

  @Test
  void figures(@TempDir Path folder) throws IOException {
    List<Prepared> prepared = prepare();
    long partBytes = 0;
    for (Prepared tenant : prepared) {
      for (StoredEntry entry : tenant.entries) {
        if (entry.body() instanceof Whole(EntryParts parts)) {
          byte[] personal = parts.personal();
          partBytes += parts.facts().length + (personal == null ? 0 : personal.length);
        }
      }
    }
    FolderBlobStore store = new FolderBlobStore(folder);
    long entries = prepared.stream().mapToLong(tenant -> tenant.entries.size()).sum();
    for (int round = 0; round < 4; round++) {
      long started = System.nanoTime();
      RunWriter.write(store, "run" + round, 1, writer -> write(writer, prepared));
      double seconds = (System.nanoTime() - started) / 1e9;
      System.out.printf(
          "write: %.0f events/s, %.0f MB/s, %.1f bytes/event of parts%n",
          entries / seconds, partBytes / seconds / 1e6, (double) partBytes / entries);
    }
    try (RunCache cache = new RunCache(64 << 20);
        RunReader run = RunReader.open(store, "run3", cache)) {
      double bytesPerEvent = (double) run.info().sizeBytes() / entries;
      System.out.printf("%.1f bytes/event stored%n", bytesPerEvent);
      assertThat(bytesPerEvent).isLessThan(MAX_BYTES_PER_EVENT);
      measureReads(run, cache, prepared);
      for (int round = 0; round < ROUNDS; round++) {
        decode(run, entries);
      }
      long started = System.nanoTime();
      RunMerger.merge(store, "merged", List.of(run));
      double seconds = (System.nanoTime() - started) / 1e9;
      System.out.printf("merge of full blocks: %.0f events/s%n", entries / seconds);
      started = System.nanoTime();
      run.verify(RunAssertions.strict());
      seconds = (System.nanoTime() - started) / 1e9;
      System.out.printf("verify: %.0f events/s%n", entries / seconds);
    }
  }

  /**
   * Reads all entries of a run, in order, as exports do, and nothing else. On a busy machine the
   * processor's time says more than the clock; decompression and decoding are one thread's.
   */
  private static void decode(RunReader run, long entries) throws IOException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long used = threads.getCurrentThreadCpuTime();
    long started = System.nanoTime();
    long[] read = {0, 0};
    RunReader.SliceCursor slices = run.slices();
    Slice slice;
    while ((slice = slices.next()) != null) {
      EntryCursor cursor = run.entries(slice, slice.firstSeq(), slice.endSeq());
      StoredEntry entry;
      while ((entry = cursor.next()) != null) {
        read[0]++;
        read[1] += entry.sizeBytes();
      }
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    double processor = (threads.getCurrentThreadCpuTime() - used) / 1e9;
    assertThat(read[0]).isEqualTo(entries);
    System.out.printf(
        Locale.ROOT,
        "decoded: %.0f entries/s by the clock, %.0f/s of a processor, %.0f MB/s of parts%n",
        entries / seconds,
        entries / processor,
        read[1] / processor / 1e6);
  }

  private static List<Prepared> prepare() {
    List<Prepared> prepared = new ArrayList<>();
    Random random = new Random(42);
    double harmonic = 0;
    for (int rank = 1; rank <= TENANTS; rank++) {
      harmonic += 1.0 / rank;
    }
    for (int rank = 1; rank <= TENANTS; rank++) {
      TenantId tenant = new TenantId("tenant-%04d".formatted(rank));
      int count = (int) Math.max(1, ENTRIES / harmonic / rank);
      AuditEvents events = new AuditEvents(rank, 20 + 4000 / rank);
      List<StoredEntry> entries = new ArrayList<>();
      long millis = Sample.EPOCH_MILLIS;
      for (int seq = 0; seq < count; seq++) {
        millis += random.nextInt(1, 3_600_000 / count + 2);
        entries.add(events.next(seq, millis));
      }
      prepared.add(new Prepared(tenant, entries, entries.stream().map(Sample::leafHash).toList()));
    }
    return prepared;
  }

  private static void write(RunWriter writer, List<Prepared> prepared) throws IOException {
    for (Prepared tenant : prepared) {
      writer.startTenant(tenant.tenant);
      for (int i = 0; i < tenant.entries.size(); i++) {
        writer.add(tenant.entries.get(i), tenant.hashes.get(i));
        writer.addIdHash(Sample.idHash(tenant.tenant, i));
      }
      int size = tenant.entries.size();
      writer.endTenant(
          Sample.subtrees(tenant.tenant, 0, size), Sample.frontier(tenant.tenant, size));
    }
  }

  private static void measureReads(RunReader run, RunCache cache, List<Prepared> prepared)
      throws IOException {
    for (int round = 0; round < 3; round++) {
      long[] nanos = new long[200];
      for (int i = 0; i < nanos.length; i++) {
        cache.clear();
        long started = System.nanoTime();
        Slice slice = run.slice(prepared.get(i % 100).tenant).orElseThrow();
        long from = Math.max(0, slice.endSeq() - 100);
        int read = RunAssertions.all(run.entriesBackward(slice, from, slice.endSeq())).size();
        nanos[i] = System.nanoTime() - started;
        assertThat(read).isEqualTo((int) (slice.endSeq() - from));
      }
      Arrays.sort(nanos);
      System.out.printf(
          "newest 100, nothing cached: p50 %.3f ms, p99 %.3f ms%n",
          nanos[100] / 1e6, nanos[198] / 1e6);
      Slice largest = run.slice(prepared.getFirst().tenant).orElseThrow();
      long started = System.nanoTime();
      EntryCursor cursor = run.entries(largest, 0, largest.endSeq());
      int read = 0;
      while (cursor.next() != null) {
        read++;
      }
      double millis = (System.nanoTime() - started) / 1e6;
      System.out.printf("export of %d entries of one tenant: %.1f ms%n", read, millis);
      started = System.nanoTime();
      int found = 0;
      for (int i = 0; i < 100_000; i++) {
        found += run.mightContain(i * 0x9e3779b97f4a7c15L) ? 1 : 0;
      }
      System.out.printf(
          "filter: %.2f us a look-up, %d of 100,000 wrong%n",
          (System.nanoTime() - started) / 1e3 / 100_000, found);
    }
  }
}
