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
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes events of records: through the map if there is one, with the tenant that was named where
 * they name none, and each with an id, so that sending again doubles nothing. Not thread-safe.
 */
public final class Preparation {

  private final @Nullable Mapper mapper;
  private final @Nullable String tenant;
  private final JsonMapper json = new JsonMapper();
  private long withoutTime;

  /**
   * @param mapper turns foreign records into events; null when the records are events
   * @param tenant the tenant of events that name none, or null. It never takes the place of one
   *     that an event names
   */
  public Preparation(@Nullable Mapper mapper, @Nullable String tenant) {
    this.mapper = mapper;
    this.tenant = tenant;
  }

  /**
   * Number of events without a time because the record's could not be read and the map keeps such.
   */
  public long withoutTime() {
    return withoutTime;
  }

  /** Whether the events are another program's, whose secrets the log is not to keep. */
  boolean isImport() {
    return mapper != null;
  }

  /** The event that {@code record} is, or why it is none. */
  Prepared prepare(SourceRecord record, LineIds ids) {
    return switch (record) {
      case Unreadable(Place place, String why) -> new Refused(place, null, "unreadable", why);
      case Parsed(Place place, JsonNode tree) -> {
        ids.see(place.ordinal(), tree);
        yield prepare(place, tree, ids);
      }
    };
  }

  /**
   * Prints the events of {@code source} instead of sending them; returns how many records are none.
   */
  public long print(RecordSource source, PrintWriter out, PrintWriter err) throws IOException {
    long refused = 0;
    LineIds ids = new LineIds(source.identity());
    for (SourceRecord record = source.next(); record != null; record = source.next()) {
      switch (prepare(record, ids)) {
        case Ready ready -> out.println(ready.line());
        case Refused no -> {
          refused++;
          err.println(Printable.of(no.place() + ": " + no.detail() + " (" + no.code() + ")"));
        }
      }
    }
    return refused;
  }

  private Prepared prepare(Place place, JsonNode tree, LineIds ids) {
    if (mapper != null) {
      return switch (mapper.map(tree)) {
        case Mapping.Unmappable(String why) -> new Refused(place, tree, "unmappable", why);
        case Mapping.Mapped(ObjectNode event, boolean timeUnreadable) -> {
          withoutTime += timeUnreadable ? 1 : 0;
          yield complete(place, tree, event, ids);
        }
      };
    }
    if (!(tree instanceof ObjectNode event)) {
      return new Refused(place, tree, "invalid_event", "an event is a JSON object");
    }
    JsonNode named = event.path("tenant");
    return tenant == null || !named.isString() || named.stringValue().equals(tenant)
        ? complete(place, tree, event, ids)
        : new Refused(
            place,
            tree,
            "tenant_conflict",
            ("the event is for the tenant %s, but --tenant or INDELIBLE_TENANT says %s; without it"
                    + " each event goes to the tenant that it names")
                .formatted(named.stringValue(), tenant));
  }

  private Prepared complete(Place place, JsonNode record, ObjectNode event, LineIds ids) {
    if (tenant != null && !event.hasNonNull("tenant")) {
      event.put("tenant", tenant);
    }
    ObjectNode complete = event;
    if (!event.hasNonNull("id")) {
      complete = JsonNodeFactory.instance.objectNode();
      complete.put("id", ids.of(place.ordinal(), event));
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
}
