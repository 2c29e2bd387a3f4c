package dev.indelible.server.search;

import java.time.Duration;

/**
 * How often the index is refreshed: at the interval that is configured, and less often while the
 * indexer is behind.
 *
 * <p>A refresh writes a segment, and segments cost merging: the smaller they are, the more often
 * each entry is merged. While the indexer is behind, what would be found sooner by another refresh
 * would be found later for the time that it takes.
 */
final class RefreshPace {

  /** An indexer that has more entries than this left when it ends a batch is behind. */
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

  /** The milliseconds to the next refresh when so many entries came during the last batch. */
  long millis(int leftEntries) {
    return leftEntries > BEHIND_ENTRIES ? behindMillis : intervalMillis;
  }
}
