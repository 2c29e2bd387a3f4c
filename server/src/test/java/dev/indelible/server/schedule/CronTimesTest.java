package dev.indelible.server.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.schedule.CronException.Part;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times of cron expressions: beside changes of the clock, in every month, and what is refused. */
class CronTimesTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /** Times on the wall, with their offsets, that an expression has between two local times. */
  private static List<String> times(String cron, ZoneId zone, String from, String to) {
    CronTimes times = CronTimes.of(cron, zone);
    List<String> result = new ArrayList<>();
    Instant end = LocalDateTime.parse(to).atZone(zone).toInstant();
    Instant at = times.next(LocalDateTime.parse(from).atZone(zone).toInstant().minusSeconds(1));
    while (at.isBefore(end)) {
      assertThat(result).hasSizeLessThan(1_000);
      ZonedDateTime there = at.atZone(zone);
      result.add(there.toLocalTime() + there.getOffset().getId());
      at = times.next(at);
    }
    return result;
  }

  @Test
  void aTimeThatANightLacksRunsOnceAtTheFirstMomentAfterTheJump() {
    assertThat(times("30 2 * * *", BERLIN, "2026-03-28T00:00", "2026-03-31T00:00"))
        .containsExactly("02:30+01:00", "03:00+02:00", "02:30+02:00");
    assertThat(times("0,15,30 2 * * *", BERLIN, "2026-03-29T00:00", "2026-03-30T00:00"))
        .containsExactly("03:00+02:00");
    assertThat(times("30 2,3 * * *", BERLIN, "2026-03-29T00:00", "2026-03-30T00:00"))
        .containsExactly("03:00+02:00", "03:30+02:00");
    assertThat(times("30 2 29 3 *", BERLIN, "2026-01-01T00:00", "2027-01-01T00:00"))
        .containsExactly("03:00+02:00");
  }

  @Test
  void aTimeThatANightHasTwiceRunsOnce() {
    assertThat(times("30 2 * * *", BERLIN, "2026-10-24T00:00", "2026-10-27T00:00"))
        .containsExactly("02:30+02:00", "02:30+02:00", "02:30+01:00");
    assertThat(times("0 2-4 * * *", BERLIN, "2026-10-25T00:00", "2026-10-26T00:00"))
        .containsExactly("02:00+02:00", "03:00+01:00", "04:00+01:00");
  }

  @Test
  void aTimeThatANightHasTwiceIsNotRunAgainByWhoeverAsksBetweenTheTwo() {
    CronTimes times = CronTimes.of("30 2 * * *", BERLIN);
    Instant second = Instant.parse("2026-10-25T01:10:00Z"); // 02:10 for the second time
    assertThat(times.next(second)).isEqualTo("2026-10-26T01:30:00Z");
  }

  @Test
  void whatRunsInEveryHourRunsInTheRepeatedOneToo() {
    assertThat(times("*/30 * * * *", BERLIN, "2026-10-25T01:30", "2026-10-25T03:30"))
        .containsExactly(
            "01:30+02:00",
            "02:00+02:00",
            "02:30+02:00",
            "02:00+01:00",
            "02:30+01:00",
            "03:00+01:00");
    assertThat(times("*/30 * * * *", BERLIN, "2026-03-29T01:30", "2026-03-29T04:00"))
        .containsExactly("01:30+01:00", "03:00+02:00", "03:30+02:00");
    assertThat(times("15 0-23 * * *", BERLIN, "2026-10-25T01:00", "2026-10-25T04:00"))
        .containsExactly("01:15+02:00", "02:15+02:00", "02:15+01:00", "03:15+01:00");
  }

  @ParameterizedTest
  @CsvSource({
    "Africa/Cairo,      2023-01-01, 2030-01-01",
    "America/Sao_Paulo, 2005-01-01, 2020-01-01",
    "Asia/Beirut,       2015-01-01, 2030-01-01",
    "America/Santiago,  2015-01-01, 2030-01-01",
    "Asia/Tehran,       2010-01-01, 2024-01-01",
    "Atlantic/Azores,   2015-01-01, 2030-01-01",
    "Australia/Lord_Howe, 2015-01-01, 2030-01-01",
    "Africa/Casablanca, 2018-01-01, 2030-01-01"
  })
  void midnightComesOnEveryDay(ZoneId zone, LocalDate from, LocalDate to) {
    CronTimes times = CronTimes.of("0 0 * * *", zone);
    Instant at = from.atStartOfDay(zone).toInstant().minusSeconds(1);
    for (LocalDate day = from; day.isBefore(to); day = day.plusDays(1)) {
      at = times.next(at);
      assertThat(at).isEqualTo(day.atStartOfDay(zone).toInstant());
    }
  }

  @Test
  void aDayThatAZoneNeverHadRunsAtTheBeginningOfTheNext() {
    ZoneId samoa = ZoneId.of("Pacific/Apia"); // without 30 December 2011
    assertThat(CronTimes.of("0 12 * * *", samoa).next(Instant.parse("2011-12-29T00:00:00Z"), 4))
        .containsExactly(
            Instant.parse("2011-12-29T22:00:00Z"), // 29 December
            Instant.parse("2011-12-30T10:00:00Z"), // 31 December, 00:00, for the 30th
            Instant.parse("2011-12-30T22:00:00Z"), // 31 December
            Instant.parse("2011-12-31T22:00:00Z"));
  }

  @Test
  void theLastDayIsThereInEveryMonth() {
    Instant at = Instant.parse("2023-12-31T23:59:59Z");
    CronTimes times = CronTimes.of("0 6 L * *", ZoneOffset.UTC);
    for (YearMonth month = YearMonth.of(2024, 1);
        month.isBefore(YearMonth.of(2033, 1));
        month = month.plusMonths(1)) {
      at = times.next(at);
      assertThat(at).isEqualTo(month.atEndOfMonth().atTime(6, 0).toInstant(ZoneOffset.UTC));
    }
  }

  @Test
  void theFewestDaysAreFoundHoweverFarTheyAreApart() {
    Instant after = Instant.parse("2096-03-01T00:00:00Z");
    assertThat(CronTimes.of("0 0 29 2 *", ZoneOffset.UTC).next(after))
        .isEqualTo("2104-02-29T00:00:00Z");
    assertThat(CronTimes.of("0 0 29 FEB *", BERLIN).next(after)).isEqualTo("2104-02-28T23:00:00Z");
    assertThat(CronTimes.of("0 12 L 2 *", BERLIN).next(after)).isEqualTo("2097-02-28T11:00:00Z");
  }

  @Test
  void eitherDayIsEnoughWhenBothAreGiven() {
    assertThat(
            CronTimes.of("0 0 13 * FRI", ZoneOffset.UTC)
                .next(Instant.parse("2026-01-01T12:00:00Z"), 4))
        .containsExactly(
            Instant.parse("2026-01-02T00:00:00Z"),
            Instant.parse("2026-01-09T00:00:00Z"),
            Instant.parse("2026-01-13T00:00:00Z"),
            Instant.parse("2026-01-16T00:00:00Z"));
  }

  /** A line of crontab(5) by its definition: a set of each part, minute by minute. */
  private record Definition(
      Set<Integer> minutes,
      Set<Integer> hours,
      Set<Integer> days,
      Set<Integer> months,
      Set<Integer> weekdays) {

    static Definition random(Random random) {
      return new Definition(
          some(random, 0, 59, 3),
          some(random, 0, 23, 3),
          some(random, 1, 31, 4),
          some(random, 1, 12, 5),
          some(random, 0, 6, 3));
    }

    private static Set<Integer> some(Random random, int least, int most, int count) {
      Set<Integer> result = new TreeSet<>();
      if (random.nextInt(3) > 0) {
        for (int i = 0; i <= random.nextInt(count); i++) {
          result.add(random.nextInt(least, most + 1));
        }
      }
      return result;
    }

    String written() {
      List<String> parts = new ArrayList<>();
      for (Set<Integer> part : List.of(minutes, hours, days, months, weekdays)) {
        parts.add(
            part.isEmpty() ? "*" : String.join(",", part.stream().map(String::valueOf).toList()));
      }
      return String.join(" ", parts);
    }

    private static boolean in(Set<Integer> part, int value) {
      return part.isEmpty() || part.contains(value);
    }

    private boolean meansDay(LocalDateTime at) {
      int weekday = at.getDayOfWeek() == DayOfWeek.SUNDAY ? 0 : at.getDayOfWeek().getValue();
      boolean day =
          (days.isEmpty() || weekdays.isEmpty())
              ? in(days, at.getDayOfMonth()) && in(weekdays, weekday)
              : days.contains(at.getDayOfMonth()) || weekdays.contains(weekday);
      return day && in(months, at.getMonthValue());
    }

    /** The first minute after one that is meant. */
    LocalDateTime next(LocalDateTime after) {
      LocalDateTime at = after.plusMinutes(1);
      while (true) {
        if (!meansDay(at)) {
          at = at.toLocalDate().plusDays(1).atStartOfDay();
        } else if (in(minutes, at.getMinute()) && in(hours, at.getHour())) {
          return at;
        } else {
          at = at.plusMinutes(1);
        }
      }
    }
  }

  @Test
  void randomExpressionsMeanWhatTheirDefinitionSays() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 60; i++) {
      Definition definition = Definition.random(random);
      LocalDateTime at =
          LocalDateTime.of(2026, 1, 1, 0, 0).plusMinutes(random.nextInt(3 * 365 * 24 * 60));
      CronTimes times;
      try {
        times = CronTimes.of(definition.written(), ZoneOffset.UTC);
      } catch (CronException e) {
        assertThat(definition.days()).as(definition.written()).isNotEmpty();
        continue; // such as 31 April
      }
      for (int next = 0; next < 3; next++) {
        LocalDateTime found =
            LocalDateTime.ofInstant(times.next(at.toInstant(ZoneOffset.UTC)), ZoneOffset.UTC);
        LocalDateTime wanted = definition.next(at);
        assertThat(found)
            .as("%s after %s, seed %d", definition.written(), at, seed)
            .isEqualTo(wanted);
        at = found;
      }
    }
  }

  @Test
  void timesGoForwardInEveryZone() {
    for (String name : List.of("Europe/Berlin", "Africa/Cairo", "Australia/Lord_Howe", "UTC")) {
      for (String cron : List.of("*/7 * * * *", "30 2 * * *", "0 */5 * * *")) {
        CronTimes times = CronTimes.of(cron, ZoneId.of(name));
        Instant last = Instant.parse("2026-03-28T00:00:00Z");
        for (int i = 0; i < 500; i++) {
          Instant next = times.next(last);
          assertThat(next).isAfter(last);
          assertThat(Duration.between(last, next)).isLessThan(Duration.ofHours(26));
          last = next;
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "60 * * * *, MINUTE",
    "*/0 * * * *, MINUTE",
    "5-1 * * * *, MINUTE",
    "x * * * *, MINUTE",
    "0 24 * * *, HOUR",
    "0 0 0 * *, DAY_OF_MONTH",
    "0 0 32 * *, DAY_OF_MONTH",
    "0 0 ? * *, DAY_OF_MONTH",
    "0 0 1 13 *, MONTH",
    "0 0 1 FOO *, MONTH",
    "0 0 * * 8, DAY_OF_WEEK",
    "0 0 * * L, DAY_OF_WEEK",
    "0 0 * * FRI-MON, DAY_OF_WEEK",
    "0 0 * *, WHOLE",
    "0 0 0 * * *, WHOLE",
    "@daily, WHOLE",
    "'', WHOLE"
  })
  void whatIsNoExpressionIsRefusedByNamingThePart(String cron, Part part) {
    assertThatThrownBy(() -> CronTimes.of(cron, BERLIN))
        .asInstanceOf(InstanceOfAssertFactories.type(CronException.class))
        .extracting(CronException::part)
        .isEqualTo(part);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 0 30 2 *", "0 0 31 2,4,6,9,11 *", "0 0 30,31 FEB *", "0 0 * * 1#6"})
  void aDayThatNoMonthHasIsRefused(String cron) {
    assertThatThrownBy(() -> CronTimes.of(cron, BERLIN))
        .isInstanceOf(CronException.class)
        .hasMessage("There is no such day in any month.");
  }

  @Test
  void anExpressionThatIsTooLongIsRefused() {
    String longest = "0" + ",0".repeat((CronTimes.MAX_LENGTH - 9) / 2) + " 0 * * *";
    assertThat(CronTimes.of(longest, BERLIN).inWords(Locale.ENGLISH))
        .isEqualTo("at 00:00, every day");
    assertThatThrownBy(() -> CronTimes.of(longest + " ".repeat(2), BERLIN))
        .hasMessage("It has at most 200 characters.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 6 * * * | at 06:00, every day | um 06:00, jeden Tag",
        "0 6,18 * * MON-FRI | at 06:00 and 18:00, on Monday to Friday | um 06:00 und 18:00, jeden"
            + " Montag bis Freitag",
        "*/30 * * * * | every 30 minutes | alle 30 Minuten",
        "* * * * * | every minute | jede Minute",
        "15 * * * * | at minute 15 of the hour | zur Minute 15 der Stunde",
        "*/7 9-17 * * * | at minute 0, 7, 14, 21, 28, 35, 42, 49 and 56 of the hour, in the hours 9"
            + " to 17, every day | zur Minute 0, 7, 14, 21, 28, 35, 42, 49 und 56 der Stunde, in"
            + " den Stunden 9 bis 17, jeden Tag",
        "0 0 L * * | at 00:00, on the last day of the month | um 00:00, am letzten Tag des Monats",
        "0 0 L-3 * * | at 00:00, 3 days before the last day of the month | um 00:00, 3 Tage vor dem"
            + " letzten Tag des Monats",
        "0 0 LW * * | at 00:00, on the last day of the month from Monday to Friday | um 00:00, am"
            + " letzten Tag des Monats von Montag bis Freitag",
        "0 0 15W * * | at 00:00, on the day from Monday to Friday nearest to day 15 of the month |"
            + " um 00:00, am Tag von Montag bis Freitag, der dem Tag 15 des Monats am nächsten"
            + " liegt",
        "0 0 1,15 1-3 * | at 00:00, on days 1 and 15 of the month, in January to March | um 00:00,"
            + " an den Tagen 1 und 15 des Monats, im Januar bis März",
        "0 0 * * 5L | at 00:00, on the last Friday of the month | um 00:00, am letzten Freitag des"
            + " Monats",
        "0 0 * * sun#2 | at 00:00, on the second Sunday of the month | um 00:00, am zweiten Sonntag"
            + " des Monats",
        "0 0 13 * 5 | at 00:00, on day 13 of the month, and on Friday | um 00:00, am Tag 13 des"
            + " Monats, und jeden Freitag",
        "0 0 * * 0,7,6 | at 00:00, on Saturday and Sunday | um 00:00, jeden Samstag und Sonntag"
      })
  void anExpressionIsSaidInWords(String cron, String english, String german) {
    CronTimes times = CronTimes.of(cron, BERLIN);
    assertThat(times.inWords(Locale.ENGLISH)).isEqualTo(english);
    assertThat(times.inWords(Locale.GERMANY)).isEqualTo(german);
    assertThat(times.inWords(Locale.FRENCH)).isEqualTo(english);
  }
}
