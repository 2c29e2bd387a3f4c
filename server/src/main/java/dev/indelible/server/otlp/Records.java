package dev.indelible.server.otlp;

import dev.indelible.server.event.EventLimits;
import dev.indelible.server.event.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The records of a request as they are read, no more than a batch of events may have. */
final class Records {

  /** The deepest nesting of lists and maps in a value. */
  static final int MAX_VALUE_DEPTH = EventLimits.MAX_JSON_DEPTH;

  static final String TOO_DEEP =
      "a value nests deeper than " + MAX_VALUE_DEPTH + " levels, and was read no further";

  private final List<LogRecord> list = new ArrayList<>();

  List<LogRecord> list() {
    return list;
  }

  LogRecord add(Origin resource, Origin scope) {
    if (list.size() == LogsDecoder.MAX_RECORDS) {
      throw new BrokenLogsException(
          Problem.Code.TOO_MANY,
          "The request has more than "
              + LogsDecoder.MAX_RECORDS
              + " log records, and none of them was recorded. Have the exporter send smaller"
              + " batches.");
    }
    LogRecord record = new LogRecord(resource, scope);
    list.add(record);
    return record;
  }

  /** Adds an attribute; OTLP leaves open which of two of one name counts. */
  static void put(ObjectNode attributes, String key, JsonNode value, Consumer<String> fault) {
    if (attributes.has(key)) {
      fault.accept("it has two values of one name: " + quoted(key));
      return;
    }
    attributes.set(key, value);
  }

  private static String quoted(String key) {
    return key.length() <= 64 ? key : key.substring(0, 64) + "…";
  }
}
