package dev.indelible.server.index;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Request for a histogram: entries by the time of their occurrence.
 *
 * @param interval the length of a bucket
 * @param zone the zone whose hours, days and months are meant
 * @param from the first moment counted; the first bucket begins at or before it
 * @param to the first moment not counted any more, after {@code from}
 * @param split the {@link FacetField#isSingle single} field to count by within a bucket, or null
 */
public record Histogram(
    Interval interval, ZoneId zone, Instant from, Instant to, @Nullable FacetField split) {

  /** The most buckets. */
  public static final int MAX_BUCKETS = 2_000;

  public Histogram {
    if (!from.isBefore(to)) {
      throw new IllegalArgumentException("from " + from + " is not before " + to);
    }
    if (split != null && !split.isSingle()) {
      throw new IllegalArgumentException("entries can have several of " + split);
    }
    if (edges(interval, zone, from, to).length > MAX_BUCKETS) {
      throw new IllegalArgumentException("more than " + MAX_BUCKETS + " buckets");
    }
  }

  /** The length of a bucket. */
  public enum Interval {
    MINUTE,
    HOUR,
    DAY,
    /** Week from Monday. */
    WEEK,
    MONTH;

    private ZonedDateTime floor(ZonedDateTime time) {
      return switch (this) {
        case MINUTE -> time.truncatedTo(ChronoUnit.MINUTES);
        case HOUR -> time.truncatedTo(ChronoUnit.HOURS);
        case DAY -> time.toLocalDate().atStartOfDay(time.getZone());
        case WEEK ->
            time.toLocalDate()
                .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
                .atStartOfDay(time.getZone());
        case MONTH -> time.toLocalDate().withDayOfMonth(1).atStartOfDay(time.getZone());
      };
    }

    private ZonedDateTime next(ZonedDateTime floor) {
      return switch (this) {
        case MINUTE -> floor.plusMinutes(1);
        case HOUR -> floor.plusHours(1);
        // Not plusDays: where a day begins at 01:00, the days after it still begin at 00:00.
        case DAY -> floor.toLocalDate().plusDays(1).atStartOfDay(floor.getZone());
        case WEEK -> floor.toLocalDate().plusWeeks(1).atStartOfDay(floor.getZone());
        case MONTH -> floor.toLocalDate().plusMonths(1).atStartOfDay(floor.getZone());
      };
    }
  }

  /**
   * One interval.
   *
   * @param start its first moment; it ends where the next one starts
   * @param count how many entries occurred in it
   * @param split how many of them had each value of the split field; entries without one are left
   *     out
   */
  public record Bucket(Instant start, long count, SortedMap<String, Long> split) {}

  /** Counts entries into buckets. Not thread-safe. */
  static final class Counter {
    private final long fromMillis;
    private final long toMillis;
    private final long[] edges;
    private final long[] counts;
    private final List<SortedMap<String, Long>> splits = new ArrayList<>();
    private int last;

    Counter(Histogram request) {
      fromMillis = ceilMillis(request.from);
      toMillis = ceilMillis(request.to);
      edges = edges(request.interval, request.zone, request.from, request.to);
      counts = new long[edges.length];
      for (int i = 0; i < edges.length; i++) {
        splits.add(new TreeMap<>());
      }
    }

    int size() {
      return edges.length;
    }

    /** The bucket of a time, or -1. Neighbours in the log are mostly neighbours in time. */
    int bucketOf(long millis) {
      if (millis < fromMillis || millis >= toMillis) {
        return -1;
      }
      boolean same =
          edges[last] <= millis && (last + 1 == edges.length || millis < edges[last + 1]);
      if (!same) {
        int found = Arrays.binarySearch(edges, millis);
        last = found >= 0 ? found : -found - 2;
      }
      return last;
    }

    void add(int bucket, long count) {
      counts[bucket] += count;
    }

    void addSplit(int bucket, String value, long count) {
      splits.get(bucket).merge(value, count, Long::sum);
    }

    List<Bucket> buckets() {
      List<Bucket> buckets = new ArrayList<>(edges.length);
      for (int i = 0; i < edges.length; i++) {
        buckets.add(new Bucket(Instant.ofEpochMilli(edges[i]), counts[i], splits.get(i)));
      }
      return buckets;
    }
  }

  /** The starts of the buckets in milliseconds; at most one more than allowed. */
  private static long[] edges(Interval interval, ZoneId zone, Instant from, Instant to) {
    List<Long> edges = new ArrayList<>();
    ZonedDateTime start = interval.floor(from.atZone(zone));
    while (start.toInstant().isBefore(to) && edges.size() <= MAX_BUCKETS) {
      edges.add(start.toInstant().toEpochMilli());
      start = interval.next(start);
    }
    return edges.stream().mapToLong(Long::longValue).toArray();
  }

  private static long ceilMillis(Instant at) {
    return at.plusNanos(999_999).toEpochMilli();
  }
}
