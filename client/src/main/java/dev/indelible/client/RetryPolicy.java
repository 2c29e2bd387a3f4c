package dev.indelible.client;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The waits between attempts: as long as the server says ({@code Retry-After}), otherwise twice as
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

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int BAD_GATEWAY = 502;
  private static final int UNAVAILABLE = 503;
  private static final int GATEWAY_TIMEOUT = 504;

  /** Doubling more often than this would overflow. */
  private static final int MAX_DOUBLINGS = 20;

  /** Whether an answer with this status says "not now". */
  static boolean isNotNow(int status) {
    return isNotDone(status) || status == BAD_GATEWAY || status == GATEWAY_TIMEOUT;
  }

  /** Whether an answer with this status says "not now" and that nothing was done. */
  static boolean isNotDone(int status) {
    return status == TOO_MANY_REQUESTS || status == UNAVAILABLE;
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
    } catch (NumberFormatException e) {
      // Not seconds; RFC 9110 allows a date too.
    }
    try {
      Instant at =
          ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(at.isBefore(now) ? Duration.ZERO : Duration.between(now, at));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
