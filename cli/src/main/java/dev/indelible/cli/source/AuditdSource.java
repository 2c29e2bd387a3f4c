package dev.indelible.cli.source;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The log of the Linux audit daemon as it writes it ({@code audit.log}): the lines of one {@code
 * audit(time:serial)} are one record. The first line says what happened: its type is {@code type},
 * its fields are {@code fields}; the others are lists by their types.
 *
 * <p>The lines of an event may have those of others between them, so a few events are kept open; an
 * event ends with its line {@code EOE}, or when too many newer ones have begun.
 */
final class AuditdSource extends TextSource {

  /** The most events that are kept open. */
  static final int MAX_OPEN = 16;

  /** The most lines of one event; the kernel writes a few, for each file and argument. */
  static final int MAX_EVENT_LINES = 4_096;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String END_OF_EVENT = "EOE";

  private final Map<String, Open> events = new LinkedHashMap<>();

  /** An event whose lines are still being read. */
  private static final class Open {
    private final ObjectNode record = NODES.objectNode();
    private final long first;
    private int lines;
    private boolean hasEnded;

    Open(long first) {
      this.first = first;
    }
  }

  AuditdSource(RawFile raw) throws IOException {
    super(raw);
  }

  @Override
  void line(long number, String text) {
    if (text.isBlank()) {
      return;
    }
    AuditLine line = AuditLine.parse(text);
    if (line == null) {
      refuse(number, "the line is none of the audit daemon's: it has no type= and msg=audit(…)");
      return;
    }
    Open event = events.get(line.key());
    if (event == null) {
      if (!line.type().equals(END_OF_EVENT)) {
        begin(line, number);
      }
      return;
    }
    if (line.type().equals(END_OF_EVENT)) {
      event.hasEnded = true;
      giveEnded();
      return;
    }
    if (++event.lines > MAX_EVENT_LINES) {
      refuse(number, "the event has more than %,d lines".formatted(MAX_EVENT_LINES));
      return;
    }
    JsonNode before = event.record.get(line.type());
    ArrayNode all = before instanceof ArrayNode array ? array : event.record.putArray(line.type());
    all.add(line.fields());
  }

  private void begin(AuditLine line, long number) {
    Open event = new Open(number);
    event.record.put("type", line.type());
    event.record.put("time", line.time());
    event.record.put("serial", line.serial());
    if (line.node() != null) {
      event.record.put("node", line.node());
    }
    event.record.set("fields", line.fields());
    event.lines = 1;
    events.put(line.key(), event);
    if (events.size() > MAX_OPEN) {
      events.values().iterator().next().hasEnded = true;
    }
    giveEnded();
  }

  /** Gives out, in the order of their first lines, the events that have ended. */
  private void giveEnded() {
    var oldest = events.values().iterator();
    while (oldest.hasNext()) {
      Open event = oldest.next();
      if (!event.hasEnded) {
        return;
      }
      oldest.remove();
      record(event.first, event.record);
    }
  }

  @Override
  void end() {
    events.values().forEach(event -> event.hasEnded = true);
    giveEnded();
  }
}
