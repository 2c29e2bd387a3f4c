package dev.indelible.server.query;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads points in time of a query.
 *
 * @param now the moment that relative times start from
 * @param zone the zone of those that name none
 */
record TimeValue(Instant now, ZoneId zone) {

  private static final Pattern RELATIVE = Pattern.compile("-([0-9]{1,7})([smhdw])");
  private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
  private static final Pattern TIME =
      Pattern.compile(
          "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?(Z|[+-].+)?");

  /** The point, or nothing when {@code text} is none. */
  Optional<Instant> parse(String text) {
    Matcher relative = RELATIVE.matcher(text);
    String upper = text.toUpperCase(Locale.ROOT);
    Matcher time = TIME.matcher(upper);
    try {
      if (relative.matches()) {
        long amount = Long.parseLong(relative.group(1));
        return Optional.of(now.minus(unit(relative.group(2)).multipliedBy(amount)));
      } else if (DATE.matcher(text).matches()) {
        return Optional.of(LocalDate.parse(text).atStartOfDay(zone).toInstant());
      } else if (!time.matches()) {
        return Optional.empty();
      } else if (time.group(3) != null) {
        return Optional.of(OffsetDateTime.parse(upper).toInstant());
      }
      return Optional.of(LocalDateTime.parse(upper).atZone(zone).toInstant());
    } catch (DateTimeException | ArithmeticException notATime) {
      return Optional.empty();
    }
  }

  private static Duration unit(String letter) {
    return switch (letter) {
      case "s" -> Duration.ofSeconds(1);
      case "m" -> Duration.ofMinutes(1);
      case "h" -> Duration.ofHours(1);
      case "d" -> Duration.ofDays(1);
      case "w" -> Duration.ofDays(7);
      default -> throw new IllegalArgumentException(letter);
    };
  }
}
