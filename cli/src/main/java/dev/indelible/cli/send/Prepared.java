package dev.indelible.cli.send;

import dev.indelible.cli.source.SourceRecord.Place;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Result of preparing a record for sending. */
sealed interface Prepared {

  /** Position of the record in its file. */
  Place place();

  /** The record as it was read, or null when it could not be. */
  @Nullable JsonNode record();

  /**
   * An event that can be sent.
   *
   * @param line its JSON, one line without the line's end
   */
  record Ready(Place place, JsonNode record, ObjectNode event, String line, int sizeBytes)
      implements Prepared {}

  /** Record that is not sent, and the reason. */
  record Refused(Place place, @Nullable JsonNode record, String code, String detail)
      implements Prepared {}
}
