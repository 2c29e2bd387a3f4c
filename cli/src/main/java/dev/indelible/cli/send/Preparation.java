package dev.indelible.cli.send;

import dev.indelible.cli.send.Prepared.Ready;
import dev.indelible.cli.send.Prepared.Refused;
import dev.indelible.cli.send.Prepared.Skipped;
import dev.indelible.cli.source.RecordSource;
import dev.indelible.cli.source.SourceRecord;
import dev.indelible.cli.source.SourceRecord.Parsed;
import dev.indelible.cli.source.SourceRecord.Place;
import dev.indelible.cli.source.SourceRecord.Unreadable;
import dev.indelible.cli.terminal.Printable;
import dev.indelible.mapping.Mapper;
import dev.indelible.mapping.Mapping;
import dev.indelible.server.event.EventLimits;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes events of records: through the map if there is one, with the tenant that was named where
 * they name none, and each with an id, so that sending again doubles nothing. Not thread-safe.
 */
public final class Preparation {

  private final @Nullable Mapper mapper;
  private final @Nullable String tenant;
  private final EventWriter writer = new EventWriter();
  private final Map<String, Long> skipped = new LinkedHashMap<>();
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

  /** Numbers of records that are no events, by what such records are. */
  public Map<String, Long> skipped() {
    return Collections.unmodifiableMap(skipped);
  }

  /** The events that {@code record} is, or why it is none. */
  List<Prepared> prepare(SourceRecord record, LineIds ids) {
    return switch (record) {
      case Unreadable(Place place, String why) ->
          List.of(new Refused(place, null, "unreadable", why));
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
      for (Prepared prepared : prepare(record, ids)) {
        switch (prepared) {
          case Ready ready -> out.println(ready.line());
          case Refused no -> {
            refused++;
            err.println(Printable.of(no.place() + ": " + no.detail() + " (" + no.code() + ")"));
          }
          case Skipped _ -> {}
        }
      }
    }
    return refused;
  }

  private List<Prepared> prepare(Place place, JsonNode tree, LineIds ids) {
    return mapper == null
        ? List.of(unmapped(place, tree, ids))
        : mapped(place, tree, mapper.map(tree), ids);
  }

  private List<Prepared> mapped(Place place, JsonNode tree, List<Mapping> mappings, LineIds ids) {
    List<Prepared> all = new ArrayList<>(mappings.size());
    for (int number = 0; number < mappings.size(); number++) {
      all.add(
          switch (mappings.get(number)) {
            case Mapping.Unmappable no -> new Refused(place, tree, "unmappable", no.sentence());
            case Mapping.Skipped(String because) -> {
              skipped.merge(because, 1L, Long::sum);
              yield new Skipped(place, because);
            }
            case Mapping.Mapped(ObjectNode event, boolean timeUnreadable) -> {
              withoutTime += timeUnreadable ? 1 : 0;
              yield complete(new Source(place, tree, number), event, ids);
            }
          });
    }
    return all;
  }

  private Prepared unmapped(Place place, JsonNode tree, LineIds ids) {
    if (!(tree instanceof ObjectNode event)) {
      return new Refused(place, tree, "invalid_event", "an event is a JSON object");
    }
    JsonNode named = event.path("tenant");
    return tenant == null || !named.isString() || named.stringValue().equals(tenant)
        ? complete(new Source(place, tree, 0), event, ids)
        : new Refused(
            place,
            tree,
            "tenant_conflict",
            ("the event is for the tenant %s, but --tenant or INDELIBLE_TENANT says %s; without it"
                    + " each event goes to the tenant that it names")
                .formatted(named.stringValue(), tenant));
  }

  /** Origin of an event: the record, and the event's number among those of the record. */
  private record Source(Place place, JsonNode record, int number) {}

  private Prepared complete(Source source, ObjectNode event, LineIds ids) {
    if (tenant != null && !event.hasNonNull("tenant")) {
      event.put("tenant", tenant);
    }
    EventLine line = line(source, event, ids);
    if (line.sizeBytes() > EventLimits.MAX_EVENT_BYTES) {
      return new Refused(
          source.place(),
          source.record(),
          "event_too_large",
          "the event is %,d bytes, at most %,d are accepted"
              .formatted(line.sizeBytes(), EventLimits.MAX_EVENT_BYTES));
    }
    return new Ready(source.place(), source.record(), line);
  }

  private EventLine line(Source source, ObjectNode event, LineIds ids) {
    byte[] json = writer.write(event);
    if (event.hasNonNull("id")) {
      return EventLine.of(json);
    }
    String id = ids.of(source.place().ordinal(), source.number(), json);
    if (event.has("id")) {
      event.remove("id");
      json = writer.write(event);
    }
    return EventLine.of(json, id);
  }
}
