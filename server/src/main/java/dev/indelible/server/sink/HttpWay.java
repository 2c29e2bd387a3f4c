package dev.indelible.server.sink;

import dev.indelible.server.deliver.ReceiverHttp;
import dev.indelible.server.deliver.ReceiverHttp.Reply;
import dev.indelible.server.sink.Sink.Answer;
import dev.indelible.server.sink.SinkType.Opening;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** HTTP to a receiver with its address, its headers and its credentials. */
final class HttpWay implements AutoCloseable {

  /** How long a request may take, its answer included. */
  static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);

  /** How much of an answer is read, in bytes. */
  static final int MAX_ANSWER = 1 << 20;

  private final URI base;
  private final ReceiverHttp http;
  private final Map<String, String> headers;
  private final List<String> secrets;

  /**
   * A way.
   *
   * @param base the receiver's address, below which requests are made
   * @param headers of every request
   * @param secrets texts that no problem may repeat
   */
  HttpWay(URI base, ReceiverHttp http, Map<String, String> headers, List<String> secrets) {
    this.base = base;
    this.http = http;
    this.headers = Map.copyOf(headers);
    this.secrets = List.copyOf(secrets);
  }

  /** A way by the settings {@code url} and {@code ca}. */
  static HttpWay of(
      Opening opening, Map<String, String> headers, List<String> secrets, InstantSource clock) {
    URI url = URI.create(opening.settings().get("url").stringValue());
    JsonNode ca = opening.settings().get("ca");
    try {
      return new HttpWay(
          url,
          new ReceiverHttp(
              url,
              opening.guard(),
              ca == null || ca.isNull() ? null : PrivateTrust.context(ca.stringValue(), null, null),
              clock),
          headers,
          secrets);
    } catch (IOException e) {
      // The setting was checked when it was made.
      throw new UncheckedIOException(e);
    }
  }

  /** The headers of the setting {@code headers}. */
  static Map<String, String> headers(ObjectNode settings) {
    Map<String, String> headers = new HashMap<>();
    for (var header : settings.path("headers").properties()) {
      headers.put(header.getKey(), header.getValue().stringValue());
    }
    return headers;
  }

  /** A secret as text; empty when there is none. */
  static String secret(Opening opening, String name) {
    byte[] secret = opening.secret().apply(name);
    return secret == null ? "" : new String(secret, StandardCharsets.UTF_8);
  }

  /**
   * Sends a request.
   *
   * @param path below the address, with a slash in front, and a query; empty for the address itself
   */
  Reply send(String method, String path, String mediaType, byte[] body)
      throws InterruptedException {
    String root = base.toString();
    URI url = URI.create((root.endsWith("/") ? root.substring(0, root.length() - 1) : root) + path);
    return http.send(
        new ReceiverHttp.Request(method, url, headers, mediaType, body),
        REQUEST_TIMEOUT,
        MAX_ANSWER);
  }

  /** The answer for whatever is not 2xx: 408, 425, 429 and 5xx may pass, everything else lasts. */
  Answer problem(Reply reply) {
    return switch (reply) {
      case Reply.Broken(IOException fault) -> NetworkFaults.answer(fault, where());
      case Reply.Answered answered -> problem(answered);
    };
  }

  private Answer problem(Reply.Answered answered) {
    int status = answered.status();
    String problem = where() + " answered " + status + said(answered);
    if (status == 408 || status == 425 || status == 429 || status >= 500) {
      return new Answer.Failed(problem, 0, answered.retryAfter());
    }
    if (status >= 300 && status < 400) {
      return new Answer.Refused(
          where() + " answered " + status + ": redirections are not followed");
    }
    return new Answer.Refused(problem);
  }

  /** The words of an answer, without secrets; empty when there are none. */
  private String said(Reply.Answered answered) {
    String words = clean(new String(answered.body(), StandardCharsets.UTF_8));
    return words.isEmpty() ? "" : ": " + words;
  }

  /** Makes somebody else's words fit for a problem: short, on one line, without secrets. */
  String clean(String words) {
    String clean = words.substring(0, Math.min(words.length(), MAX_ANSWER));
    for (String secret : secrets) {
      if (!secret.isEmpty()) {
        clean = clean.replace(secret, "…");
      }
    }
    return NetworkFaults.cut(clean);
  }

  /** The receiver without path, which may be secret. */
  String where() {
    return base.getScheme() + "://" + base.getAuthority();
  }

  /** The answer's body when it is 2xx; null when it is not. */
  static byte @Nullable [] body(Reply reply) {
    return reply instanceof Reply.Answered answered
            && answered.status() >= 200
            && answered.status() < 300
        ? answered.body()
        : null;
  }

  @Override
  public void close() {
    http.close();
  }
}
