package dev.indelible.client;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A request: method, path, parameters, headers and body; the client adds the server's address and
 * the key. Immutable and thread-safe.
 *
 * <p>Every method but POST and PATCH is {@linkplain #repeatable repeatable} from the start.
 */
public final class Request {

  private static final String JSON = "application/json";

  private final String method;
  private final String path;
  private final Map<String, String> parameters;
  private final List<String> headers;
  private final byte[] body;
  private final boolean repeatable;

  private Request(
      String method,
      String path,
      Map<String, String> parameters,
      List<String> headers,
      byte[] body,
      boolean repeatable) {
    this.method = method;
    this.path = path;
    this.parameters = parameters;
    this.headers = headers;
    this.body = body;
    this.repeatable = repeatable;
  }

  /**
   * A request without parameters, headers and body.
   *
   * @param method such as {@code GET}
   * @param path begins with a slash, percent-encoded, such as {@code /v1/tenants}; {@link #path}
   *     makes one of segments. It may have a query of its own
   */
  public static Request of(String method, String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("a path begins with a slash: " + path);
    }
    boolean repeatable = !method.equals("POST") && !method.equals("PATCH");
    return new Request(method, path, Map.of(), List.of(), new byte[0], repeatable);
  }

  /** A GET. */
  public static Request get(String path) {
    return of("GET", path);
  }

  /** A POST of JSON. */
  public static Request post(String path, String json) {
    return of("POST", path).json(json);
  }

  /** The path {@code /v1/…} with every segment percent-encoded. */
  public static String path(String... segments) {
    return Arrays.stream(segments)
        .map(Request::encode)
        .collect(Collectors.joining("/", "/v1/", ""));
  }

  /** {@code text} as it stands in a path or a query, percent-encoded. */
  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** This request with one parameter more, which is encoded. */
  public Request parameter(String name, String value) {
    return parameters(Map.of(name, value));
  }

  /** This request with more parameters, which are encoded and sent in the order of their names. */
  public Request parameters(Map<String, String> more) {
    Map<String, String> all = new TreeMap<>(parameters);
    all.putAll(more);
    return new Request(method, path, all, headers, body, repeatable);
  }

  /** This request with one header more. One that the client would set goes before the client's. */
  public Request header(String name, String value) {
    List<String> all = new ArrayList<>(headers);
    all.add(name);
    all.add(value);
    return new Request(method, path, parameters, all, body, repeatable);
  }

  /** This request with a body of JSON. */
  public Request json(String json) {
    return body(JSON, json.getBytes(StandardCharsets.UTF_8));
  }

  /** This request with a body. */
  public Request body(String contentType, byte[] bytes) {
    Request typed = header("Content-Type", contentType);
    return new Request(method, path, parameters, typed.headers, bytes.clone(), repeatable);
  }

  /**
   * This request as one that may be sent again although the server may have done it: when the
   * connection broke before the answer, and after 502 and 504.
   */
  public Request repeatable() {
    return new Request(method, path, parameters, headers, body, true);
  }

  String method() {
    return method;
  }

  /** The path and the query. */
  String target() {
    String query =
        parameters.entrySet().stream()
            .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
            .collect(Collectors.joining("&"));
    return query.isEmpty() ? path : path + (path.indexOf('?') < 0 ? "?" : "&") + query;
  }

  /** Names and values in turn. */
  List<String> headers() {
    return headers;
  }

  boolean hasHeader(String name) {
    for (int i = 0; i < headers.size(); i += 2) {
      if (headers.get(i).equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }

  BodyPublisher publisher() {
    return body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
  }

  boolean isRepeatable() {
    return repeatable;
  }
}
