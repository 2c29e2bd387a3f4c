package dev.indelible.server.control;

import dev.indelible.server.control.Change.ChangedBy;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change that was made of a hold or of a request for erasure, as the control log has it.
 *
 * @param by who made it
 * @param reason why, or null
 * @param at when, by the control log's clock
 * @param object what it became
 */
public record Made(ChangedBy by, @Nullable String reason, Instant at, ConfigurationObject object) {

  /** Maker as one word: {@code user:u_1}. */
  public String who() {
    return by.who();
  }
}
