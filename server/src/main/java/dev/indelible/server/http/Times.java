package dev.indelible.server.http;

import dev.indelible.server.event.Rfc3339;
import java.time.Instant;

/** Times in answers: RFC 3339 in UTC with milliseconds. Source: RFC 3339, section 5.6. */
final class Times {

  private Times() {}

  static String format(Instant instant) {
    return Rfc3339.format(instant);
  }
}
