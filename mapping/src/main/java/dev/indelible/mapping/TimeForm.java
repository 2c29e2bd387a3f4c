package dev.indelible.mapping;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** A way to write times that a map can name. */
enum TimeForm {
  /** See {@link IsoTime}. */
  RFC3339("rfc3339", 0),
  /** Seconds since 1970, whole or with a fraction. */
  EPOCH_SECONDS("epoch_s", 0),
  /** Milliseconds since 1970. */
  EPOCH_MILLIS("epoch_ms", 3),
  /** Microseconds since 1970. */
  EPOCH_MICROS("epoch_us", 6),
  /** Nanoseconds since 1970. */
  EPOCH_NANOS("epoch_ns", 9);

  /** Most characters of a number; no instant needs more. */
  static final int MAX_NUMBER_LENGTH = 64;

  private final String yamlName;
  private final int decimals;

  TimeForm(String yamlName, int decimals) {
    this.yamlName = yamlName;
    this.decimals = decimals;
  }

  static Optional<TimeForm> named(String name) {
    return Arrays.stream(values()).filter(form -> form.yamlName.equals(name)).findFirst();
  }

  /** The names of all, for people. */
  static String names() {
    return Arrays.stream(values()).map(TimeForm::yamlName).collect(Collectors.joining(", "));
  }

  String yamlName() {
    return yamlName;
  }

  /** Whether it counts from 1970 on. */
  boolean isEpoch() {
    return this != RFC3339;
  }

  /** How many of what it counts make a second. */
  long unitsOfSecond() {
    long units = 1;
    for (int i = 0; i < decimals; i++) {
      units *= 10;
    }
    return units;
  }

  /** The seconds since 1970 that {@code text}, of this form, means; empty when it is no number. */
  Optional<BigDecimal> seconds(String text) {
    try {
      return text.length() > MAX_NUMBER_LENGTH
          ? Optional.empty()
          : Optional.of(new BigDecimal(text).scaleByPowerOfTen(-decimals));
    } catch (ArithmeticException | NumberFormatException _) {
      return Optional.empty();
    }
  }
}
