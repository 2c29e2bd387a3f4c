package dev.indelible.server.retention;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reckons waiting times by the believed time, so that a clock that jumps does not end one.
 *
 * @param clockIsTrusted whether the clock says what it can
 * @param believed the time that is reckoned with, whatever the clock is set to
 */
record Waiting(BooleanSupplier clockIsTrusted, Supplier<Instant> believed) {

  /** End of a waiting time that begins now. */
  Instant end(Duration waits) {
    return Instant.ofEpochMilli(believed.get().plus(waits).toEpochMilli());
  }

  /** Whether a waiting time has passed; false when there is none. */
  boolean isOver(@Nullable Instant until) {
    return until != null && clockIsTrusted.getAsBoolean() && !believed.get().isBefore(until);
  }
}
