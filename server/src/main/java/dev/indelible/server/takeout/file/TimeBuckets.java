package dev.indelible.server.takeout.file;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Counts of entries by time of occurrence, for a chart: by the hour, or by so much longer a step
 * that there are at most {@link #MAX_BARS} steps from the first entry to the last.
 */
final class TimeBuckets {

  /** The most bars of a chart. */
  static final int MAX_BARS = 62;

  /** The most steps that are counted before the step becomes longer. */
  static final int MAX_BUCKETS = 10_000;

  /** Step of time by a zone's clock. */
  enum Step {
    HOUR("uuuu-MM-dd HH:00") {
      @Override
      LocalDateTime begin(LocalDateTime time) {
        return time.truncatedTo(ChronoUnit.HOURS);
      }

      @Override
      LocalDateTime next(LocalDateTime begin) {
        return begin.plusHours(1);
      }
    },
    DAY("uuuu-MM-dd") {
      @Override
      LocalDateTime begin(LocalDateTime time) {
        return time.truncatedTo(ChronoUnit.DAYS);
      }

      @Override
      LocalDateTime next(LocalDateTime begin) {
        return begin.plusDays(1);
      }
    },
    WEEK("uuuu-MM-dd") {
      @Override
      LocalDateTime begin(LocalDateTime time) {
        return time.truncatedTo(ChronoUnit.DAYS)
            .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      }

      @Override
      LocalDateTime next(LocalDateTime begin) {
        return begin.plusWeeks(1);
      }
    },
    MONTH("uuuu-MM") {
      @Override
      LocalDateTime begin(LocalDateTime time) {
        return LocalDate.of(time.getYear(), time.getMonth(), 1).atStartOfDay();
      }

      @Override
      LocalDateTime next(LocalDateTime begin) {
        return begin.plusMonths(1);
      }
    },
    YEAR("uuuu") {
      @Override
      LocalDateTime begin(LocalDateTime time) {
        return LocalDate.of(time.getYear(), 1, 1).atStartOfDay();
      }

      @Override
      LocalDateTime next(LocalDateTime begin) {
        return begin.plusYears(1);
      }
    },
    CENTURY("uuuu") {
      @Override
      LocalDateTime begin(LocalDateTime time) {
        return LocalDate.of(Math.floorDiv(time.getYear(), 100) * 100, 1, 1).atStartOfDay();
      }

      @Override
      LocalDateTime next(LocalDateTime begin) {
        return begin.plusYears(100);
      }
    },
    ALL("uuuu") {
      @Override
      LocalDateTime begin(LocalDateTime time) {
        return LocalDateTime.MIN;
      }

      @Override
      LocalDateTime next(LocalDateTime begin) {
        return LocalDateTime.MAX;
      }
    };

    private final DateTimeFormatter form;

    Step(String form) {
      this.form = DateTimeFormatter.ofPattern(form, Locale.ROOT);
    }

    /** The beginning of the step that a time is in. */
    abstract LocalDateTime begin(LocalDateTime time);

    abstract LocalDateTime next(LocalDateTime begin);

    private Step longer() {
      return switch (this) {
        case HOUR -> DAY;
        case DAY -> WEEK;
        case WEEK -> MONTH;
        case MONTH -> YEAR;
        case YEAR -> CENTURY;
        case CENTURY, ALL -> ALL;
      };
    }
  }

  /**
   * Entries of a step of time.
   *
   * @param name the time at which it begins
   */
  record Bucket(String name, long entries) {}

  private final ZoneId zone;
  private TreeMap<LocalDateTime, Long> counts = new TreeMap<>();
  private Step step = Step.HOUR;

  TimeBuckets(ZoneId zone) {
    this.zone = zone;
  }

  void add(Instant occurredAt) {
    counts.merge(step.begin(LocalDateTime.ofInstant(occurredAt, zone)), 1L, Long::sum);
    while (counts.size() > MAX_BUCKETS) {
      lengthen();
    }
  }

  private void lengthen() {
    step = step.longer();
    counts =
        counts.entrySet().stream()
            .collect(
                Collectors.toMap(
                    bucket -> step.begin(bucket.getKey()),
                    Map.Entry::getValue,
                    Long::sum,
                    TreeMap::new));
  }

  /** The step of {@link #bars}; known after they were asked for. */
  Step step() {
    return step;
  }

  /** Steps from the first entry to the last, those without entries too. */
  List<Bucket> bars() {
    List<Bucket> bars = tryBars();
    while (bars.size() > MAX_BARS) {
      lengthen();
      bars = tryBars();
    }
    return bars;
  }

  private List<Bucket> tryBars() {
    List<Bucket> bars = new ArrayList<>();
    if (counts.isEmpty()) {
      return bars;
    }
    LocalDateTime last = counts.lastKey();
    for (LocalDateTime at = counts.firstKey();
        !at.isAfter(last) && bars.size() <= MAX_BARS;
        at = step.next(at)) {
      bars.add(new Bucket(step.form.format(at), counts.getOrDefault(at, 0L)));
    }
    return bars;
  }
}
