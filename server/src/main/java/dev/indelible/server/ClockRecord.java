package dev.indelible.server;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.server.control.Change.ChangedBy;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Stored time at which a server last ran; {@code docs/formats/clock.md}.
 *
 * @param seenAt the time that was believed last
 * @param accepted a time that somebody vouched for and that has no entries yet, or null
 */
record ClockRecord(Instant seenAt, @Nullable Acceptance accepted) {

  /** The state that holds it. */
  static final String STATE = "clock/seen";

  static final int VERSION = 1;

  /**
   * Statement of somebody who vouched for a clock.
   *
   * @param at the time that the clock showed
   * @param believed the time that the server had believed, which is earlier
   * @param by the person who vouched
   */
  record Acceptance(Instant at, Instant believed, ChangedBy by) {}

  /** Stored record, and the version that replaces it. */
  record Stored(Optional<ClockRecord> record, long version) {}

  static Stored read(BlobStore blobs) throws IOException {
    Optional<BlobStore.State> state = blobs.state(STATE);
    return new Stored(
        state.map(found -> decode(found.bytes())), state.map(BlobStore.State::version).orElse(0L));
  }

  /**
   * Stores it in place of what was read.
   *
   * @return the version that it has
   */
  long write(BlobStore blobs, long version) throws IOException {
    if (!blobs.compareAndSetState(STATE, version, encode())) {
      throw new IOException("state " + STATE + " was changed by another process");
    }
    return version + 1;
  }

  private byte[] encode() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("v", VERSION);
    json.put("seen_at", seenAt.toString());
    Acceptance given = accepted;
    if (given != null) {
      ObjectNode acceptance = json.putObject("accepted");
      acceptance.put("at", given.at().toString());
      acceptance.put("believed", given.believed().toString());
      acceptance.put("by_type", given.by().type());
      acceptance.put("by_id", given.by().id());
    }
    return JsonMapper.shared().writeValueAsBytes(json);
  }

  private static ClockRecord decode(byte[] bytes) {
    JsonNode json = JsonMapper.shared().readTree(bytes);
    if (json.path("v").asInt(-1) != VERSION) {
      throw new IllegalStateException(
          "state %s has version %s, this program reads %d"
              .formatted(STATE, json.path("v"), VERSION));
    }
    JsonNode given = json.path("accepted");
    return new ClockRecord(
        Instant.parse(json.path("seen_at").stringValue()),
        given.isMissingNode()
            ? null
            : new Acceptance(
                Instant.parse(given.path("at").stringValue()),
                Instant.parse(given.path("believed").stringValue()),
                new ChangedBy(
                    given.path("by_type").stringValue(),
                    given.path("by_id").isString() ? given.path("by_id").stringValue() : null)));
  }
}
