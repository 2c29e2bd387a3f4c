package dev.indelible.cli.client;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * How long to wait before something is asked again: as long as the server says, otherwise twice as
 * long each time, with a random part so that many clients do not come back together.
 *
 * @param first the first wait
 * @param longest the longest wait, also when the server asks for more
 * @param giveUpAfter how long one request is repeated before it counts as failed
 */
public record RetryPolicy(Duration first, Duration longest, Duration giveUpAfter) {

  /** A quarter of a second to half a minute, for five minutes. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(Duration.ofMillis(250), Duration.ofSeconds(30), Duration.ofMinutes(5));

  /** Answers that say "not now": too many requests, bad gateway, unavailable, gateway timeout. */
  private static final Set<Integer> NOT_NOW = Set.of(429, 502, 503, 504);

  /** Doubling more often than this would overflow. */
  private static final int MAX_DOUBLINGS = 20;

  /** Whether an answer with this status may be asked for again. */
  static boolean isNotNow(int status) {
    return NOT_NOW.contains(status);
  }

  /**
   * The wait before attempt {@code attempt + 1}.
   *
   * @param attempt how many were made, from 1
   * @param retryAfter the server's {@code Retry-After} (seconds or an HTTP date), or empty
   */
  Duration waitAfter(
      int attempt, Optional<String> retryAfter, Instant now, RandomGenerator random) {
    Optional<Duration> asked = retryAfter.flatMap(text -> parse(text, now));
    if (asked.isPresent()) {
      return asked.get().compareTo(longest) > 0 ? longest : asked.get();
    }
    Duration full = first.multipliedBy(1L << Math.min(attempt - 1, MAX_DOUBLINGS));
    long millis = Math.min(full.toMillis(), longest.toMillis());
    return Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1));
  }

  private static Optional<Duration> parse(String text, Instant now) {
    try {
      return Optional.of(Duration.ofSeconds(Math.max(0, Long.parseLong(text.strip()))));
    } catch (NumberFormatException _) {
      // Not seconds; RFC 9110 allows a date too.
    }
    try {
      Instant at =
          ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(at.isBefore(now) ? Duration.ZERO : Duration.between(now, at));
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }
}
