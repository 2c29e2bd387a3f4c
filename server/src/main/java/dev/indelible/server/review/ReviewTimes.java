package dev.indelible.server.review;

import dev.indelible.server.control.ReviewProcess;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;

/** Times of reviews, in UTC: periods of the calendar, and what is due. */
public final class ReviewTimes {

  /** How long after it was due a review is overdue. */
  public static final Duration OVERDUE_AFTER = Duration.ofDays(7);

  /** The shortest time between two reviews, in days. */
  public static final int LEAST_DAYS = 1;

  /** The longest, in months. */
  public static final int MOST_MONTHS = 36;

  private static final int MOST_DAYS = 1_100;

  private ReviewTimes() {}

  /** How a review stands. */
  public enum State {
    UPCOMING,
    DUE,
    OVERDUE;

    /** The name in the API. */
    public String jsonName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The period of a text such as {@code P3M} or {@code P7D}; empty when it is none within bounds.
   */
  @SuppressWarnings("JavaPeriodGetDays") // months and days have bounds of their own
  public static Optional<Period> period(String text) {
    try {
      Period period = Period.parse(text);
      long months = period.toTotalMonths();
      boolean fits =
          months >= 0
              && months <= MOST_MONTHS
              && period.getDays() >= 0
              && period.getDays() <= MOST_DAYS
              && (months > 0 || period.getDays() >= LEAST_DAYS);
      return fits ? Optional.of(period) : Optional.empty();
    } catch (DateTimeParseException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  /** How a review stands at a time. */
  public static State state(ReviewProcess review, Instant now) {
    Instant due = review.when().due();
    if (due.isAfter(now)) {
      return State.UPCOMING;
    }
    return due.plus(OVERDUE_AFTER).isAfter(now) ? State.DUE : State.OVERDUE;
  }

  /** The next time after one that was done: the first in the row of due times that is to come. */
  public static Instant next(ReviewProcess.When when, Instant now) {
    Period period = period(when.every()).orElseThrow();
    Instant next = when.due();
    for (int times = 1; !next.isAfter(now); times++) {
      // Counted from the beginning, so that the last of a month stays the last of each.
      next = when.due().atZone(ZoneOffset.UTC).plus(period.multipliedBy(times)).toInstant();
    }
    return next.equals(when.due())
        ? when.due().atZone(ZoneOffset.UTC).plus(period).toInstant()
        : next;
  }
}
