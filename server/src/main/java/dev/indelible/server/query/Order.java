package dev.indelible.server.query;

import java.util.Comparator;

/**
 * The order of a page: by sequence number, which is the order of recording, or by when it happened
 * ({@link dev.indelible.server.event.Entry#placedAt}) and within a millisecond by sequence number;
 * one way or the other.
 */
public enum Order {
  NEWEST_FIRST,
  OLDEST_FIRST,
  LATEST_OCCURRED_FIRST,
  EARLIEST_OCCURRED_FIRST;

  /** The place beyond which the first page begins; itself never that of an entry. */
  public Place start() {
    return switch (this) {
      case NEWEST_FIRST -> Place.ofSeq(Long.MAX_VALUE);
      case OLDEST_FIRST -> Place.ofSeq(-1);
      case LATEST_OCCURRED_FIRST -> new Place(Long.MAX_VALUE, Long.MAX_VALUE);
      case EARLIEST_OCCURRED_FIRST -> new Place(Long.MIN_VALUE, -1);
    };
  }

  /** Whether it goes by when things happened, not by when they were recorded. */
  public boolean isByOccurrence() {
    return this == LATEST_OCCURRED_FIRST || this == EARLIEST_OCCURRED_FIRST;
  }

  /** Whether what is greater comes first. */
  public boolean isDescending() {
    return this == NEWEST_FIRST || this == LATEST_OCCURRED_FIRST;
  }

  /** Compares places; what comes first is less. */
  public Comparator<Place> places() {
    return isDescending() ? Place.EARLIEST_FIRST.reversed() : Place.EARLIEST_FIRST;
  }
}
