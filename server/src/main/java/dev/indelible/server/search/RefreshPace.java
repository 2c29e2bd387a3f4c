package dev.indelible.server.search;

import java.time.Duration;

/**
 * Interval of refreshes of the index: the one that is configured, and a longer one while the
 * indexer is behind.
 *
 * <p>A refresh writes a segment, and segments cost merging: the smaller they are, the more often
 * each entry is merged. While the indexer is behind, what would be found sooner by another refresh
 * would be found later for the time that it takes. Once hardly anything comes any more, nothing is
 * gained by waiting.
 */
final class RefreshPace {

  /** An indexer that has more entries than this left when it ends a batch is behind. */
  static final int BEHIND_ENTRIES = 2_000;

  /** Number of intervals that a refresh waits when the indexer is behind. */
  static final int BEHIND_FACTOR = 4;

  /** Waiting because the indexer is behind ends here, whatever the interval. */
  static final Duration MAX_BEHIND = Duration.ofSeconds(1);

  /** Hardly any came when what came is less than what was left, divided by this. */
  static final int HARDLY_ANY = 10;

  private final long intervalMillis;
  private final long behindMillis;

  RefreshPace(Duration interval) {
    intervalMillis = interval.toMillis();
    behindMillis =
        Math.max(intervalMillis, Math.min(MAX_BEHIND.toMillis(), BEHIND_FACTOR * intervalMillis));
  }

  /**
   * Whether it is time for a refresh.
   *
   * @param sinceMillis since the last one
   * @param left entries that were left when the last batch was indexed
   * @param came entries since then
   */
  boolean isDue(long sinceMillis, int left, int came) {
    return sinceMillis >= behindMillis
        || (sinceMillis >= intervalMillis
            && (left <= BEHIND_ENTRIES || (long) came * HARDLY_ANY < left));
  }

  /** The milliseconds until that must be asked again. */
  long waitMillis(long sinceMillis) {
    return Math.max(
        1, (sinceMillis < intervalMillis ? intervalMillis : behindMillis) - sinceMillis);
  }
}
