package dev.indelible.server.schedule;

import com.cronutils.model.Cron;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.expression.Always;
import com.cronutils.model.field.expression.And;
import com.cronutils.model.field.expression.Between;
import com.cronutils.model.field.expression.Every;
import com.cronutils.model.field.expression.FieldExpression;
import com.cronutils.model.field.expression.On;
import com.cronutils.model.field.value.FieldValue;
import com.cronutils.model.field.value.SpecialChar;
import java.text.MessageFormat;
import java.time.DayOfWeek;
import java.time.Month;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.ResourceBundle;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A cron expression in words, in English or German. Used by one thread. */
final class CronWords {

  /** Times of a day that are said one by one, at most. */
  private static final int MAX_TIMES = 6;

  /** Numbers in a row that are said as a range. */
  private static final int MIN_RANGE = 3;

  private static final int MINUTES = 60;
  private static final int HOURS = 24;
  private static final int DAYS = 31;
  private static final int MONTHS = 12;
  private static final int WEEKDAYS = 7;

  private final Cron cron;
  private final Locale language;
  private final ResourceBundle texts;

  CronWords(Cron cron, Locale language) {
    this.cron = cron;
    this.language = language.getLanguage().equals("de") ? Locale.GERMAN : Locale.ENGLISH;
    this.texts =
        ResourceBundle.getBundle(
            "dev.indelible.server.schedule.cron",
            this.language,
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
  }

  /** Whether it is about every hour of its days. */
  static boolean isEveryHour(Cron cron) {
    return values(expression(cron, CronFieldName.HOUR), 0, HOURS - 1).size() == HOURS;
  }

  String all() {
    List<String> parts = new ArrayList<>();
    parts.add(time());
    parts.add(days());
    NavigableSet<Integer> months = values(expression(cron, CronFieldName.MONTH), 1, MONTHS);
    if (months.size() < MONTHS) {
      parts.add(text("months", listed(months, this::month)));
    }
    return parts.stream().filter(part -> !part.isEmpty()).collect(Collectors.joining(", "));
  }

  // ---- The time of the day.

  private String time() {
    NavigableSet<Integer> minutes = values(expression(cron, CronFieldName.MINUTE), 0, MINUTES - 1);
    NavigableSet<Integer> hours = values(expression(cron, CronFieldName.HOUR), 0, HOURS - 1);
    if (hours.size() < HOURS && minutes.size() * hours.size() <= MAX_TIMES) {
      List<String> times = new ArrayList<>();
      hours.forEach(hour -> minutes.forEach(minute -> times.add(clock(hour, minute))));
      return text("at", joined(times));
    }
    int step = step(minutes);
    String often =
        minutes.size() == MINUTES
            ? text("every_minute")
            : step > 0
                ? text("every_minutes", step)
                : text("minutes", listed(minutes, String::valueOf));
    return hours.size() == HOURS
        ? often
        : often + ", " + text("hours", listed(hours, String::valueOf));
  }

  private static String clock(int hour, int minute) {
    return String.format(Locale.ROOT, "%02d:%02d", hour, minute);
  }

  /** The step of minutes that follow each other evenly around the hour, or 0. */
  private static int step(NavigableSet<Integer> minutes) {
    int count = minutes.size();
    if (count < 2 || MINUTES % count != 0 || minutes.first() != 0) {
      return 0;
    }
    int step = MINUTES / count;
    return minutes.stream().allMatch(minute -> minute % step == 0) ? step : 0;
  }

  // ---- The days.

  private String days() {
    FieldExpression ofMonth = expression(cron, CronFieldName.DAY_OF_MONTH);
    FieldExpression ofWeek = expression(cron, CronFieldName.DAY_OF_WEEK);
    boolean anyOfMonth = ofMonth instanceof Always;
    boolean anyOfWeek = ofWeek instanceof Always;
    if (anyOfMonth && anyOfWeek) {
      return isSaidByItself() ? "" : text("every_day");
    }
    if (anyOfWeek) {
      return daysOfMonth(ofMonth);
    }
    return anyOfMonth
        ? daysOfWeek(ofWeek)
        : text("either", daysOfMonth(ofMonth), daysOfWeek(ofWeek));
  }

  /** Expressions of every hour need not say that they are of every day. */
  private boolean isSaidByItself() {
    return isEveryHour(cron);
  }

  private String daysOfMonth(FieldExpression expression) {
    List<String> parts = new ArrayList<>();
    NavigableSet<Integer> plain = new TreeSet<>();
    for (FieldExpression one : each(expression)) {
      if (one instanceof On on && special(on) != SpecialChar.NONE) {
        parts.add(specialDay(on));
      } else {
        plain.addAll(values(one, 1, DAYS));
      }
    }
    if (!plain.isEmpty()) {
      parts.addFirst(text("days_of_month", plain.size(), listed(plain, String::valueOf)));
    }
    return joined(parts);
  }

  private String specialDay(On on) {
    int number = number(on.getTime());
    return switch (special(on)) {
      case LW -> text("last_workday");
      case W -> text("nearest_workday", number);
      case L ->
          number(on.getNth()) > 0 ? text("before_last", number(on.getNth())) : text("last_day");
      case HASH, QUESTION_MARK, NONE -> on.asString();
    };
  }

  private String daysOfWeek(FieldExpression expression) {
    List<String> parts = new ArrayList<>();
    NavigableSet<Integer> plain = new TreeSet<>(); // 0 is Monday
    for (FieldExpression one : each(expression)) {
      if (one instanceof On on && special(on) == SpecialChar.HASH) {
        parts.add(
            text(
                "nth_weekday",
                text("nth." + number(on.getNth())),
                weekday(fromMonday(number(on.getTime())))));
      } else if (one instanceof On on && special(on) == SpecialChar.L) {
        int day = number(on.getTime());
        parts.add(text("last_weekday", weekday(fromMonday(Math.max(day, 0)))));
      } else {
        values(one, 0, WEEKDAYS).forEach(day -> plain.add(fromMonday(day)));
      }
    }
    if (!plain.isEmpty()) {
      parts.addFirst(
          plain.size() == WEEKDAYS
              ? text("every_day")
              : text("weekdays", listed(plain, this::weekday)));
    }
    return joined(parts);
  }

  private static int fromMonday(int day) {
    return (day + WEEKDAYS - 1) % WEEKDAYS;
  }

  private String weekday(int fromMonday) {
    return DayOfWeek.of(fromMonday + 1).getDisplayName(TextStyle.FULL_STANDALONE, language);
  }

  private String month(int month) {
    return Month.of(month).getDisplayName(TextStyle.FULL_STANDALONE, language);
  }

  // ---- Expressions as sets of numbers.

  private static FieldExpression expression(Cron cron, CronFieldName field) {
    return cron.retrieve(field).getExpression();
  }

  private static List<FieldExpression> each(FieldExpression expression) {
    return expression instanceof And and ? and.getExpressions() : List.of(expression);
  }

  private static SpecialChar special(On on) {
    return on.getSpecialChar().getValue();
  }

  private static int number(FieldValue<?> value) {
    return value.getValue() instanceof Integer number ? number : 0;
  }

  private static NavigableSet<Integer> values(FieldExpression expression, int least, int most) {
    NavigableSet<Integer> found = new TreeSet<>();
    for (FieldExpression one : each(expression)) {
      switch (one) {
        case Every every -> found.addAll(stepped(every, least, most));
        case Between between ->
            addAll(found, number(between.getFrom()), number(between.getTo()), 1);
        case On on -> found.add(number(on.getTime()));
        default -> addAll(found, least, most, 1); // every value
      }
    }
    return found;
  }

  private static NavigableSet<Integer> stepped(Every every, int least, int most) {
    NavigableSet<Integer> found = new TreeSet<>();
    int period = Math.max(1, number(every.getPeriod()));
    switch (every.getExpression()) {
      case Between between ->
          addAll(found, number(between.getFrom()), number(between.getTo()), period);
      case On on -> addAll(found, number(on.getTime()), most, period);
      default -> addAll(found, least, most, period);
    }
    return found;
  }

  private static void addAll(NavigableSet<Integer> to, int from, int through, int step) {
    IntStream.iterate(from, value -> value <= through, value -> value + step).forEach(to::add);
  }

  // ---- Words.

  private String listed(NavigableSet<Integer> numbers, IntFunction<String> word) {
    List<String> parts = new ArrayList<>();
    List<Integer> all = List.copyOf(numbers);
    int from = 0;
    while (from < all.size()) {
      int to = from;
      while (to + 1 < all.size() && all.get(to + 1) == all.get(to) + 1) {
        to++;
      }
      if (to - from + 1 >= MIN_RANGE) {
        parts.add(text("range", word.apply(all.get(from)), word.apply(all.get(to))));
        from = to + 1;
      } else {
        parts.add(word.apply(all.get(from++)));
      }
    }
    return joined(parts);
  }

  private String joined(List<String> parts) {
    if (parts.size() < 2) {
      return parts.isEmpty() ? "" : parts.getFirst();
    }
    return text("and", String.join(", ", parts.subList(0, parts.size() - 1)), parts.getLast());
  }

  private String text(String key, Object... values) {
    return new MessageFormat(texts.getString(key), language).format(values);
  }
}
