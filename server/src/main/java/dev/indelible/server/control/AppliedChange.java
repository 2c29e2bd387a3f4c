package dev.indelible.server.control;

import dev.indelible.server.journal.Position;
import dev.indelible.verify.Hash;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change in force.
 *
 * @param position where it is in the control log
 * @param next where the change after it will be
 * @param at when it was made, by the control log's clock
 * @param before the object that it replaced, or null when it is new
 * @param change what was asked for
 * @param chain the hashes of the control log around it
 */
public record AppliedChange(
    Position position,
    Position next,
    Instant at,
    @Nullable ConfigurationObject before,
    Change change,
    Chain chain) {

  /**
   * The hash of all records of the control log, before this one and with it.
   *
   * @param before of those before it
   * @param after of those and it
   */
  public record Chain(Hash before, Hash after) {}
}
