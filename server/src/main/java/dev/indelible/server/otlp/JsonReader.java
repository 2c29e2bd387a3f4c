package dev.indelible.server.otlp;

import dev.indelible.server.event.Problem;
import dev.indelible.server.json.NotJson;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads an {@code ExportLogsServiceRequest} in the JSON encoding of OTLP: names in camel case, ids
 * of traces and spans in hexadecimal digits, 64-bit numbers as text or number, enumerations as
 * numbers. Members that are not known are passed over; null is the same as absent.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding">JSON Protobuf
 *     Encoding</a>
 */
final class JsonReader {

  /** Depth at which the parser gives up: a level of a value is four levels of its JSON. */
  static final int MAX_PARSER_DEPTH = 512;

  /** The longest number, in characters. */
  private static final int MAX_NUMBER_LENGTH = 400;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_PARSER_DEPTH)
                  .maxStringLength(LogsDecoder.MAX_BODY_BYTES)
                  .maxNameLength(LogsDecoder.MAX_BODY_BYTES)
                  .build())
          .build();

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]*");
  private static final Pattern SPECIAL = Pattern.compile("NaN|-?Infinity");
  private static final BigDecimal UNSIGNED_END = new BigDecimal("18446744073709551616");
  private static final BigDecimal SIGNED_BEGIN = BigDecimal.valueOf(Long.MIN_VALUE);

  private final JsonParser parser;
  private final Records records;

  private JsonReader(JsonParser parser, Records records) {
    this.parser = parser;
    this.records = records;
  }

  /** Reads a member's value, at whose first token the parser is; false when it is not known. */
  private interface Members {
    boolean read(String name);
  }

  /** Reads the whole request. */
  static void read(byte[] body, Records records) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), body)) {
      JsonReader reader = new JsonReader(parser, records);
      if (parser.nextToken() == null) {
        throw new BrokenLogsException(Problem.Code.BAD_JSON, "The body is empty.");
      }
      reader.object(name -> name.equals("resourceLogs") && reader.list(reader::resourceLogs));
      if (parser.nextToken() != null) {
        throw new BrokenLogsException(
            Problem.Code.BAD_JSON, "There is more after the end of the JSON.");
      }
    } catch (StreamConstraintsException e) {
      throw new BrokenLogsException(
          Problem.Code.TOO_DEEP, "The body nests deeper than " + MAX_PARSER_DEPTH + " levels.");
    } catch (JacksonException e) {
      throw new BrokenLogsException(
          Problem.Code.BAD_JSON, "The body is not JSON: " + NotJson.why(e) + ".");
    }
  }

  private boolean object(Members members) {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return true;
    }
    require(parser.currentToken() == JsonToken.START_OBJECT, "an object");
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      parser.nextToken();
      if (!members.read(name)) {
        parser.skipChildren();
      }
    }
    return true;
  }

  private boolean list(Runnable element) {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return true;
    }
    require(parser.currentToken() == JsonToken.START_ARRAY, "a list");
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      element.run();
    }
    return true;
  }

  private void require(boolean fits, String what) {
    if (!fits) {
      String where = parser.streamReadContext().pathAsPointer().toString();
      throw new BrokenLogsException(
          Problem.Code.WRONG_TYPE,
          "%s must be %s.".formatted(where.isEmpty() ? "The body" : where, what));
    }
  }

  private void resourceLogs() {
    Origin resource = new Origin();
    object(
        name ->
            switch (name) {
              case "resource" ->
                  object(
                      inner ->
                          inner.equals("attributes")
                              && keyValues(resource.attributes, 1, resource::fail));
              case "scopeLogs" -> list(() -> scopeLogs(resource));
              default -> false;
            });
  }

  private void scopeLogs(Origin resource) {
    Origin scope = new Origin();
    object(
        name ->
            switch (name) {
              case "scope" -> object(inner -> scope(scope, inner));
              case "logRecords" -> list(() -> logRecord(records.add(resource, scope)));
              default -> false;
            });
  }

  private boolean scope(Origin scope, String name) {
    switch (name) {
      case "name" -> scope.name = text(scope::fail);
      case "version" -> scope.version = text(scope::fail);
      case "attributes" -> keyValues(scope.attributes, 1, scope::fail);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void logRecord(LogRecord record) {
    object(
        name -> {
          switch (name) {
            case "timeUnixNano" -> record.timeUnixNano = wholeNumber();
            case "observedTimeUnixNano" -> record.observedTimeUnixNano = wholeNumber();
            case "severityNumber" -> record.severityNumber = (int) number();
            case "severityText" -> record.severityText = text(record::fail);
            case "body" -> record.body = value(1, record::fail);
            case "attributes" -> keyValues(record.attributes, 1, record::fail);
            case "droppedAttributesCount" -> record.droppedAttributes = wholeNumber();
            case "flags" -> record.flags = (int) wholeNumber();
            case "traceId" -> record.traceId = hex(LogRecord.TRACE_ID_DIGITS, record::fail);
            case "spanId" -> record.spanId = hex(LogRecord.SPAN_ID_DIGITS, record::fail);
            case "eventName" -> record.eventName = text(record::fail);
            default -> {
              return false;
            }
          }
          return true;
        });
  }

  private String text(Consumer<String> fault) {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return "";
    }
    require(parser.currentToken() == JsonToken.VALUE_STRING, "a text");
    return sound(parser.getString(), fault);
  }

  private static String sound(String text, Consumer<String> fault) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isSurrogatePair(
            text.charAt(i), i + 1 < text.length() ? text.charAt(i + 1) : ' ')) {
          fault.accept("it holds half a surrogate pair");
          return "";
        }
        i++;
      }
    }
    return text;
  }

  private String hex(int digits, Consumer<String> fault) {
    String text = text(fault).toLowerCase(Locale.ROOT);
    return HEX.matcher(text).matches() ? LogRecord.idOrEmpty(text, digits) : "";
  }

  /** An enumeration's number. */
  private long number() {
    require(
        parser.currentToken() == JsonToken.VALUE_NULL
            || parser.currentToken() == JsonToken.VALUE_NUMBER_INT,
        "a number, as enumerations are in OTLP");
    return wholeNumber();
  }

  /** A 64-bit number as text or number, whose bits are given as a long. */
  private long wholeNumber() {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return 0;
    }
    String what = "a whole number of 64 bits";
    BigDecimal number = decimal(what);
    require(
        number.signum() == 0
            || (number.scale() > -20
                && number.stripTrailingZeros().scale() <= 0
                && number.compareTo(SIGNED_BEGIN) >= 0
                && number.compareTo(UNSIGNED_END) < 0),
        what);
    return number.toBigInteger().longValue();
  }

  private BigDecimal decimal(String what) {
    boolean isText = parser.currentToken() == JsonToken.VALUE_STRING;
    require(isText || parser.currentToken().isNumeric(), what);
    String text = parser.getString();
    require(text.length() <= MAX_NUMBER_LENGTH, what);
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      require(false, what);
      throw e;
    }
  }

  private boolean keyValues(ObjectNode into, int depth, Consumer<String> fault) {
    return list(
        () -> {
          String[] key = {""};
          JsonNode[] value = {NODES.nullNode()};
          object(
              name -> {
                switch (name) {
                  case "key" -> key[0] = text(fault);
                  case "value" -> value[0] = value(depth, fault);
                  default -> {
                    return false;
                  }
                }
                return true;
              });
          Records.put(into, key[0], value[0], fault);
        });
  }

  /** Reads an {@code AnyValue}; JSON null when it holds nothing. */
  private JsonNode value(int depth, Consumer<String> fault) {
    if (depth > Records.MAX_VALUE_DEPTH) {
      fault.accept(Records.TOO_DEEP);
      parser.skipChildren();
      return NODES.nullNode();
    }
    JsonNode[] value = {NODES.nullNode()};
    object(
        name -> {
          if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return true;
          }
          JsonNode read = valueOf(name, depth, fault);
          if (read == null) {
            return false;
          }
          value[0] = read;
          return true;
        });
    return value[0];
  }

  private @Nullable JsonNode valueOf(String name, int depth, Consumer<String> fault) {
    return switch (name) {
      case "stringValue" -> NODES.stringNode(text(fault));
      case "boolValue" -> {
        require(parser.currentToken().isBoolean(), "true or false");
        yield NODES.booleanNode(parser.getBooleanValue());
      }
      case "intValue" -> NODES.numberNode(wholeNumber());
      case "doubleValue" -> doubleValue();
      case "arrayValue" -> {
        ArrayNode list = NODES.arrayNode();
        object(inner -> inner.equals("values") && list(() -> list.add(value(depth + 1, fault))));
        yield list;
      }
      case "kvlistValue" -> {
        ObjectNode map = NODES.objectNode();
        object(inner -> inner.equals("values") && keyValues(map, depth + 1, fault));
        yield map;
      }
      case "bytesValue" -> NODES.stringNode(base64(fault));
      default -> null;
    };
  }

  private JsonNode doubleValue() {
    if (parser.currentToken() == JsonToken.VALUE_STRING
        && SPECIAL.matcher(parser.getString()).matches()) {
      return NODES.stringNode(parser.getString());
    }
    return ProtobufReader.number(decimal("a number").doubleValue());
  }

  /** Bytes in either alphabet, written in the standard one. */
  private String base64(Consumer<String> fault) {
    String text = text(fault);
    try {
      byte[] bytes = Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
      return Base64.getEncoder().encodeToString(bytes);
    } catch (IllegalArgumentException e) {
      fault.accept("it holds a bytesValue that is not base64");
      return "";
    }
  }
}
