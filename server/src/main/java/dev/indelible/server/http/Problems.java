package dev.indelible.server.http;

import dev.indelible.server.http.ProblemException.Fault;
import dev.indelible.server.json.NotJson;
import java.io.IOException;
import java.time.Duration;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.exc.StreamReadException;

/** The one place where exceptions become problem documents (RFC 9457). */
public final class Problems {

  /** The media type of a problem document. */
  static final String MEDIA_TYPE = "application/problem+json";

  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  private Problems() {}

  /**
   * The answer to an exception; one that nobody foresaw is logged here, once, and told to nobody.
   *
   * @param table the answers to the program's own exceptions
   */
  static ProblemException of(Throwable thrown, ProblemTable table, String requestId) {
    if (thrown instanceof ProblemException problem) {
      return problem;
    }
    ProblemException known = table.of(thrown);
    if (known != null) {
      return known;
    }
    return switch (thrown) {
      case StreamReadException malformed -> ofJson(malformed);
      case HttpException http when http.getCode() >= 400 && http.getCode() < 500 ->
          ofStatus(http.getCode());
      default -> {
        LOG.error("request {} failed", requestId, thrown);
        yield ofStatus(500);
      }
    };
  }

  /** The problem of a caller who has as many requests under way as their share is. */
  static ProblemException tooManyRequests() {
    return new ProblemException(
            429,
            "too_many_requests",
            "As much is under way as may be for one caller or tenant; wait for some of it to end.")
        .withHeader("Retry-After", "1");
  }

  /** The problem of a caller who has as many event streams as their share is. */
  static ProblemException tooManyStreams() {
    return new ProblemException(
            429,
            "too_many_streams",
            "As many live tails are open as may be for one session, key or tenant; close some.")
        .withHeader("Retry-After", "1");
  }

  private static ProblemException ofJson(StreamReadException malformed) {
    return new ProblemException(
            400,
            "malformed_json",
            "The body is not JSON: line %d, column %d: %s"
                .formatted(
                    malformed.getLocation().getLineNr(),
                    malformed.getLocation().getColumnNr(),
                    NotJson.why(malformed)))
        .withCause(malformed);
  }

  public static ProblemException stopping() {
    return ProblemException.unavailable(
        "stopping", "The server is stopping.", Duration.ofSeconds(5));
  }

  static ProblemException overloaded(String what) {
    return ProblemException.unavailable(
        "overloaded", "There are too many " + what + " at once.", Duration.ofSeconds(1));
  }

  /** The problem of a request that could not be understood, or of a server that failed. */
  static ProblemException ofStatus(int status) {
    return switch (status) {
      case 400 ->
          new ProblemException(400, "malformed_request", "The request is not well-formed HTTP.");
      case 404 -> ProblemException.notFound();
      case 408 -> new ProblemException(408, "too_slow", "The request did not arrive in time.");
      case 413 -> new ProblemException(413, "body_too_large", "The body is too large.");
      case 414 -> new ProblemException(414, "uri_too_long", "The address is too long.");
      case 426 ->
          new ProblemException(426, "upgrade_required", "The server speaks HTTP/1.1 and HTTP/2.");
      case 431 -> new ProblemException(431, "headers_too_large", "The headers are too large.");
      case 500 ->
          new ProblemException(
              500,
              "internal_error",
              "Something failed here that should not have; the request_id says where to look.");
      case 503 -> overloaded("requests");
      case 505 ->
          new ProblemException(
              505, "http_version_not_supported", "The server speaks HTTP/1.1 and HTTP/2.");
      default -> {
        int known = status >= 400 && status <= 599 ? status : 500;
        String title = HttpStatus.getMessage(known);
        yield new ProblemException(
            known, known < 500 ? "malformed_request" : "internal_error", title + ".");
      }
    };
  }

  /** The name of a status in RFC 9110, which renamed some that the library has by older names. */
  public static String title(int status) {
    return switch (status) {
      case 413 -> "Content Too Large";
      case 422 -> "Unprocessable Content";
      default -> HttpStatus.getMessage(status);
    };
  }

  /** The document. */
  static void write(JsonGenerator json, ProblemException problem, String requestId)
      throws IOException {
    json.writeStartObject();
    json.writeStringProperty("type", "urn:indelible:problem:" + problem.code());
    json.writeStringProperty("title", title(problem.status()));
    json.writeNumberProperty("status", problem.status());
    json.writeStringProperty("code", problem.code());
    json.writeStringProperty("detail", problem.detail());
    if (!problem.faults().isEmpty()) {
      json.writeArrayPropertyStart("errors");
      for (Fault fault : problem.faults()) {
        json.writeStartObject();
        if (fault.pointer() != null) {
          json.writeStringProperty("pointer", fault.pointer());
        }
        if (fault.parameter() != null) {
          json.writeStringProperty("parameter", fault.parameter());
        }
        json.writeStringProperty("code", fault.code());
        json.writeStringProperty("detail", fault.detail());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    problem.members().write(json);
    json.writeStringProperty("request_id", requestId);
    json.writeEndObject();
  }
}
