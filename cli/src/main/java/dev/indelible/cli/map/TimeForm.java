package dev.indelible.cli.map;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** How a foreign log writes times. */
enum TimeForm {
  /** RFC 3339 with any offset, such as {@code 2026-11-20T10:00:00+09:00}. */
  RFC3339("rfc3339"),
  /** Seconds since 1970, whole or with a fraction. */
  EPOCH_SECONDS("epoch_s"),
  /** Milliseconds since 1970. */
  EPOCH_MILLIS("epoch_ms");

  private static final BigDecimal MILLIS = BigDecimal.valueOf(1000);

  /** About the year 9999 and its mirror image; beyond it no instant of a log lies. */
  private static final BigDecimal MAX_MILLIS = new BigDecimal("253402300799999");

  private final String yamlName;

  TimeForm(String yamlName) {
    this.yamlName = yamlName;
  }

  static Optional<TimeForm> named(String name) {
    for (TimeForm form : values()) {
      if (form.yamlName.equals(name)) {
        return Optional.of(form);
      }
    }
    return Optional.empty();
  }

  String yamlName() {
    return yamlName;
  }

  /** The instant, exact as written; empty when {@code node} is not of this form. */
  Optional<Instant> read(JsonNode node) {
    try {
      return switch (this) {
        case RFC3339 -> Optional.of(OffsetDateTime.parse(node.asString()).toInstant());
        case EPOCH_SECONDS -> ofMillis(new BigDecimal(node.asString()).multiply(MILLIS));
        case EPOCH_MILLIS -> ofMillis(new BigDecimal(node.asString()));
      };
    } catch (DateTimeException | NumberFormatException _) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> ofMillis(BigDecimal millis) {
    if (millis.abs().compareTo(MAX_MILLIS) > 0) {
      return Optional.empty();
    }
    BigDecimal[] parts = millis.divideAndRemainder(BigDecimal.ONE);
    return Optional.of(
        Instant.ofEpochMilli(parts[0].longValueExact())
            .plusNanos(parts[1].movePointRight(6).longValue()));
  }
}
