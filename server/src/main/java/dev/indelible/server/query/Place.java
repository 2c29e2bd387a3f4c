package dev.indelible.server.query;

import java.util.Comparator;

/**
 * Position of an entry in an {@link Order}: by its time of occurrence, then by its sequence number.
 * In an order that goes by the sequence number alone the time is 0 for all.
 *
 * @param millis the time by which it stands, in milliseconds since the epoch
 * @param seq its sequence number
 */
public record Place(long millis, long seq) {

  /** The earlier before the later; of one time the smaller sequence number first. */
  public static final Comparator<Place> EARLIEST_FIRST =
      Comparator.comparingLong(Place::millis).thenComparingLong(Place::seq);

  /** The place in an order that goes by the sequence number alone. */
  public static Place ofSeq(long seq) {
    return new Place(0, seq);
  }
}
