package dev.indelible.mapping;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.chrono.IsoEra;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A way to write times that a map spells out, in the letters of {@link DateTimeFormatter} and with
 * English names. Read strictly: no 30 February, no weekday that is not the date's. Thread-safe.
 */
final class TimePattern {

  private static final ZonedDateTime SAMPLE =
      ZonedDateTime.of(2026, 11, 20, 22, 30, 0, 0, ZoneId.of("UTC"));

  private final String pattern;
  private final DateTimeFormatter formatter;

  private TimePattern(String pattern, DateTimeFormatter formatter) {
    this.pattern = pattern;
    this.formatter = formatter;
  }

  /**
   * A date and time as a pattern read them.
   *
   * @param zone the offset or zone that stands there, or null
   */
  record Read(LocalDateTime local, @Nullable ZoneId zone) {}

  /**
   * The pattern written as {@code pattern}.
   *
   * @throws IllegalArgumentException when it does not give a date and a time; the message goes on a
   *     sentence whose subject is the pattern
   */
  static TimePattern of(String pattern) {
    if (hasNamesOfZones(pattern)) {
      throw new IllegalArgumentException(
          "reads names of zones, and some, such as IST and CST, mean several; put the name between"
              + " apostrophes and name the zone");
    }
    DateTimeFormatter formatter;
    try {
      formatter =
          new DateTimeFormatterBuilder()
              .parseCaseInsensitive()
              .appendPattern(pattern)
              .parseDefaulting(ChronoField.ERA, IsoEra.CE.getValue())
              .toFormatter(Locale.ENGLISH)
              .withResolverStyle(ResolverStyle.STRICT);
    } catch (IllegalArgumentException failure) {
      throw new IllegalArgumentException("is no pattern: " + failure.getMessage(), failure);
    }
    TimePattern made = new TimePattern(pattern, formatter);
    Read sample;
    try {
      sample = made.read(formatter.format(SAMPLE));
    } catch (DateTimeException _) {
      sample = null;
    }
    if (sample == null || !sample.local().equals(SAMPLE.toLocalDateTime())) {
      throw new IllegalArgumentException(
          "does not give a date and a time: it needs year, month, day, hour and minute");
    }
    return made;
  }

  /** Whether times of this form say their zone or offset. */
  boolean hasZone() {
    Read sample = read(formatter.format(SAMPLE));
    return sample != null && sample.zone() != null;
  }

  /** The time that {@code text} says; null when it is not of this form. */
  @Nullable Read read(String text) {
    try {
      TemporalAccessor parsed = formatter.parse(text);
      return new Read(LocalDateTime.from(parsed), parsed.query(TemporalQueries.zone()));
    } catch (DateTimeException _) {
      return null;
    }
  }

  private static boolean hasNamesOfZones(String pattern) {
    boolean quoted = false;
    for (int i = 0; i < pattern.length(); i++) {
      char letter = pattern.charAt(i);
      quoted ^= letter == '\'';
      if (!quoted && (letter == 'z' || letter == 'v')) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return pattern;
  }
}
