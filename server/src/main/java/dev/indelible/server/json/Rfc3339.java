package dev.indelible.server.json;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;

/**
 * Times as RFC 3339 writes them, to the millisecond: {@code 2026-11-20T10:00:00.000Z}.
 *
 * <p>Read: a full date, {@code T} or {@code t} or a space, a time with seconds 00 to 59, a fraction
 * of 1 to 9 digits or none, and a zone ({@code Z}, {@code z} or an offset up to 18 hours). Digits
 * beyond the millisecond are cut off. Written: always in UTC with three digits.
 */
public final class Rfc3339 {

  /** {@link #parse} found no time. */
  public static final long NOT_A_TIME = Long.MIN_VALUE;

  private static final int SECONDS_PER_DAY = 86_400;
  private static final int MAX_OFFSET_HOURS = 18;
  private static final int MAX_FRACTION_DIGITS = 9;

  private static final int BYTES = 24;

  /** For years that need more than four digits, which RFC 3339 does not know. */
  private static final DateTimeFormatter FAR =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant AFTER_LAST = Instant.parse("+10000-01-01T00:00:00Z");

  private Rfc3339() {}

  /** Returns a time as text, with a sign before years that are not from 0 to 9999. */
  public static String format(Instant time) {
    if (time.isBefore(FIRST) || !time.isBefore(AFTER_LAST)) {
      return FAR.format(time);
    }
    byte[] text = new byte[BYTES];
    return new String(text, 0, write(time, text, 0), StandardCharsets.US_ASCII);
  }

  /** Milliseconds since the epoch, or {@link #NOT_A_TIME}. */
  public static long parse(String text) {
    int length = text.length();
    if (length < 20
        || text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || "Tt ".indexOf(text.charAt(10)) < 0
        || text.charAt(13) != ':'
        || text.charAt(16) != ':') {
      return NOT_A_TIME;
    }
    int year = digits(text, 0, 4);
    int month = digits(text, 5, 2);
    int day = digits(text, 8, 2);
    int hour = digits(text, 11, 2);
    int minute = digits(text, 14, 2);
    int second = digits(text, 17, 2);
    if ((year | month | day | hour | minute | second) < 0
        || hour > 23
        || minute > 59
        || second > 59) {
      return NOT_A_TIME;
    }
    int at = 19;
    int millis = 0;
    if (text.charAt(at) == '.') {
      int start = ++at;
      int unit = 100;
      while (at < length && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        millis += unit * (text.charAt(at++) - '0');
        unit /= 10;
      }
      if (at == start || at - start > MAX_FRACTION_DIGITS) {
        return NOT_A_TIME;
      }
    }
    int offsetSeconds = offsetSeconds(text, at);
    long epochDay = epochDay(year, month, day);
    if (offsetSeconds == Integer.MIN_VALUE || epochDay == NOT_A_TIME) {
      return NOT_A_TIME;
    }
    long seconds =
        epochDay * SECONDS_PER_DAY + hour * 3_600L + minute * 60L + second - offsetSeconds;
    return seconds * 1_000 + millis;
  }

  private static long epochDay(int year, int month, int day) {
    try {
      return LocalDate.of(year, month, day).toEpochDay();
    } catch (DateTimeException noSuchDay) {
      return NOT_A_TIME;
    }
  }

  private static int offsetSeconds(String text, int at) {
    int left = text.length() - at;
    if (left == 1 && (text.charAt(at) == 'Z' || text.charAt(at) == 'z')) {
      return 0;
    }
    if (left != 6 || text.charAt(at + 3) != ':') {
      return Integer.MIN_VALUE;
    }
    char sign = text.charAt(at);
    int hours = digits(text, at + 1, 2);
    int minutes = digits(text, at + 4, 2);
    if ((sign != '+' && sign != '-')
        || (hours | minutes) < 0
        || hours > MAX_OFFSET_HOURS
        || minutes > 59) {
      return Integer.MIN_VALUE;
    }
    int seconds = hours * 3_600 + minutes * 60;
    return sign == '-' ? -seconds : seconds;
  }

  /** The number that the digits make, or -1 when one is no digit. */
  private static int digits(String text, int from, int count) {
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

  /**
   * Writes a time of the years 0 to 9999 as 24 ASCII bytes.
   *
   * @return the index after the last byte written
   */
  public static int write(Instant time, byte[] into, int at) {
    long second = time.getEpochSecond();
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(second, (long) SECONDS_PER_DAY));
    int ofDay = (int) Math.floorMod(second, (long) SECONDS_PER_DAY);
    int year = date.getYear();
    if (year < 0 || year > 9_999) {
      throw new IllegalArgumentException("a year of four digits, not " + year);
    }
    two(into, at, year / 100);
    two(into, at + 2, year % 100);
    into[at + 4] = '-';
    two(into, at + 5, date.getMonthValue());
    into[at + 7] = '-';
    two(into, at + 8, date.getDayOfMonth());
    into[at + 10] = 'T';
    two(into, at + 11, ofDay / 3_600);
    into[at + 13] = ':';
    two(into, at + 14, ofDay / 60 % 60);
    into[at + 16] = ':';
    two(into, at + 17, ofDay % 60);
    into[at + 19] = '.';
    int millis = time.getNano() / 1_000_000;
    into[at + 20] = (byte) ('0' + millis / 100);
    two(into, at + 21, millis % 100);
    into[at + 23] = 'Z';
    return at + 24;
  }

  private static void two(byte[] into, int at, int number) {
    into[at] = (byte) ('0' + number / 10);
    into[at + 1] = (byte) ('0' + number % 10);
  }
}
