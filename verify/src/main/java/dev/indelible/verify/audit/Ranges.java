package dev.indelible.verify.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Sequence numbers, neighbours as one half-open range; at most {@value #MAX_RANGES} of them. Not
 * thread-safe.
 */
public final class Ranges {

  /** The most ranges that are held. */
  public static final int MAX_RANGES = 1_000_000;

  private final TreeMap<Long, Long> ranges = new TreeMap<>();

  /** Adds {@code [first, end)}, which lies behind all there are. */
  public void add(long first, long end) {
    Map.Entry<Long, Long> last = ranges.lastEntry();
    if (last != null && last.getValue() == first) {
      ranges.put(last.getKey(), end);
    } else if (ranges.size() == MAX_RANGES) {
      throw new AuditLimitException("more than " + MAX_RANGES + " ranges of entries to remember");
    } else {
      ranges.put(first, end);
    }
  }

  /** Takes {@code [first, end)} away; returns which of it there was. */
  public List<long[]> remove(long first, long end) {
    List<long[]> removed = new ArrayList<>();
    Map.Entry<Long, Long> range = ranges.floorEntry(first);
    if (range == null || range.getValue() <= first) {
      range = ranges.higherEntry(first);
    }
    while (range != null && range.getKey() < end) {
      long from = Math.max(first, range.getKey());
      long to = Math.min(end, range.getValue());
      ranges.remove(range.getKey());
      if (range.getKey() < from) {
        ranges.put(range.getKey(), from);
      }
      if (to < range.getValue()) {
        ranges.put(to, range.getValue());
      }
      removed.add(new long[] {from, to});
      range = ranges.higherEntry(to - 1);
    }
    return removed;
  }

  public boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** Gives every range, in order. */
  public void forEach(Consumer<long[]> consumer) {
    ranges.forEach((first, end) -> consumer.accept(new long[] {first, end}));
  }
}
