package dev.indelible.cli.pull;

import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Times in records and cursors. */
final class Times {

  private Times() {}

  /** A time in milliseconds since the epoch or as RFC 3339; null when it is none of these. */
  static @Nullable Instant of(JsonNode value) {
    try {
      if (value.isIntegralNumber() && value.canConvertToLong()) {
        return Instant.ofEpochMilli(value.longValue());
      }
      return value.isString() ? Instant.parse(value.stringValue()) : null;
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** The later of two times. */
  static Instant later(Instant one, @Nullable Instant other) {
    return other != null && other.isAfter(one) ? other : one;
  }

  /** A time of a cursor, or {@code otherwise} when it has none. */
  static Instant of(ObjectNode cursor, String field, Instant otherwise) {
    Instant time = of(cursor.path(field));
    return time == null ? otherwise : time;
  }
}
