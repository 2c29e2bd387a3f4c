package dev.indelible.server.otlp;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads an {@code ExportLogsServiceRequest} in binary, field by field, so that its limits hold
 * before anything is made of what lies beyond them. Fields that are not known are passed over, and
 * text that is not UTF-8 spoils its record alone.
 *
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-proto/blob/v1.9.0/opentelemetry/proto/logs/v1/logs.proto">
 *     logs.proto 1.9</a>
 */
final class ProtobufReader {

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;
  private static final int WIRE_TYPE_BITS = 3;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final HexFormat HEX = HexFormat.of();

  private final CodedInputStream in;
  private final Records records;

  ProtobufReader(byte[] body, Records records) {
    this.in = CodedInputStream.newInstance(body);
    this.records = records;
  }

  /** Reads one field by its tag; false when it is none that is known. */
  private interface Fields {
    boolean read(int tag) throws IOException;
  }

  /** Reads the whole request. */
  void read() throws IOException {
    fields(tag -> tag == tag(1, BYTES) && message(resourceLogs()));
  }

  private static int tag(int field, int wireType) {
    return field << WIRE_TYPE_BITS | wireType;
  }

  private void fields(Fields fields) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (!fields.read(tag) && !in.skipField(tag)) {
        throw new InvalidProtocolBufferException("a group ends that did not begin");
      }
    }
  }

  private boolean message(Fields fields) throws IOException {
    int outer = in.pushLimit(in.readRawVarint32());
    fields(fields);
    in.popLimit(outer);
    return true;
  }

  private Fields resourceLogs() {
    Origin resource = new Origin();
    return tag -> {
      if (tag == tag(1, BYTES)) {
        return message(
            inner -> inner == tag(1, BYTES) && keyValue(resource.attributes, 1, resource::fail));
      }
      return tag == tag(2, BYTES) && message(scopeLogs(resource));
    };
  }

  private Fields scopeLogs(Origin resource) {
    Origin scope = new Origin();
    return tag -> {
      if (tag == tag(1, BYTES)) {
        return message(inner -> scope(scope, inner));
      }
      if (tag == tag(2, BYTES)) {
        LogRecord record = records.add(resource, scope);
        return message(inner -> logRecord(record, inner));
      }
      return false;
    };
  }

  private boolean scope(Origin scope, int tag) throws IOException {
    if (tag == tag(1, BYTES)) {
      scope.name = text(scope::fail);
    } else if (tag == tag(2, BYTES)) {
      scope.version = text(scope::fail);
    } else {
      return tag == tag(3, BYTES) && keyValue(scope.attributes, 1, scope::fail);
    }
    return true;
  }

  private boolean logRecord(LogRecord record, int tag) throws IOException {
    int wireType = tag & (1 << WIRE_TYPE_BITS) - 1;
    int field = tag >>> WIRE_TYPE_BITS;
    return switch (wireType) {
      case FIXED64 -> time(record, field);
      case BYTES -> content(record, field);
      case VARINT -> {
        if (field == 2) {
          record.severityNumber = in.readEnum();
        } else if (field == 7) {
          record.droppedAttributes = Integer.toUnsignedLong(in.readUInt32());
        } else {
          yield false;
        }
        yield true;
      }
      case FIXED32 -> {
        if (field != 8) {
          yield false;
        }
        record.flags = in.readFixed32();
        yield true;
      }
      default -> false;
    };
  }

  private boolean time(LogRecord record, int field) throws IOException {
    if (field == 1) {
      record.timeUnixNano = in.readFixed64();
    } else if (field == 11) {
      record.observedTimeUnixNano = in.readFixed64();
    } else {
      return false;
    }
    return true;
  }

  private boolean content(LogRecord record, int field) throws IOException {
    switch (field) {
      case 3 -> record.severityText = text(record::fail);
      case 5 -> record.body = value(1, record::fail);
      case 6 -> keyValue(record.attributes, 1, record::fail);
      case 9 -> record.traceId = LogRecord.idOrEmpty(hex(), LogRecord.TRACE_ID_DIGITS);
      case 10 -> record.spanId = LogRecord.idOrEmpty(hex(), LogRecord.SPAN_ID_DIGITS);
      case 12 -> record.eventName = text(record::fail);
      default -> {
        return false;
      }
    }
    return true;
  }

  private String hex() throws IOException {
    return HEX.formatHex(in.readByteArray());
  }

  private String text(Consumer<String> fault) throws IOException {
    ByteString bytes = in.readBytes();
    if (!bytes.isValidUtf8()) {
      fault.accept("it holds text that is not UTF-8");
      return "";
    }
    return bytes.toStringUtf8();
  }

  private boolean keyValue(ObjectNode into, int depth, Consumer<String> fault) throws IOException {
    String[] key = {""};
    JsonNode[] value = {NODES.nullNode()};
    message(
        tag -> {
          if (tag == tag(1, BYTES)) {
            key[0] = text(fault);
          } else if (tag == tag(2, BYTES)) {
            value[0] = value(depth, fault);
          } else {
            return false;
          }
          return true;
        });
    Records.put(into, key[0], value[0], fault);
    return true;
  }

  /** Reads an {@code AnyValue}; JSON null when it holds nothing. */
  private JsonNode value(int depth, Consumer<String> fault) throws IOException {
    if (depth > Records.MAX_VALUE_DEPTH) {
      fault.accept(Records.TOO_DEEP);
      in.skipRawBytes(in.readRawVarint32());
      return NODES.nullNode();
    }
    JsonNode[] value = {NODES.nullNode()};
    message(
        tag -> {
          JsonNode read = valueOf(tag, depth, fault);
          if (read == null) {
            return false;
          }
          value[0] = read;
          return true;
        });
    return value[0];
  }

  private @Nullable JsonNode valueOf(int tag, int depth, Consumer<String> fault)
      throws IOException {
    if (tag == tag(1, BYTES)) {
      return NODES.stringNode(text(fault));
    } else if (tag == tag(2, VARINT)) {
      return NODES.booleanNode(in.readBool());
    } else if (tag == tag(3, VARINT)) {
      return NODES.numberNode(in.readInt64());
    } else if (tag == tag(4, FIXED64)) {
      return number(in.readDouble());
    } else if (tag == tag(5, BYTES)) {
      ArrayNode list = NODES.arrayNode();
      message(
          inner -> {
            if (inner != tag(1, BYTES)) {
              return false;
            }
            list.add(value(depth + 1, fault));
            return true;
          });
      return list;
    } else if (tag == tag(6, BYTES)) {
      ObjectNode map = NODES.objectNode();
      message(inner -> inner == tag(1, BYTES) && keyValue(map, depth + 1, fault));
      return map;
    } else if (tag == tag(7, BYTES)) {
      return NODES.stringNode(Base64.getEncoder().encodeToString(in.readByteArray()));
    }
    return null;
  }

  /** A number; what JSON has no numbers for becomes text. */
  static JsonNode number(double value) {
    return Double.isFinite(value)
        ? NODES.numberNode(value)
        : NODES.stringNode(Double.toString(value));
  }
}
