package dev.indelible.server.control;

import dev.indelible.server.journal.Position;
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
 */
public record AppliedChange(
    Position position,
    Position next,
    Instant at,
    @Nullable ConfigurationObject before,
    Change change) {}
