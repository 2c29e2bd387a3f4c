package dev.indelible.server.otlp;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes requests of OTLP/HTTP for logs, and reads their answers: {@code ExportLogsServiceRequest}
 * and {@code ExportLogsServiceResponse}.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/#otlphttp-request">OTLP/HTTP Request</a>
 */
public final class LogsRequest {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final String SCOPE = "dev.indelible";

  private LogsRequest() {}

  /**
   * A record to be sent.
   *
   * @param time when it happened
   * @param observed when it was recorded
   * @param severity 1 to 24, as OpenTelemetry numbers them
   * @param eventName its name
   * @param body an object or a text
   * @param attributes texts, numbers and truth values by their names
   */
  public record Sent(
      Instant time,
      Instant observed,
      int severity,
      String eventName,
      JsonNode body,
      ObjectNode attributes) {}

  /**
   * The records that a receiver did not take, although it answered that it did.
   *
   * @param count of them; 0 when all were taken
   * @param why in the receiver's words
   */
  public record Rejected(long count, String why) {}

  /** Writes a request. */
  public static byte[] write(Encoding encoding, List<Sent> records) {
    return switch (encoding) {
      case PROTOBUF -> protobuf(records);
      case JSON -> json(records);
    };
  }

  /** The media type of requests. */
  public static String mediaType(Encoding encoding) {
    return switch (encoding) {
      case PROTOBUF -> "application/x-protobuf";
      case JSON -> "application/json";
    };
  }

  /**
   * Reads an answer.
   *
   * @throws IOException when it is none
   */
  public static Rejected rejected(Encoding encoding, byte[] answer) throws IOException {
    return switch (encoding) {
      case PROTOBUF -> rejectedOfProtobuf(answer);
      case JSON -> {
        if (answer.length == 0) {
          yield new Rejected(0, "");
        }
        try {
          JsonNode partial = JsonMapper.shared().readTree(answer).path("partialSuccess");
          yield new Rejected(
              partial.path("rejectedLogRecords").asLong(0),
              partial.path("errorMessage").asString(""));
        } catch (JacksonException e) {
          throw new IOException("the answer is no JSON", e);
        }
      }
    };
  }

  private static Rejected rejectedOfProtobuf(byte[] answer) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(answer);
    long count = 0;
    String why = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) != 1) {
        in.skipField(tag);
        continue;
      }
      CodedInputStream partial = CodedInputStream.newInstance(in.readByteArray());
      for (int inner = partial.readTag(); inner != 0; inner = partial.readTag()) {
        switch (WireFormat.getTagFieldNumber(inner)) {
          case 1 -> count = partial.readInt64();
          case 2 -> why = partial.readString();
          default -> partial.skipField(inner);
        }
      }
    }
    return new Rejected(count, why);
  }

  private static long nanos(Instant time) {
    return time.getEpochSecond() * NANOS_PER_SECOND + time.getNano();
  }

  private static byte[] json(List<Sent> records) {
    ObjectNode request = NODES.objectNode();
    ObjectNode resource = request.putArray("resourceLogs").addObject();
    attribute(resource.putObject("resource").putArray("attributes"), "service.name", "indelible");
    ObjectNode scope = resource.putArray("scopeLogs").addObject();
    scope.putObject("scope").put("name", SCOPE);
    ArrayNode logs = scope.putArray("logRecords");
    for (Sent sent : records) {
      ObjectNode log = logs.addObject();
      log.put("timeUnixNano", Long.toString(nanos(sent.time())));
      log.put("observedTimeUnixNano", Long.toString(nanos(sent.observed())));
      log.put("severityNumber", sent.severity());
      log.put("eventName", sent.eventName());
      log.set("body", value(sent.body()));
      ArrayNode attributes = log.putArray("attributes");
      sent.attributes()
          .properties()
          .forEach(
              one ->
                  attributes
                      .addObject()
                      .put("key", one.getKey())
                      .set("value", value(one.getValue())));
    }
    return JsonMapper.shared().writeValueAsBytes(request);
  }

  private static void attribute(ArrayNode attributes, String key, String value) {
    attributes.addObject().put("key", key).putObject("value").put("stringValue", value);
  }

  /** An {@code AnyValue}; a number that neither a long nor a double holds becomes a text. */
  private static ObjectNode value(JsonNode json) {
    ObjectNode value = NODES.objectNode();
    switch (kind(json)) {
      case TEXT -> value.put("stringValue", json.asString());
      case TRUTH -> value.put("boolValue", json.booleanValue());
      case WHOLE -> value.put("intValue", Long.toString(json.longValue()));
      case FRACTION -> value.put("doubleValue", json.doubleValue());
      case LIST -> {
        ArrayNode values = value.putObject("arrayValue").putArray("values");
        json.forEach(element -> values.add(value(element)));
      }
      case OBJECT -> {
        ArrayNode values = value.putObject("kvlistValue").putArray("values");
        json.properties()
            .forEach(
                one ->
                    values
                        .addObject()
                        .put("key", one.getKey())
                        .set("value", value(one.getValue())));
      }
      case NOTHING -> {}
    }
    return value;
  }

  private enum Kind {
    TEXT,
    TRUTH,
    WHOLE,
    FRACTION,
    LIST,
    OBJECT,
    NOTHING
  }

  private static Kind kind(JsonNode json) {
    return switch (json.getNodeType()) {
      case STRING -> Kind.TEXT;
      case BOOLEAN -> Kind.TRUTH;
      case ARRAY -> Kind.LIST;
      case OBJECT, POJO -> Kind.OBJECT;
      case NULL, MISSING, BINARY -> Kind.NOTHING;
      case NUMBER ->
          json.isIntegralNumber()
              ? json.canConvertToLong() ? Kind.WHOLE : Kind.TEXT
              : isExact(json) ? Kind.FRACTION : Kind.TEXT;
    };
  }

  private static boolean isExact(JsonNode json) {
    double read = json.asDouble();
    return Double.isFinite(read)
        && new BigDecimal(json.asString()).compareTo(new BigDecimal(Double.toString(read))) == 0;
  }

  private static byte[] protobuf(List<Sent> records) {
    byte[] resource =
        message(
            out -> out.writeByteArray(1, keyValue("service.name", NODES.stringNode("indelible"))));
    byte[] scope =
        message(
            out -> {
              out.writeByteArray(1, message(inner -> inner.writeString(1, SCOPE)));
              for (Sent sent : records) {
                out.writeByteArray(2, log(sent));
              }
            });
    byte[] logs =
        message(
            out -> {
              out.writeByteArray(1, resource);
              out.writeByteArray(2, scope);
            });
    return message(out -> out.writeByteArray(1, logs));
  }

  private static byte[] log(Sent sent) {
    return message(
        out -> {
          out.writeFixed64(1, nanos(sent.time()));
          out.writeEnum(2, sent.severity());
          out.writeByteArray(5, anyValue(sent.body()));
          for (var one : sent.attributes().properties()) {
            out.writeByteArray(6, keyValue(one.getKey(), one.getValue()));
          }
          out.writeFixed64(11, nanos(sent.observed()));
          out.writeString(12, sent.eventName());
        });
  }

  private static byte[] keyValue(String key, JsonNode value) {
    return message(
        out -> {
          out.writeString(1, key);
          out.writeByteArray(2, anyValue(value));
        });
  }

  private static byte[] anyValue(JsonNode json) {
    return message(
        out -> {
          switch (kind(json)) {
            case TEXT -> out.writeString(1, json.asString());
            case TRUTH -> out.writeBool(2, json.booleanValue());
            case WHOLE -> out.writeInt64(3, json.longValue());
            case FRACTION -> out.writeDouble(4, json.doubleValue());
            case LIST ->
                out.writeByteArray(
                    5,
                    message(
                        list -> {
                          for (JsonNode element : json) {
                            list.writeByteArray(1, anyValue(element));
                          }
                        }));
            case OBJECT ->
                out.writeByteArray(
                    6,
                    message(
                        list -> {
                          for (var one : json.properties()) {
                            list.writeByteArray(1, keyValue(one.getKey(), one.getValue()));
                          }
                        }));
            case NOTHING -> {}
          }
        });
  }

  /** Writes the fields of a message. */
  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      fields.write(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
