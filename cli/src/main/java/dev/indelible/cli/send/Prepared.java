package dev.indelible.cli.send;

import dev.indelible.cli.source.SourceRecord.Place;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Result of preparing a record for sending. */
sealed interface Prepared {

  /** Position of the record in its file. */
  Place place();

  /**
   * An event that can be sent.
   *
   * @param record the record that it was made of
   * @param line its JSON
   */
  record Ready(Place place, JsonNode record, EventLine line) implements Prepared {}

  /** Record that is not sent, and the reason. */
  record Refused(Place place, @Nullable JsonNode record, String code, String detail)
      implements Prepared {}

  /**
   * Record that is no event, as the map says.
   *
   * @param because what such records are
   */
  record Skipped(Place place, String because) implements Prepared {}
}
