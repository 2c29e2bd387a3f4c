package dev.indelible.server.schedule;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Waits between the attempts of a run: each twice as long as the one before, and a bit random. */
final class Backoff {

  /** The most attempts of a run; it is given up after the last. */
  static final int MAX_ATTEMPTS = 8;

  /** The wait after the first attempt. */
  static final Duration FIRST = Duration.ofMinutes(1);

  /** The longest wait that is not a receiver's wish. */
  static final Duration LONGEST = Duration.ofHours(1);

  /** Longer than any wait, a receiver's wish of a day included. */
  static final Duration MOST = Duration.ofHours(25);

  /** The part of a wait that is left to chance, so that schedules do not come all at once. */
  private static final double JITTER = 0.25;

  private final RandomGenerator random;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /**
   * The wait behind an attempt.
   *
   * @param attempt the one that failed, from 1
   * @param wish the least that the receiver asked for, or null
   */
  Duration after(int attempt, @Nullable Duration wish) {
    long doubled = FIRST.toMillis() << Math.min(attempt - 1, 20);
    long most = Math.min(doubled, LONGEST.toMillis());
    Duration wait = Duration.ofMillis((long) (most * (1 - JITTER * random.nextDouble())));
    return wish != null && wish.compareTo(wait) > 0 ? wish : wait;
  }
}
