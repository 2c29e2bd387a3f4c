package dev.indelible.cli.demo;

import dev.indelible.cli.demo.Draft.Trace;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/** Setting of one tenant's story: its calendar, its randomness and what happened so far. */
final class Stage {

  /** Length of the story, in days before now. */
  static final int DAYS = 90;

  private static final int OPENING_HOUR = 8;
  private static final int OFFICE_SECONDS = 10 * 60 * 60;
  private static final double WEEKEND_SHARE = 0.08;

  private final StoryTenant tenant;
  private final LocalDate today;
  private final Instant end;
  private final RandomGenerator random;
  private final List<Draft> drafts = new ArrayList<>();

  Stage(StoryTenant tenant, Instant end, RandomGenerator random) {
    this.tenant = tenant;
    this.end = end;
    this.today = LocalDate.ofInstant(end, ZoneOffset.UTC);
    this.random = random;
  }

  RandomGenerator random() {
    return random;
  }

  int number(int from, int to) {
    return random.nextInt(from, to);
  }

  <T> T any(List<T> items) {
    return items.get(random.nextInt(items.size()));
  }

  /** An event of the plot, {@code daysAgo} at {@code time} where {@code who} is. */
  Draft at(int daysAgo, String time, Person who, String action) {
    return draft(instant(date(daysAgo), LocalTime.parse(time), who), who, action);
  }

  /** The working day that is {@code daysAgo} or the last one before it. */
  int workday(int daysAgo) {
    int days = daysAgo;
    while (isWeekend(date(days))) {
      days++;
    }
    return days;
  }

  /** Source of everyday events. */
  @FunctionalInterface
  interface Routine {
    /** One everyday event of {@code who} at {@code at}. */
    Draft happen(Instant at, Person who);
  }

  /** Fills all days with about {@code perDay} everyday events each, few of them at weekends. */
  void everyday(int perDay, List<Person> people, List<Routine> routines) {
    for (int daysAgo = DAYS - 1; daysAgo >= 0; daysAgo--) {
      LocalDate date = date(daysAgo);
      double share = isWeekend(date) ? WEEKEND_SHARE : 0.75 + random.nextDouble() / 2;
      for (int i = 0; i < perDay * share; i++) {
        Person who = any(people);
        LocalTime time =
            LocalTime.of(OPENING_HOUR, 0)
                .plusSeconds(random.nextInt(OFFICE_SECONDS))
                .plusNanos(random.nextInt(1000) * 1_000_000L);
        any(routines).happen(instant(date, time, who), who);
      }
    }
  }

  Draft draft(Instant at, Person who, String action) {
    byte[] request = new byte[8];
    random.nextBytes(request);
    // One session per person, place and day: what makes a session's trail worth following.
    String session =
        who.type().equals("user")
            ? "s_"
                + Integer.toHexString(
                    (who.id() + who.place() + LocalDate.ofInstant(at, ZoneOffset.UTC)).hashCode())
            : null;
    Draft draft =
        new Draft(
            tenant,
            at,
            who,
            action,
            new Trace(session, "req_" + HexFormat.of().formatHex(request)));
    drafts.add(draft);
    return draft;
  }

  /** All that happened before the end, in no order. */
  List<Draft> happened() {
    return drafts.stream().filter(draft -> draft.at().isBefore(end)).toList();
  }

  private LocalDate date(int daysAgo) {
    return today.minusDays(daysAgo);
  }

  private static boolean isWeekend(LocalDate date) {
    return date.getDayOfWeek() == DayOfWeek.SATURDAY || date.getDayOfWeek() == DayOfWeek.SUNDAY;
  }

  private static Instant instant(LocalDate date, LocalTime time, Person who) {
    ZoneId zone = who.place() == null ? ZoneOffset.UTC : ZoneId.of(who.place().zone());
    return date.atTime(time).atZone(zone).toInstant();
  }
}
