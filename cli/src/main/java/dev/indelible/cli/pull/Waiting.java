package dev.indelible.cli.pull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The clock of a pull and its waits between attempts: as long as the other side says ({@code
 * Retry-After}, {@code X-RateLimit-Reset}), otherwise twice as long each time, both with a random
 * part.
 *
 * @param clock the time
 * @param random for the random part
 * @param pause waits
 * @param remarks is told of each wait, in words for people
 * @param giveUpAfter how long one request is repeated
 */
public record Waiting(
    InstantSource clock,
    RandomGenerator random,
    Pause pause,
    Consumer<String> remarks,
    Duration giveUpAfter) {

  /** The first wait when the other side says nothing. */
  static final Duration FIRST = Duration.ofSeconds(1);

  /** The longest wait when the other side says nothing. */
  static final Duration LONGEST = Duration.ofMinutes(5);

  /** The longest wait that the other side may ask for: GitHub counts by the hour. */
  static final Duration LONGEST_ASKED = Duration.ofMinutes(70);

  private static final long MAX_JITTER_MILLIS = 1_000;
  private static final int MAX_DOUBLINGS = 20;

  /** Waits for a duration. */
  @FunctionalInterface
  public interface Pause {
    void sleep(Duration duration) throws InterruptedException;
  }

  /**
   * The wait before the next attempt.
   *
   * @param attempt how many were made, from 1
   * @param asked the wait that the other side asks for, or empty
   */
  Duration before(int attempt, Optional<Duration> asked) {
    if (asked.isPresent()) {
      Duration most = asked.get().compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked.get();
      return most.plusMillis(random.nextLong(MAX_JITTER_MILLIS));
    }
    Duration full = FIRST.multipliedBy(1L << Math.min(attempt - 1, MAX_DOUBLINGS));
    long millis = Math.min(full.toMillis(), LONGEST.toMillis());
    return Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1));
  }

  /** The wait until a time in seconds since the epoch, as headers of rate limits have it. */
  Optional<Duration> untilEpochSecond(String text) {
    try {
      return Optional.of(until(Instant.ofEpochSecond(Long.parseLong(text.strip()))));
    } catch (NumberFormatException | java.time.DateTimeException e) {
      return Optional.empty();
    }
  }

  /** The wait of a {@code Retry-After}: seconds or an HTTP date (RFC 9110, section 10.2.3). */
  Optional<Duration> retryAfter(String text) {
    try {
      return Optional.of(Duration.ofSeconds(Math.clamp(Long.parseLong(text.strip()), 0, 1 << 20)));
    } catch (NumberFormatException e) {
      // Not seconds: a date, or nothing of use.
    }
    try {
      return Optional.of(
          until(
              ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant()));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private Duration until(Instant time) {
    Duration left = Duration.between(clock.instant(), time);
    return left.isNegative() ? Duration.ZERO : left;
  }
}
