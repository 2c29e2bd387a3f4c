package dev.indelible.server.otlp;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bodies of answers of OTLP/HTTP: {@code ExportLogsServiceResponse}, and {@code google.rpc.Status}
 * where nothing was accepted.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/#otlphttp-response">OTLP/HTTP Response</a>
 */
public final class LogsAnswers {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private LogsAnswers() {}

  /**
   * The answer to a request whose records were judged one by one; empty when all were recorded.
   *
   * @param rejected how many were not recorded
   * @param why the reasons, for people
   */
  public static byte[] response(Encoding encoding, long rejected, String why) {
    return switch (encoding) {
      case JSON -> {
        ObjectNode response = NODES.objectNode();
        if (rejected > 0) {
          response
              .putObject("partialSuccess")
              .put("rejectedLogRecords", Long.toString(rejected))
              .put("errorMessage", why);
        }
        yield JsonMapper.shared().writeValueAsBytes(response);
      }
      case PROTOBUF -> {
        if (rejected == 0) {
          yield new byte[0];
        }
        byte[] partial =
            message(
                out -> {
                  out.writeInt64(1, rejected);
                  out.writeString(2, why);
                });
        yield message(out -> out.writeByteArray(1, partial));
      }
    };
  }

  /**
   * The answer to a request of which nothing was accepted.
   *
   * @param httpStatus 400 to 599
   * @param message the stable code and the detail of the problem
   */
  public static byte[] status(Encoding encoding, int httpStatus, String message) {
    int code = code(httpStatus);
    return switch (encoding) {
      case JSON ->
          JsonMapper.shared()
              .writeValueAsBytes(NODES.objectNode().put("code", code).put("message", message));
      case PROTOBUF ->
          message(
              out -> {
                out.writeInt32(1, code);
                out.writeString(2, message);
              });
    };
  }

  /** The {@code google.rpc.Code} nearest to a status of HTTP. */
  private static int code(int httpStatus) {
    return switch (httpStatus) {
      case 400, 413, 415, 422 -> 3; // INVALID_ARGUMENT
      case 404 -> 5; // NOT_FOUND
      case 403 -> 7; // PERMISSION_DENIED
      case 429 -> 8; // RESOURCE_EXHAUSTED
      case 405, 426, 505 -> 12; // UNIMPLEMENTED
      case 500 -> 13; // INTERNAL
      case 502, 503, 504 -> 14; // UNAVAILABLE
      case 401 -> 16; // UNAUTHENTICATED
      default -> 2; // UNKNOWN
    };
  }

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
