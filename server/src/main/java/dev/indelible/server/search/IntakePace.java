package dev.indelible.server.search;

import java.time.Duration;

/**
 * Delay of the intake while it is faster than the indexer.
 *
 * <p>A queue that is only bounded fills up, and then every acknowledgement waits until the indexer
 * has ended a whole batch, while most of the processors have nothing to do. So what comes waits a
 * little each time, the more the longer the queue is, and as long as the indexer takes for as much
 * when the queue has {@link #LEVEL_ENTRIES}: there both are equally fast.
 */
final class IntakePace {

  /** Number of queued entries below which nothing waits. */
  static final int FREE_ENTRIES = 3 * IndexFold.MAX_BATCH_ENTRIES / 2;

  /** Number of queued entries at which the intake is as fast as the indexer. */
  static final int LEVEL_ENTRIES = 5 * IndexFold.MAX_BATCH_ENTRIES / 2;

  /** The longest wait for what comes at once. */
  static final Duration MAX_WAIT = Duration.ofMillis(500);

  private static final double MAX_SLOWNESS = 3; // times the indexer's

  private double nanosPerEntry;

  /** Learns that the indexer took {@code nanos} for a batch of so many entries. */
  void indexed(int entries, long nanos) {
    if (entries > 0) {
      nanosPerEntry = (double) nanos / entries;
    }
  }

  /** The nanoseconds that {@code entries} wait which made the queue so long. */
  long waitNanos(int entries, int queuedEntries) {
    double slowness =
        Math.min(
            MAX_SLOWNESS, (double) (queuedEntries - FREE_ENTRIES) / (LEVEL_ENTRIES - FREE_ENTRIES));
    return slowness <= 0
        ? 0
        : Math.min(MAX_WAIT.toNanos(), (long) (entries * nanosPerEntry * slowness));
  }
}
