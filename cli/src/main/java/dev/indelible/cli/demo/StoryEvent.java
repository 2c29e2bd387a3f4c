package dev.indelible.cli.demo;

import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/**
 * One event of the story.
 *
 * @param tenant the tenant of the event; {@code event} names it too
 * @param occurredAt when it happened; {@code event} says it too
 * @param event the event as it can be posted
 */
public record StoryEvent(StoryTenant tenant, Instant occurredAt, ObjectNode event) {}
