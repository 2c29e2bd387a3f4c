package dev.indelible.server.stream;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Waits of a stream whose receiver fails: each twice as long as the one before, a bit random. */
final class SendBackoff {

  /** The wait after the first failure. */
  static final Duration FIRST = Duration.ofSeconds(1);

  /** The longest wait that is not a receiver's wish. */
  static final Duration LONGEST = Duration.ofMinutes(5);

  /** The longest wish that is granted. */
  static final Duration LONGEST_WISH = Duration.ofDays(1);

  /** The part of a wait that is left to chance, so that streams do not come all at once. */
  private static final double JITTER = 0.25;

  private SendBackoff() {}

  /**
   * The wait behind a failure.
   *
   * @param failures in a row, this one included
   * @param wish the least that the receiver asked for, or null
   */
  static Duration after(int failures, @Nullable Duration wish, RandomGenerator random) {
    long doubled = FIRST.toMillis() << Math.min(failures - 1, 20);
    long most = Math.min(doubled, LONGEST.toMillis());
    Duration wait = Duration.ofMillis((long) (most * (1 - JITTER * random.nextDouble())));
    if (wish == null || wish.compareTo(wait) <= 0) {
      return wait;
    }
    return wish.compareTo(LONGEST_WISH) > 0 ? LONGEST_WISH : wish;
  }
}
