package dev.indelible.server.search;

import java.time.Duration;

/**
 * How often the index is refreshed: at the interval that is configured, and less often while
 * entries wait.
 *
 * <p>A refresh writes a segment, and segments cost merging: the smaller they are, the more often
 * each entry is merged. While the indexer is behind, what would be found sooner by another refresh
 * would be found later for the time that it takes.
 */
final class RefreshPace {

  /** An indexer with more entries than this waiting is behind. */
  static final int BEHIND_ENTRIES = 2_000;

  /** How many intervals a refresh waits when the indexer is behind. */
  static final int BEHIND_FACTOR = 4;

  /** Waiting because the indexer is behind ends here, whatever the interval. */
  static final Duration MAX_BEHIND = Duration.ofSeconds(1);

  private final long intervalMillis;
  private final long behindMillis;

  RefreshPace(Duration interval) {
    intervalMillis = interval.toMillis();
    behindMillis =
        Math.max(intervalMillis, Math.min(MAX_BEHIND.toMillis(), BEHIND_FACTOR * intervalMillis));
  }

  /** The milliseconds from one refresh to the next while that many entries wait. */
  long millis(int waitingEntries) {
    return waitingEntries > BEHIND_ENTRIES ? behindMillis : intervalMillis;
  }
}
