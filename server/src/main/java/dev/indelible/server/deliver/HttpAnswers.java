package dev.indelible.server.deliver;

import dev.indelible.server.deliver.Delivery.Outcome;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.Header;
import org.jspecify.annotations.Nullable;

/** Meaning of a receiver's answer. */
public final class HttpAnswers {

  /** The longest time that a receiver is left alone because it says so. */
  public static final Duration MAX_RETRY_AFTER = Duration.ofDays(1);

  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

  private HttpAnswers() {}

  /**
   * The outcome of an attempt: 2xx arrived; 408, 425, 429 and 5xx may pass; everything else lasts.
   *
   * @param status of the answer
   * @param retryAfter how long the receiver wants to be left alone, or null
   * @param where the receiver, without credentials
   */
  public static Outcome outcome(int status, @Nullable Duration retryAfter, String where) {
    if (status >= 200 && status < 300) {
      return new Outcome.Arrived(where);
    }
    String problem = where + " answered " + status;
    if (status == 408 || status == 425 || status == 429 || status >= 500) {
      return new Outcome.Failed(problem, retryAfter);
    }
    if (status >= 300 && status < 400) {
      return new Outcome.Refused(problem + ": redirections are not followed");
    }
    return new Outcome.Refused(problem);
  }

  /** Reads {@code Retry-After} (RFC 9110, section 10.2.3); null when it is missing or no time. */
  public static @Nullable Duration retryAfter(@Nullable Header header, Instant now) {
    if (header == null || header.getValue() == null) {
      return null;
    }
    String value = header.getValue().strip();
    Duration wait;
    if (SECONDS.matcher(value).matches()) {
      wait = Duration.ofSeconds(Long.parseLong(value));
    } else {
      try {
        wait =
            Duration.between(
                now, ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
      } catch (DateTimeException _) {
        return null;
      }
    }
    return wait.isNegative()
        ? Duration.ZERO
        : wait.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : wait;
  }
}
