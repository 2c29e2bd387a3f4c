package dev.indelible.server.trail;

import dev.indelible.server.event.Event;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Entry that is recorded each time that something happens.
 *
 * @param action of the entry
 * @param target the thing that it is about
 * @param details more of it, or null
 * @param reason why, or null
 * @param origin where whoever does it is
 */
public record Note(
    String action,
    Event.Target target,
    @Nullable ObjectNode details,
    @Nullable String reason,
    Look.Origin origin) {}
