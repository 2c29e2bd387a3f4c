package dev.indelible.server.control;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The number of people who must agree before a person's data is erased from a tenant's log.
 *
 * @param takesTwo whether whoever approves a request is another than who received it, or waits
 * @param waitDays how many days a request waits that the same person received and approved, where
 *     nobody else of the tenant may approve it; null: {@link #DEFAULT_WAIT_DAYS}
 */
public record ErasureRule(boolean takesTwo, @Nullable Integer waitDays) {

  /** How many days a request waits where a tenant chose no other number. */
  public static final int DEFAULT_WAIT_DAYS = 7;

  /** The fewest days: somebody has to have looked at the overview meanwhile. */
  public static final int MIN_WAIT_DAYS = 1;

  /** The most days: a request is due within a month unless the tenant says otherwise. */
  public static final int MAX_WAIT_DAYS = 30;

  /** One person is enough: the rule of tenants that were created before there was another. */
  public static final ErasureRule ONE = new ErasureRule(false, null);

  /** Two are needed: the rule of new tenants. */
  public static final ErasureRule TWO = new ErasureRule(true, null);

  public ErasureRule {
    if (waitDays != null && (waitDays < MIN_WAIT_DAYS || waitDays > MAX_WAIT_DAYS)) {
      throw new IllegalArgumentException("a wait of " + waitDays + " days");
    }
  }

  /** How many days a request waits. */
  public int days() {
    return waitDays == null ? DEFAULT_WAIT_DAYS : waitDays;
  }

  /** The time that a request waits. */
  public Duration waits() {
    return Duration.ofDays(days());
  }

  /** Whether {@code other} asks for less: for one person instead of two, or for a shorter wait. */
  public boolean isWeakenedBy(ErasureRule other) {
    return (takesTwo && !other.takesTwo) || (takesTwo && other.days() < days());
  }
}
