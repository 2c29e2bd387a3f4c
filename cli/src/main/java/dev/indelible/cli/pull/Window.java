package dev.indelible.cli.pull;

import java.time.Duration;
import java.time.Instant;

/**
 * The part of a log that is read once more each time, since records may appear in it late.
 *
 * @param overlap how far back of the newest record that was seen
 */
public record Window(Duration overlap) {

  /** The overlap unless another one is asked for. */
  public static final Duration DEFAULT = Duration.ofHours(1);

  /** The least overlap. */
  public static final Duration LEAST = Duration.ofMinutes(1);

  /** The greatest overlap. */
  public static final Duration MOST = Duration.ofDays(7);

  public Window {
    if (overlap.compareTo(LEAST) < 0 || overlap.compareTo(MOST) > 0) {
      throw new PullException(
          PullException.Kind.WRONG,
          "--overlap must be from %s to %s, not %s".formatted(LEAST, MOST, overlap));
    }
  }

  /** The time from which the log is read when {@code newest} is the newest record of before. */
  Instant from(Instant newest) {
    return newest.minus(overlap);
  }
}
