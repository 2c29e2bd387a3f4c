package dev.indelible.server.search;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Says from time to time how far a rebuild has come: whoever waits for a start sees that it goes
 * on, and for how long still.
 */
final class RebuildProgress {

  /** Time between two lines. */
  static final Duration BETWEEN = Duration.ofSeconds(10);

  private static final double NANOS = 1e9;

  private final long total;
  private final LongSupplier nanoTime;
  private final Consumer<String> say;
  private final long start;
  private long said;
  private long done;

  /**
   * Begins.
   *
   * @param total how many entries there are
   */
  RebuildProgress(long total, LongSupplier nanoTime, Consumer<String> say) {
    this.total = total;
    this.nanoTime = nanoTime;
    this.say = say;
    start = nanoTime.getAsLong();
    said = start;
    say.accept("building the search index of %,d entries from the runs".formatted(total));
  }

  /** Counts entries that are in the index now. */
  void add(int entries) {
    done += entries;
    long now = nanoTime.getAsLong();
    if (now - said >= BETWEEN.toNanos() && done > 0) {
      said = now;
      double left = (now - start) / NANOS * Math.max(0, total - done) / done;
      say.accept(
          "building the search index: %,d of %,d entries (%d %%), about %.0f s left"
              .formatted(done, total, total == 0 ? 100 : done * 100 / total, left));
    }
  }

  /** Ends. */
  void end() {
    say.accept(
        "built the search index: %,d entries in %.0f s"
            .formatted(done, (nanoTime.getAsLong() - start) / NANOS));
  }
}
