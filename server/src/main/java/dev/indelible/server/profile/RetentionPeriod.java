package dev.indelible.server.profile;

import java.time.DateTimeException;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Time for which entries are kept: a period, or as long as the tenant exists.
 *
 * @param period a positive period of years, months and days, or null for the tenant's lifetime
 */
public record RetentionPeriod(@Nullable Period period) implements Comparable<RetentionPeriod> {

  /** Retention for as long as the tenant exists. */
  public static final RetentionPeriod LIFETIME = new RetentionPeriod(null);

  private static final String LIFETIME_NAME = "lifetime";

  public RetentionPeriod {
    if (period != null && (period.isNegative() || period.isZero())) {
      throw new IllegalArgumentException("a positive period, not " + period);
    }
  }

  /**
   * Reads {@code lifetime}, or an ISO 8601 period such as {@code P90D}, {@code P13M}, {@code P7Y}.
   *
   * @throws IllegalArgumentException when it is neither
   */
  public static RetentionPeriod parse(String text) {
    if (text.equals(LIFETIME_NAME)) {
      return LIFETIME;
    }
    try {
      return new RetentionPeriod(Period.parse(text));
    } catch (DateTimeException notAPeriod) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is neither lifetime nor a period such as P90D, P13M or P7Y",
          notAPeriod);
    }
  }

  /** The form that {@link #parse} reads. */
  public String jsonName() {
    return period == null ? LIFETIME_NAME : period.toString();
  }

  /** Orders by length, a month counted as a twelfth of a year of 365.25 days. */
  @Override
  public int compareTo(RetentionPeriod other) {
    return Double.compare(days(), other.days());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RetentionPeriod that && compareTo(that) == 0;
  }

  @Override
  public int hashCode() {
    return Double.hashCode(days());
  }

  private double days() {
    return period == null
        ? Double.POSITIVE_INFINITY
        : period.toTotalMonths() * (365.25 / 12) + period.get(ChronoUnit.DAYS);
  }
}
