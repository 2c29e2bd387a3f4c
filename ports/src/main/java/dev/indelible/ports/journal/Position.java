package dev.indelible.ports.journal;

/**
 * A place in a journal: opaque, totally ordered within one journal.
 *
 * @param value the order; only the journal's adapter knows what it counts
 */
public record Position(long value) implements Comparable<Position> {

  /** Position before everything. */
  public static final Position START = new Position(0);

  public Position {
    if (value < 0) {
      throw new IllegalArgumentException("negative position " + value);
    }
  }

  @Override
  public int compareTo(Position other) {
    return Long.compare(value, other.value);
  }
}
