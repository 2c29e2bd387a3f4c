package dev.indelible.server.otlp;

import dev.indelible.server.event.EventLimits;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Ids of the entries that log records become, so that a request which is sent again doubles
 * nothing.
 *
 * <p>A record with the attribute {@code log.record.uid} has that as its id: by the semantic
 * conventions, records of the same one are the same. Any other has an id of its content:
 *
 * <pre>
 * "otlp-" first 16 bytes of SHA-256(resource, scope, times, severity, body, attributes, trace,
 *         event name), 32 lower-case hexadecimal digits
 * </pre>
 *
 * <p>Records of one request with the same content are as many events: the second has {@code -1}
 * behind the id, the third {@code -2}. Exporters send a request again as it was, so that its
 * records get the same ids. Equal records of two requests are one event. One instance serves one
 * request.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/registry/attributes/log/">log
 *     attributes</a>
 */
final class RecordIds {

  /** Attribute that identifies a record. */
  static final String UID = "log.record.uid";

  private static final String PREFIX = "otlp-";
  private static final int DIGEST_BYTES = 16;
  private static final HexFormat HEX = HexFormat.of();

  private final Map<String, Integer> equals = new HashMap<>();

  /** The id of the entry of a record. */
  String of(LogRecord record) {
    JsonNode uid = record.attributes.get(UID);
    if (uid != null && Values.isText(uid, EventLimits.MAX_ID_LENGTH)) {
      return uid.stringValue();
    }
    String id = PREFIX + HEX.formatHex(digest(record), 0, DIGEST_BYTES);
    int before = equals.merge(id, 1, Integer::sum) - 1;
    return before == 0 ? id : id + "-" + before;
  }

  private static byte[] digest(LogRecord record) {
    return new ContentDigest()
        .raw(record.resource.digest())
        .raw(record.scope.digest())
        .number(record.timeUnixNano)
        .number(record.observedTimeUnixNano)
        .number(record.severityNumber)
        .text(record.severityText)
        .value(record.body)
        .value(record.attributes)
        .text(record.traceId)
        .text(record.spanId)
        .text(record.eventName)
        .bytes();
  }
}
