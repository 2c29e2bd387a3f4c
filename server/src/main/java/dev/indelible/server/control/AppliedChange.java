package dev.indelible.server.control;

import dev.indelible.ports.journal.Position;
import dev.indelible.verify.Hash;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A control record whose changes are in force, all of them.
 *
 * @param position where it is in the control log
 * @param next where the record after it will be
 * @param at when it was made, by the control log's clock
 * @param replacements its changes, in order: one, or several that were made together
 * @param chain the hashes of the control log around it
 */
public record AppliedChange(
    Position position, Position next, Instant at, List<Replacement> replacements, Chain chain) {

  public AppliedChange {
    replacements = List.copyOf(replacements);
  }

  /**
   * A change of one object.
   *
   * @param before the object that it replaced, or null when it is new
   * @param change the change as it was asked for
   */
  public record Replacement(@Nullable ConfigurationObject before, Change change) {}

  /**
   * The hash of all records of the control log, before this one and with it.
   *
   * @param before of those before it
   * @param after of those and it
   */
  public record Chain(Hash before, Hash after) {}
}
