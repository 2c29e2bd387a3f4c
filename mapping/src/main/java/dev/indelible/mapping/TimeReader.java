package dev.indelible.mapping;

import dev.indelible.mapping.form.FieldLimits;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the times of a foreign log in the forms that its map names, and in no other: a false time
 * would be proven for ever, so a time that is not of one of them, or means two, is unreadable.
 *
 * @param forms the named forms
 * @param patterns the forms that are spelled out
 * @param zone the zone of times that name none; null when there is to be no such time
 */
record TimeReader(List<TimeForm> forms, List<TimePattern> patterns, @Nullable ZoneId zone) {

  /**
   * The first year in which a count from 1970 is believed. Seconds that are read as milliseconds
   * fall before it, milliseconds that are read as seconds after {@link FieldLimits#MAX_YEAR}; so no
   * count is of two forms.
   */
  static final int FIRST_EPOCH_YEAR = 1980;

  /** Length to which a time that could not be read is quoted. */
  static final int MAX_QUOTED_LENGTH = 80;

  private static final Instant FIRST = startOf(FieldLimits.MIN_YEAR);
  private static final Instant END = startOf(FieldLimits.MAX_YEAR + 1);
  private static final BigDecimal FIRST_EPOCH_SECOND =
      BigDecimal.valueOf(startOf(FIRST_EPOCH_YEAR).getEpochSecond());
  private static final BigDecimal END_EPOCH_SECOND = BigDecimal.valueOf(END.getEpochSecond());
  private static final int NANO_DIGITS = 9;
  private static final long NANOS_OF_SECOND = 1_000_000_000;
  private static final long NANOS_OF_MILLI = 1_000_000;

  TimeReader {
    forms = List.copyOf(forms);
    patterns = List.copyOf(patterns);
  }

  /** Result of reading a time. */
  sealed interface Reading {

    /**
     * Time that was read.
     *
     * @param exact whether the instant, to the millisecond, says all that stood there: nothing
     *     finer, and nothing that only the map knows
     */
    record Read(Instant instant, boolean exact) implements Reading {}

    /** Time that could not be read; {@code why} is a clause about it. */
    record Unreadable(String why) implements Reading {}
  }

  /** The instant that {@code node} says. */
  Reading read(JsonNode node) {
    if (node.isContainer()) {
      return new Reading.Unreadable("is an object or a list");
    }
    String text = node.asString();
    Reading found = null;
    String problem = null;
    for (TimeForm form : forms) {
      Reading reading = form.isEpoch() ? epoch(form, node, text) : iso(text);
      switch (reading) {
        case null -> {}
        case Reading.Unreadable(String why) -> problem = why;
        case Reading.Read read -> found = both(found, read);
      }
    }
    for (TimePattern pattern : patterns) {
      TimePattern.Read parts = pattern.read(text);
      Reading reading = parts == null ? null : at(parts.local(), parts.zone(), false);
      switch (reading) {
        case null -> {}
        case Reading.Unreadable(String why) -> problem = why;
        case Reading.Read read -> found = both(found, read);
      }
    }
    if (found instanceof Reading.Read) {
      return found;
    }
    if (found instanceof Reading.Unreadable(String why)) {
      problem = why;
    }
    return new Reading.Unreadable(
        "\"%s\" %s".formatted(quoted(text), problem == null ? noneOf(text) : problem));
  }

  /** One of two readings of the same text when they are of one instant. */
  private static Reading both(@Nullable Reading one, Reading.Read other) {
    return switch (one) {
      case null -> other;
      case Reading.Unreadable no -> no;
      case Reading.Read(Instant instant, boolean exact) ->
          instant.equals(other.instant())
              ? new Reading.Read(instant, exact && other.exact())
              : new Reading.Unreadable(
                  "means %s and %s in two forms of the map".formatted(instant, other.instant()));
    };
  }

  private static @Nullable Reading epoch(TimeForm form, JsonNode node, String text) {
    return node.isIntegralNumber() && node.canConvertToLong()
        ? epoch(form, node.longValue())
        : epoch(form, text);
  }

  /** Reads as {@link #epoch(TimeForm, String)} does, of a count that needs no decimals. */
  private static @Nullable Reading epoch(TimeForm form, long count) {
    long unit = form.unitsOfSecond();
    long second = Math.floorDiv(count, unit);
    if (second < FIRST_EPOCH_SECOND.longValue() || second >= END_EPOCH_SECOND.longValue()) {
      return null;
    }
    long nanos = Math.floorMod(count, unit) * (NANOS_OF_SECOND / unit);
    return new Reading.Read(Instant.ofEpochSecond(second, nanos), nanos % NANOS_OF_MILLI == 0);
  }

  private static @Nullable Reading epoch(TimeForm form, String text) {
    Optional<BigDecimal> count = form.seconds(text);
    if (count.isEmpty()) {
      return null;
    }
    BigDecimal seconds = count.get();
    if (seconds.compareTo(FIRST_EPOCH_SECOND) < 0 || seconds.compareTo(END_EPOCH_SECOND) >= 0) {
      return null;
    }
    long whole = seconds.longValue();
    BigDecimal nanos = seconds.subtract(BigDecimal.valueOf(whole)).movePointRight(NANO_DIGITS);
    Instant instant =
        Instant.ofEpochSecond(whole, nanos.setScale(0, RoundingMode.DOWN).longValue());
    BigDecimal millis = seconds.movePointRight(3);
    boolean exact = millis.compareTo(millis.setScale(0, RoundingMode.DOWN)) == 0;
    return new Reading.Read(instant, exact);
  }

  private @Nullable Reading iso(String text) {
    IsoTime time = IsoTime.parse(text);
    return time == null ? null : at(time.local(), time.offset(), true);
  }

  /** The instant of a local time, in the zone that stands beside it or else in the map's. */
  private Reading at(LocalDateTime local, @Nullable ZoneId written, boolean exact) {
    ZoneId place = written == null ? zone : written;
    if (place == null) {
      return new Reading.Unreadable("names no zone, and neither does the map");
    }
    List<ZoneOffset> offsets = place.getRules().getValidOffsets(local);
    if (offsets.size() != 1) {
      return new Reading.Unreadable(
          "is a time that the clocks of %s show %s"
              .formatted(place, offsets.isEmpty() ? "never" : "twice"));
    }
    Instant instant = local.toInstant(offsets.getFirst());
    if (instant.isBefore(FIRST) || !instant.isBefore(END)) {
      return new Reading.Unreadable(
          "is not in the years %d to %d".formatted(FieldLimits.MIN_YEAR, FieldLimits.MAX_YEAR));
    }
    boolean fine = !instant.equals(instant.truncatedTo(ChronoUnit.MILLIS));
    return new Reading.Read(instant, exact && written != null && !fine);
  }

  /** Explains why a text matches none of the forms; a count is told of which form it is. */
  private String noneOf(String text) {
    String expected =
        Stream.concat(
                forms.stream().map(TimeForm::yamlName),
                patterns.stream().map(pattern -> "\"" + pattern + "\""))
            .collect(Collectors.joining(" or "));
    String hint =
        Arrays.stream(TimeForm.values())
            .filter(form -> form.isEpoch() && !forms.contains(form))
            .filter(form -> epoch(form, text) != null)
            .map(form -> ", but looks like " + form.yamlName())
            .findFirst()
            .orElse("");
    return "is not " + expected + hint;
  }

  private static String quoted(String text) {
    return text.length() > MAX_QUOTED_LENGTH ? text.substring(0, MAX_QUOTED_LENGTH) + "…" : text;
  }

  private static Instant startOf(int year) {
    return LocalDate.of(year, 1, 1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
