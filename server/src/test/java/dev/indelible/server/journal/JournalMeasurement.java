package dev.indelible.server.journal;

import dev.indelible.server.disk.SystemDisk;
import dev.indelible.testing.Pace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures a file journal on the real disk, in a directory below the one that is the argument:
 * appends a second and how long they took, by threads and bytes of a batch. Run by hand.
 */
final class JournalMeasurement {

  private static final int SECONDS = 5;

  private JournalMeasurement() {}

  public static void main(String[] arguments) throws Exception {
    Path parent = Path.of(arguments[0]);
    measure(parent, 64, 800, false);
    System.out.println("  (the line before warmed up)");
    measure(parent, 1, 800, true);
    measure(parent, 64, 800, true);
    measure(parent, 16, 80_000, true);
    measure(parent, 16, 80_000, false);
  }

  private static void measure(Path parent, int threads, int bytes, boolean forget)
      throws Exception {
    Path directory = Files.createTempDirectory(parent, "journal-measurement-");
    AtomicLong groups = new AtomicLong();
    AtomicLong forceNanos = new AtomicLong();
    AtomicLong waitNanos = new AtomicLong();
    JournalListener listener =
        new JournalListener() {
          @Override
          public void groupCommitted(int batches, long written, long nanos) {
            groups.incrementAndGet();
            forceNanos.addAndGet(nanos);
          }

          @Override
          public void segmentStarted(long nanos) {
            waitNanos.addAndGet(nanos);
          }
        };
    FileJournal.Options options =
        FileJournal.Options.of(InstantSource.system(), new Random()).withListener(listener);
    List<long[]> nanos = new ArrayList<>();
    try (FileJournal journal = FileJournal.open(new SystemDisk(), directory, options);
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      byte[] payload = new byte[bytes];
      new Random(1).nextBytes(payload);
      journal.append(payload).join();
      Pace.pause(Duration.ofSeconds(1));
      long end = System.nanoTime() + SECONDS * 1_000_000_000L;
      List<Future<long[]>> running = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        boolean forgets = forget && t == 0;
        running.add(executor.submit(() -> append(journal, payload, end, forgets)));
      }
      for (Future<long[]> one : running) {
        nanos.add(one.get());
      }
    } finally {
      delete(directory);
    }
    long[] all = nanos.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    System.out.printf(
        Locale.ROOT,
        "%2d threads, %,6d bytes%s: %,8d appends/s, p50 %.2f p99 %.2f p99.9 %.2f max %.1f ms, "
            + "%.1f batches a group, force %.3f ms, waited %.0f ms for segments%n",
        threads,
        bytes,
        forget ? ", forgetting" : "",
        all.length / SECONDS,
        all[all.length / 2] / 1e6,
        all[(int) (all.length * 0.99)] / 1e6,
        all[(int) (all.length * 0.999)] / 1e6,
        all[all.length - 1] / 1e6,
        (double) all.length / groups.get(),
        forceNanos.get() / 1e6 / groups.get(),
        waitNanos.get() / 1e6);
  }

  private static long[] append(FileJournal journal, byte[] payload, long end, boolean forgets) {
    long[] nanos = new long[1 << 12];
    int count = 0;
    for (long start = System.nanoTime(); start < end; ) {
      journal.append(payload).join();
      long now = System.nanoTime();
      if (count == nanos.length) {
        nanos = Arrays.copyOf(nanos, count * 2);
      }
      nanos[count++] = now - start;
      start = now;
      if (forgets && count % 64 == 0) {
        journal.forget(journal.end());
      }
    }
    return Arrays.copyOf(nanos, count);
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
