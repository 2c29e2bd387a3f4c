package dev.indelible.server.schedule;

import com.cronutils.model.Cron;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.indelible.server.schedule.CronException.Part;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Times of a cron expression in a zone.
 *
 * <p>The expression has five parts: minute, hour, day of the month, month, day of the week. When
 * both days are given, either is enough, as in crontab(5). {@code L} is the last day, {@code L-3}
 * three days before it, {@code 15W} the weekday nearest to the 15th, {@code LW} the last weekday,
 * {@code 5L} the last Friday, {@code 1#2} the second Monday.
 *
 * <p>The library reckons without a zone, which it does right; with one it loses days. Here its
 * times of the wall clock are laid on the zone's offsets, one stretch of an offset after another:
 *
 * <ul>
 *   <li>Times that the clock jumps over run once, at the first moment after the jump.
 *   <li>A time that comes twice runs the first time. Expressions of every hour run through the
 *       repeated hour, as through any other.
 * </ul>
 *
 * <p>Immutable and thread-safe.
 */
public final class CronTimes {

  /** The longest expression, in UTF-16 units. */
  public static final int MAX_LENGTH = 200;

  /** The longest that two times of an expression are apart: 29 February, around 2100. */
  private static final int MAX_GAP_YEARS = 9;

  /** Changes of the offset that are passed between two times, at most. */
  private static final int MAX_TRANSITIONS = 4 * MAX_GAP_YEARS;

  /** Readers disagree about whether that is each Saturday or Sunday, or the last one of a month. */
  private static final Pattern LAST_OF_NO_DAY = Pattern.compile("(^|,)L(,|$)");

  private static final List<Part> PARTS =
      List.of(Part.MINUTE, Part.HOUR, Part.DAY_OF_MONTH, Part.MONTH, Part.DAY_OF_WEEK);

  private static final CronDefinition FORM =
      CronDefinitionBuilder.defineCron()
          .withMinutes()
          .withStrictRange()
          .and()
          .withHours()
          .withStrictRange()
          .and()
          .withDayOfMonth()
          .supportsL()
          .supportsW()
          .supportsLW()
          .withStrictRange()
          .and()
          .withMonth()
          .withStrictRange()
          .and()
          .withDayOfWeek()
          .withValidRange(0, 7)
          .withMondayDoWValue(1)
          .withIntMapping(7, 0)
          .supportsHash()
          .supportsL()
          .withStrictRange()
          .and()
          .instance();

  private final Cron cron;
  private final ExecutionTime onTheWall;
  private final ZoneId zone;
  private final boolean everyHour;

  private CronTimes(Cron cron, ZoneId zone, boolean everyHour) {
    this.cron = cron;
    this.onTheWall = ExecutionTime.forCron(cron);
    this.zone = zone;
    this.everyHour = everyHour;
  }

  /**
   * Reads an expression.
   *
   * @throws CronException when it is none, or no time is ever meant by it
   */
  public static CronTimes of(String expression, ZoneId zone) {
    if (expression.length() > MAX_LENGTH) {
      throw CronException.of("It has at most " + MAX_LENGTH + " characters.");
    }
    List<String> written = List.of(expression.strip().toUpperCase(Locale.ROOT).split("\\s+", -1));
    if (written.size() != PARTS.size()) {
      throw CronException.of(
          "It has five parts, such as \"0 6 * * MON-FRI\": minute, hour, day of the month, month,"
              + " day of the week.");
    }
    CronParser parser = new CronParser(FORM);
    for (int i = 0; i < PARTS.size(); i++) {
      requirePart(parser, i, written.get(i));
    }
    Cron cron = parse(parser, String.join(" ", written)).orElseThrow();
    CronTimes times = new CronTimes(cron, zone, CronWords.isEveryHour(cron));
    if (times.onTheWall(LocalDateTime.of(2096, 3, 1, 0, 0)).isEmpty()) {
      throw CronException.of("There is no such day in any month.");
    }
    return times;
  }

  private static void requirePart(CronParser parser, int at, String written) {
    List<String> alone = new ArrayList<>(List.of("*", "*", "*", "*", "*"));
    alone.set(at, written);
    boolean alwaysLast =
        PARTS.get(at) == Part.DAY_OF_WEEK && LAST_OF_NO_DAY.matcher(written).find();
    if (alwaysLast || parse(parser, String.join(" ", alone)).isEmpty()) {
      throw CronException.of(PARTS.get(at), written);
    }
  }

  private static Optional<Cron> parse(CronParser parser, String expression) {
    try {
      return Optional.of(parser.parse(expression).validate());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The expression in words, such as {@code at 06:00, Monday to Friday}. */
  public String inWords(Locale language) {
    return new CronWords(cron, language).all();
  }

  /** The first times after a moment. */
  public List<Instant> next(Instant after, int count) {
    List<Instant> result = new ArrayList<>(count);
    Instant last = after;
    for (int i = 0; i < count; i++) {
      last = next(last);
      result.add(last);
    }
    return result;
  }

  /** The first time after a moment. */
  public Instant next(Instant after) {
    ZoneRules rules = zone.getRules();
    Instant from = after.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1); // inclusive
    for (int i = 0; i < MAX_TRANSITIONS; i++) {
      ZoneOffset offset = rules.getOffset(from);
      ZoneOffsetTransition end = rules.nextTransition(from);
      LocalDateTime wanted = onTheWall(begin(rules, from, offset)).orElseThrow();
      if (end == null || wanted.toEpochSecond(offset) < end.toEpochSecond()) {
        return wanted.toInstant(offset);
      }
      if (end.isGap() && wanted.isBefore(end.getDateTimeAfter())) {
        return end.getInstant();
      }
      from = end.getInstant();
    }
    throw new IllegalStateException("no time of " + cron.asString() + " after " + after);
  }

  /** The time on the wall at {@code from}, or, where that was passed before, when that is over. */
  private LocalDateTime begin(ZoneRules rules, Instant from, ZoneOffset offset) {
    LocalDateTime local = LocalDateTime.ofEpochSecond(from.getEpochSecond(), 0, offset);
    ZoneOffsetTransition last = rules.previousTransition(from.plusNanos(1));
    return !everyHour
            && last != null
            && last.isOverlap()
            && local.isBefore(last.getDateTimeBefore())
        ? last.getDateTimeBefore()
        : local;
  }

  private Optional<LocalDateTime> onTheWall(LocalDateTime from) {
    ZonedDateTime before = from.minusSeconds(1).atZone(ZoneOffset.UTC);
    return onTheWall.nextExecution(before).map(ZonedDateTime::toLocalDateTime);
  }
}
