package dev.indelible.mapping;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * A date and time as <a href="https://www.rfc-editor.org/rfc/rfc3339">RFC 3339</a> writes it, and
 * as its near relatives do whose meaning is as certain: a blank in place of {@code T}, no seconds,
 * a comma before the fraction, a blank before the offset, an offset without colon or minutes.
 *
 * @param local the date and time that stand there, to the nanosecond
 * @param offset the offset from UTC that stands there, or null when there is none
 */
record IsoTime(LocalDateTime local, @Nullable ZoneOffset offset) {

  /** The most digits of a fraction; an instant holds no more. */
  static final int MAX_FRACTION_DIGITS = 9;

  /** The greatest offset from UTC, in hours; no zone has ever been further away. */
  static final int MAX_OFFSET_HOURS = 18;

  private static final int DATE_AND_MINUTES = 16;
  private static final long SECONDS_OF_DAY = 86_400;

  /**
   * An instant in UTC as {@link Instant#toString} writes it once what is finer than a millisecond
   * is gone: with three digits of a fraction, or none.
   *
   * @param instant of the years 0 to 9999
   */
  static String inMillis(Instant instant) {
    long second = instant.getEpochSecond();
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(second, SECONDS_OF_DAY));
    int ofDay = (int) Math.floorMod(second, SECONDS_OF_DAY);
    int millis = instant.getNano() / 1_000_000;
    byte[] text = new byte[millis == 0 ? DATE_AND_MINUTES + 4 : DATE_AND_MINUTES + 8];
    number(text, 0, 4, date.getYear());
    text[4] = '-';
    number(text, 5, 2, date.getMonthValue());
    text[7] = '-';
    number(text, 8, 2, date.getDayOfMonth());
    text[10] = 'T';
    number(text, 11, 2, ofDay / 3600);
    text[13] = ':';
    number(text, 14, 2, ofDay / 60 % 60);
    text[16] = ':';
    number(text, 17, 2, ofDay % 60);
    if (millis > 0) {
      text[19] = '.';
      number(text, 20, 3, millis);
    }
    text[text.length - 1] = 'Z';
    return new String(text, StandardCharsets.US_ASCII);
  }

  private static void number(byte[] text, int at, int digits, int number) {
    int rest = number;
    for (int i = at + digits - 1; i >= at; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  /** The time that is written as {@code text}; null when it is none. */
  static @Nullable IsoTime parse(String text) {
    if (text.length() < DATE_AND_MINUTES
        || text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || "Tt ".indexOf(text.charAt(10)) < 0
        || text.charAt(13) != ':') {
      return null;
    }
    int at = DATE_AND_MINUTES;
    int second = 0;
    int nano = 0;
    if (is(text, at, ":")) {
      second = digits(text, at + 1, 2);
      at += 3;
      if (is(text, at, ".,")) {
        int start = ++at;
        while (at < text.length() && Character.digit(text.charAt(at), 10) >= 0) {
          at++;
        }
        nano = nano(text, start, at);
      }
    }
    String zone = text.substring(Math.min(at, text.length()));
    ZoneOffset offset = zone.isEmpty() ? null : offset(zone);
    int year = digits(text, 0, 4);
    if ((year | second | nano) < 0 || (offset == null && !zone.isEmpty())) {
      return null;
    }
    try {
      return new IsoTime(
          LocalDateTime.of(
              year,
              digits(text, 5, 2),
              digits(text, 8, 2),
              digits(text, 11, 2),
              digits(text, 14, 2),
              second,
              nano),
          offset);
    } catch (DateTimeException _) {
      return null;
    }
  }

  /** {@code Z}, {@code +hh:mm}, {@code +hhmm} or {@code +hh}, after a blank or not; else null. */
  private static @Nullable ZoneOffset offset(String written) {
    String text = written.startsWith(" ") ? written.substring(1) : written;
    if (text.equals("Z") || text.equals("z")) {
      return ZoneOffset.UTC;
    }
    boolean hasColon = text.length() == 6 && text.charAt(3) == ':';
    if (!is(text, 0, "+-") || !(hasColon || text.length() == 5 || text.length() == 3)) {
      return null;
    }
    int hours = digits(text, 1, 2);
    int minutes = text.length() == 3 ? 0 : digits(text, hasColon ? 4 : 3, 2);
    int total = hours * 60 + minutes;
    if ((hours | minutes) < 0 || minutes > 59 || total > MAX_OFFSET_HOURS * 60) {
      return null;
    }
    return ZoneOffset.ofTotalSeconds((text.charAt(0) == '-' ? -total : total) * 60);
  }

  private static int nano(String text, int start, int end) {
    int count = end - start;
    if (count == 0 || count > MAX_FRACTION_DIGITS) {
      return -1;
    }
    int nano = digits(text, start, count);
    for (int i = count; i < MAX_FRACTION_DIGITS && nano > 0; i++) {
      nano *= 10;
    }
    return nano;
  }

  private static boolean is(String text, int at, String oneOf) {
    return at < text.length() && oneOf.indexOf(text.charAt(at)) >= 0;
  }

  /** The number that the ASCII digits make, or -1 when one is missing or no digit. */
  private static int digits(String text, int from, int count) {
    if (from + count > text.length()) {
      return -1;
    }
    int number = 0;
    for (int i = from; i < from + count; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }
}
