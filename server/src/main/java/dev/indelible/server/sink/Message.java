package dev.indelible.server.sink;

import java.time.Instant;
import tools.jackson.databind.JsonNode;

/**
 * Entry as a receiver gets it.
 *
 * @param seq its number in the tenant's log
 * @param id the entry's id
 * @param occurredAt when it happened
 * @param recordedAt when it was recorded
 * @param body in the stream's format, one line of UTF-8 without a line break at its end
 * @param entry as the API gives it, less what the stream's maker may not see
 */
@SuppressWarnings("ArrayRecordComponent") // taken over, and changed by nobody
public record Message(
    long seq, String id, Instant occurredAt, Instant recordedAt, byte[] body, JsonNode entry) {}
