package dev.indelible.server.otlp;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One log record as it was sent, filled by a reader.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otel/logs/data-model/">Logs Data Model</a>
 */
final class LogRecord {

  /** Hexadecimal digits of a trace's id. */
  static final int TRACE_ID_DIGITS = 32;

  /** Hexadecimal digits of a span's id. */
  static final int SPAN_ID_DIGITS = 16;

  final Origin resource;
  final Origin scope;
  final ObjectNode attributes = JsonNodeFactory.instance.objectNode();

  /** Nanoseconds since the epoch, unsigned; 0 when not known. */
  long timeUnixNano;

  /** Nanoseconds since the epoch at which the record was observed, unsigned; 0 when not known. */
  long observedTimeUnixNano;

  /** Severity from 1 to 24; 0 when not known. */
  int severityNumber;

  String severityText = "";
  @Nullable JsonNode body;
  long droppedAttributes;
  int flags;

  /** Id of the trace in lower-case hexadecimal digits; empty when there is none. */
  String traceId = "";

  /** Id of the span in lower-case hexadecimal digits; empty when there is none. */
  String spanId = "";

  String eventName = "";

  /** Reason why the record is refused, or null. */
  @Nullable String fault;

  LogRecord(Origin resource, Origin scope) {
    this.resource = resource;
    this.scope = scope;
  }

  void fail(String why) {
    if (fault == null) {
      fault = why;
    }
  }

  /** Reason why the record is refused, be it its own or that of where it comes from; or null. */
  @Nullable String refusal() {
    return fault != null ? fault : resource.fault != null ? resource.fault : scope.fault;
  }

  /** An id if it is a valid one: of the length and not all zeros. Others count as absent. */
  static String idOrEmpty(String hex, int digits) {
    boolean valid = hex.length() == digits && hex.chars().anyMatch(c -> c != '0');
    return valid ? hex : "";
  }
}
