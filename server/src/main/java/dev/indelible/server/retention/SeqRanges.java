package dev.indelible.server.retention;

import java.util.ArrayList;
import java.util.List;

/**
 * Sequence numbers as half-open ranges, ascending, without overlap or contact. Immutable.
 *
 * @param ranges pairs of the first number and the one after the last
 */
public record SeqRanges(List<long[]> ranges) {

  static final SeqRanges NONE = new SeqRanges(List.of());

  public SeqRanges {
    ranges = List.copyOf(ranges);
    long before = -1;
    for (long[] range : ranges) {
      if (range.length != 2 || range[0] <= before || range[1] <= range[0]) {
        throw new IllegalArgumentException("ranges out of order");
      }
      before = range[1];
    }
  }

  /** Number of sequence numbers in the ranges. */
  long count() {
    long count = 0;
    for (long[] range : ranges) {
      count += range[1] - range[0];
    }
    return count;
  }

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** Whether a number is in one of them. */
  public boolean contains(long seq) {
    int low = 0;
    int high = ranges.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long[] range = ranges.get(middle);
      if (seq < range[0]) {
        high = middle - 1;
      } else if (seq >= range[1]) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  /** Collects ascending numbers. */
  static final class Builder {
    private final List<long[]> ranges = new ArrayList<>();

    /** Adds a number larger than all before. */
    void add(long seq) {
      long[] last = ranges.isEmpty() ? null : ranges.getLast();
      if (last != null && last[1] == seq) {
        last[1]++;
      } else {
        ranges.add(new long[] {seq, seq + 1});
      }
    }

    int size() {
      return ranges.size();
    }

    SeqRanges build() {
      return new SeqRanges(ranges);
    }
  }
}
