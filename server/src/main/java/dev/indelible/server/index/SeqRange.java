package dev.indelible.server.index;

/**
 * Sequence numbers from {@code first} to {@code last}, both included.
 *
 * @param first at least 0
 * @param last at least {@code first}
 */
public record SeqRange(long first, long last) {
  public SeqRange {
    if (first < 0 || last < first) {
      throw new IllegalArgumentException("no range: " + first + " to " + last);
    }
  }
}
