package dev.indelible.cli.send;

import dev.indelible.cli.map.Mapper;
import dev.indelible.cli.map.Mapping;
import dev.indelible.cli.send.Prepared.Ready;
import dev.indelible.cli.send.Prepared.Refused;
import dev.indelible.cli.source.RecordSource;
import dev.indelible.cli.source.SourceRecord;
import dev.indelible.cli.source.SourceRecord.Parsed;
import dev.indelible.cli.source.SourceRecord.Place;
import dev.indelible.cli.source.SourceRecord.Unreadable;
import dev.indelible.cli.terminal.Printable;
import dev.indelible.server.event.EventLimits;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes events of records: through the map if there is one, for the tenant that was named, each
 * with an id, so that sending again doubles nothing.
 *
 * <p>An event without an id gets {@code file-} and 128 bits of SHA-256 over its number in its file
 * (8 bytes, big-endian) and its JSON. So the same file, or the same file grown at its end, gives
 * the same ids, and two equal lines of one file stay two events; a file that lost its beginning
 * gives new ones.
 */
public final class Preparation {

  private static final int ID_BYTES = 16;

  private final @Nullable Mapper mapper;
  private final @Nullable String tenant;
  private final JsonMapper json = new JsonMapper();

  /**
   * @param mapper turns foreign records into events; null when the records are events
   * @param tenant the tenant that every event is for, or null to leave what the events say
   */
  public Preparation(@Nullable Mapper mapper, @Nullable String tenant) {
    this.mapper = mapper;
    this.tenant = tenant;
  }

  /** Whether the events are another program's, whose secrets the log is not to keep. */
  boolean isImport() {
    return mapper != null;
  }

  /** The event that {@code record} is, or why it is none. */
  Prepared prepare(SourceRecord record) {
    return switch (record) {
      case Unreadable(Place place, String why) -> new Refused(place, null, "unreadable", why);
      case Parsed(Place place, JsonNode tree) -> prepare(place, tree);
    };
  }

  /**
   * Prints the events of {@code source} instead of sending them; returns how many records are none.
   */
  public long print(RecordSource source, PrintWriter out, PrintWriter err) throws IOException {
    long refused = 0;
    for (SourceRecord record = source.next(); record != null; record = source.next()) {
      switch (prepare(record)) {
        case Ready ready -> out.println(ready.line());
        case Refused no -> {
          refused++;
          err.println(Printable.of(no.place() + ": " + no.detail() + " (" + no.code() + ")"));
        }
      }
    }
    return refused;
  }

  private Prepared prepare(Place place, JsonNode tree) {
    if (mapper != null) {
      return switch (mapper.map(tree)) {
        case Mapping.Unmappable(String why) -> new Refused(place, tree, "unmappable", why);
        case Mapping.Mapped(ObjectNode event) -> complete(place, tree, event);
      };
    }
    return tree instanceof ObjectNode event
        ? complete(place, tree, event)
        : new Refused(place, tree, "invalid_event", "an event is a JSON object");
  }

  private Prepared complete(Place place, JsonNode record, ObjectNode event) {
    if (tenant != null) {
      event.put("tenant", tenant);
    }
    ObjectNode complete = event;
    if (!event.hasNonNull("id")) {
      complete = JsonNodeFactory.instance.objectNode();
      complete.put("id", id(place, event));
      event.remove("id");
      complete.setAll(event);
    }
    String line = json.writeValueAsString(complete);
    int sizeBytes = line.getBytes(StandardCharsets.UTF_8).length;
    if (sizeBytes > EventLimits.MAX_EVENT_BYTES) {
      return new Refused(
          place,
          record,
          "event_too_large",
          "the event is %,d bytes, at most %,d are accepted"
              .formatted(sizeBytes, EventLimits.MAX_EVENT_BYTES));
    }
    return new Ready(place, record, complete, line, sizeBytes);
  }

  private String id(Place place, ObjectNode event) {
    MessageDigest sha = sha256();
    sha.update(ByteBuffer.allocate(Long.BYTES).putLong(0, place.ordinal()));
    sha.update(json.writeValueAsBytes(event));
    return "file-" + HexFormat.of().formatHex(sha.digest(), 0, ID_BYTES);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException failure) {
      throw new IllegalStateException("every JDK has SHA-256", failure);
    }
  }
}
