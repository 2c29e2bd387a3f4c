package dev.indelible.server.http;

import dev.indelible.server.http.HttpServerConfig.Timeouts;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One request and its answer, as a {@link Route.Handler} sees them.
 *
 * <p>Used by one thread at a time.
 */
public final class Exchange {

  /** The deepest JSON that {@link #json} reads. */
  public static final int MAX_JSON_DEPTH = 32;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(MAX_JSON_DEPTH).build())
          .build();

  private static final JsonMapper MAPPER =
      JsonMapper.builder(JSON).disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final Request request;
  private final Response response;
  private final Surroundings surroundings;
  private final String requestId;
  private final ResponseBody responseBody;
  private final Admission.Visit visit;
  private @Nullable Route route;
  private Map<String, String> pathParameters = Map.of();
  private QueryParameters query = QueryParameters.NONE;
  private @Nullable RequestBody requestBody;
  private boolean responding;
  private volatile @Nullable EventStream eventStream;

  /** Parts that all exchanges of a server share. */
  record Surroundings(
      Timeouts timeouts,
      int trustedProxies,
      @Nullable String publicUrl,
      Admission admission,
      BooleanSupplier isStopping) {}

  Exchange(Request request, Response response, Surroundings surroundings, String requestId) {
    this.request = request;
    this.response = response;
    this.surroundings = surroundings;
    this.requestId = requestId;
    this.responseBody = new ResponseBody(response, acceptsGzip());
    this.visit = surroundings.admission().visit(remoteAddress());
  }

  /** The places that the request has. */
  Admission.Visit visit() {
    return visit;
  }

  /**
   * Says who the request speaks for, whose share it is counted against from now on.
   *
   * @throws ProblemException 429 when they have their share
   */
  public void identified(Admission.Identity identity) {
    visit.identify(identity);
  }

  void matched(Route theRoute, Map<String, String> thePathParameters, QueryParameters theQuery) {
    route = theRoute;
    pathParameters = thePathParameters;
    query = theQuery;
  }

  // The request.

  /** The method as sent; {@code HEAD} although the route is that of {@code GET}. */
  public String method() {
    return request.getMethod();
  }

  /** The id of this request, also in the answer's {@code X-Request-Id} and in every problem. */
  public String requestId() {
    return requestId;
  }

  /** The value of a name in the route's path template: decoded, not empty. */
  public String pathParameter(String name) {
    String value = pathParameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the path template has no " + name);
    }
    return value;
  }

  /** The query parameters. */
  public QueryParameters query() {
    return query;
  }

  /**
   * The value of a header, or empty when it is not sent.
   *
   * @throws ProblemException 400 when it is sent more than once
   */
  public Optional<String> header(String name) {
    List<String> values = request.getHeaders().getValuesList(name);
    if (values.size() > 1) {
      throw new ProblemException(
          400, "doubled_header", "The header " + name + " is given more than once.");
    }
    return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
  }

  /**
   * All headers by name.
   *
   * @throws ProblemException 400 when one of a CloudEvent ({@code ce-}) is sent more than once
   */
  public Map<String, String> headers() {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (HttpField field : request.getHeaders()) {
      String value = field.getValue() == null ? "" : field.getValue();
      boolean doubled = all.put(field.getName(), value) != null;
      if (doubled && field.getName().toLowerCase(Locale.ROOT).startsWith("ce-")) {
        throw new ProblemException(
            400, "doubled_header", "The header " + field.getName() + " is given more than once.");
      }
    }
    return all;
  }

  /** The token of {@code Authorization: Bearer …}, or empty when there is none. */
  public Optional<String> bearerToken() {
    return header("Authorization")
        .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
        .map(value -> value.substring(7).trim())
        .filter(token -> !token.isEmpty());
  }

  /**
   * The address that the request came from: the connection's, or, behind proxies that are trusted,
   * the one that the outermost of them saw.
   */
  public String remoteAddress() {
    return remoteAddress(request, surroundings.trustedProxies());
  }

  static String remoteAddress(Request request, int trustedProxies) {
    if (trustedProxies > 0) {
      List<String> hops = request.getHeaders().getCSV("X-Forwarded-For", false);
      if (!hops.isEmpty()) {
        return hops.get(Math.max(0, hops.size() - trustedProxies));
      }
    }
    return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress a
            && a.getAddress() != null
        ? a.getAddress().getHostAddress()
        : "";
  }

  /**
   * The values of a header that may be sent in pieces, one after the other; empty when it is not
   * sent. HTTP/2 splits cookies so (RFC 9113, section 8.2.3).
   */
  String joined(String name, String separator) {
    return String.join(separator, request.getHeaders().getValuesList(name));
  }

  /** Whether the request came over TLS to this server. */
  public boolean isSecure() {
    return request.isSecure();
  }

  /** Whether the client's connection is TLS, to this server or to a proxy that is trusted. */
  boolean isSecureForClient() {
    return isSecure()
        || (surroundings.trustedProxies() > 0
            && header("X-Forwarded-Proto").filter("https"::equalsIgnoreCase).isPresent());
  }

  /**
   * The address that links to this server begin with, without a slash at the end. Without a
   * configured one it is where the client found the server, if that is this machine: whoever else
   * could choose the header {@code Host} would choose where a link with a secret in it leads.
   *
   * @throws ProblemException 409 when no address is configured and the client names another host
   */
  public String baseUrl() {
    String configured = surroundings.publicUrl();
    if (configured != null) {
      return configured;
    }
    String authority = authority();
    if (!LoopbackHost.isOf(authority)) {
      throw new ProblemException(
          409,
          "public_url_missing",
          "Set http.public_url to the address that people reach this server by: links are made of"
              + " it. Without it they are made for this machine alone, by the name localhost or"
              + " 127.0.0.1.");
    }
    return (isSecureForClient() ? "https://" : "http://") + authority;
  }

  /** The host and port that the client asked; empty when it says none. */
  String authority() {
    String named = request.getHttpURI().getAuthority();
    return header("Host").orElse(named == null ? "" : named);
  }

  /**
   * The media type of the body, one of {@code supported}, in lower case and without parameters.
   *
   * @throws ProblemException 415 when it is missing, another one, or not UTF-8
   */
  public String mediaType(String... supported) {
    String header = header("Content-Type").orElse("");
    String[] parts = header.toLowerCase(Locale.ROOT).split(";", -1);
    String type = typeOf(header);
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].trim().replace("\"", "");
      if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
        throw new ProblemException(
            415, "unsupported_media_type", "The body must be UTF-8, not " + parameter + ".");
      }
    }
    if (!List.of(supported).contains(type)) {
      throw new ProblemException(
          415,
          "unsupported_media_type",
          "The Content-Type must be " + String.join(" or ", supported) + ".");
    }
    return type;
  }

  private static String typeOf(String header) {
    return header.toLowerCase(Locale.ROOT).split(";", 2)[0].trim();
  }

  /**
   * The body, decompressed. Reading it throws a {@link ProblemException} when it is longer than
   * {@code limitBytes} (413), too slow (408) or not the gzip it says it is (400).
   *
   * @throws ProblemException 413 before a byte is read when the length is known to be too large,
   *     415 for an unknown {@code Content-Encoding}
   */
  public InputStream body(long limitBytes) {
    if (requestBody != null) {
      throw new IllegalStateException("the body is read once");
    }
    requestBody =
        RequestBody.open(
            new ArrivingBody(request, surroundings.timeouts(), visit),
            visit,
            header("Content-Encoding").orElse(null),
            request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH),
            limitBytes);
    return requestBody;
  }

  /**
   * The whole body as JSON; doubled names, trailing text and nesting deeper than {@value
   * #MAX_JSON_DEPTH} are refused.
   *
   * @throws ProblemException 415 when it is not {@code application/json}, and as {@link #body}
   */
  public JsonNode json(int limitBytes) {
    mediaType("application/json");
    try (JsonParser parser = MAPPER.createParser(body(limitBytes))) {
      JsonNode tree = parser.readValueAsTree();
      if (tree == null || parser.nextToken() != null) {
        throw new ProblemException(
            400,
            "malformed_json",
            tree == null ? "The body is empty." : "There is more after the end of the JSON.");
      }
      return tree;
    }
  }

  // The answer.

  /** Sets a header of the answer. */
  public void setHeader(String name, String value) {
    response.getHeaders().put(name, value);
  }

  /** Replaces the content security policy, which by default allows nothing: for pages. */
  public void setContentSecurityPolicy(String policy) {
    setHeader("Content-Security-Policy", policy);
  }

  /** Answers with JSON that is sent while it is written. */
  public void respondJson(int status, JsonBody body) throws IOException {
    respondJson(status, "application/json", body);
  }

  /** Answers with JSON of another media type. */
  public void respondJson(int status, String mediaType, JsonBody body) throws IOException {
    begin(status, mediaType);
    try (JsonGenerator generator =
        JSON.createGenerator(ObjectWriteContext.empty(), responseBody.uncloseable(0))) {
      body.write(generator);
    }
  }

  /** Answers with text. */
  public void respondText(int status, String contentType, String text) throws IOException {
    begin(status, contentType);
    responseBody.write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Answers with bytes of any length; what is written is sent as soon as there is enough of it. */
  public OutputStream respondStream(int status, String contentType) {
    return respondStream(status, contentType, 0);
  }

  /** Answers likewise with bytes whose number is known, more or less. */
  public OutputStream respondStream(int status, String contentType, long expectedBytes) {
    begin(status, contentType);
    return responseBody.uncloseable(expectedBytes);
  }

  /** Answers with bytes as they are, never compressed, so that parts of them can be asked for. */
  OutputStream respondAsIs(int status, String contentType) {
    responseBody.keepAsIs();
    return respondStream(status, contentType);
  }

  /** Answers without a body. */
  public void respondEmpty(int status) {
    responding(status);
  }

  /** Answers with bytes that the client may already have: then 304. */
  public void respondStatic(StaticContent content) throws IOException {
    byte[] gzip = content.gzip();
    boolean gzipped = gzip != null && acceptsGzip();
    String etag = content.etag(gzipped);
    setHeader("ETag", etag);
    setHeader("Cache-Control", content.cacheControl());
    if (gzip != null) {
      setHeader("Vary", "Accept-Encoding");
    }
    if (request.getHeaders().getCSV("If-None-Match", true).stream()
        .anyMatch(tag -> tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag))) {
      responding(304);
      return;
    }
    begin(200, content.contentType());
    if (gzip != null && gzipped) {
      setHeader("Content-Encoding", "gzip");
      responseBody.write(gzip);
    } else {
      responseBody.write(content.bytes());
    }
  }

  /**
   * Answers with an event stream. It ends when the handler returns; the handler should return soon
   * after the stream is no longer open.
   *
   * @throws ProblemException 503 when there are too many of them, 429 when there are of this caller
   */
  public EventStream respondEventStream() {
    if (surroundings.isStopping().getAsBoolean()) {
      throw Problems.stopping();
    }
    visit.stream();
    setHeader("X-Accel-Buffering", "no");
    begin(200, "text/event-stream");
    EventStream stream = new EventStream(new ResponseBody(response, false));
    eventStream = stream;
    stream.begin();
    return stream;
  }

  private void begin(int status, String contentType) {
    responding(status);
    setHeader("Content-Type", contentType);
  }

  private void responding(int status) {
    if (responding) {
      throw new IllegalStateException("a request is answered once");
    }
    responding = true;
    response.setStatus(status);
  }

  /** Whether the client takes gzip. */
  public boolean acceptsGzip() {
    for (String coding : request.getHeaders().getCSV(HttpHeader.ACCEPT_ENCODING, false)) {
      String[] parts = coding.toLowerCase(Locale.ROOT).replace(" ", "").split(";", -1);
      if (parts[0].equals("gzip") || parts[0].equals("*")) {
        return parts.length < 2 || !parts[1].matches("q=0(\\.0*)?");
      }
    }
    return false;
  }

  /** Writes a JSON document. */
  @FunctionalInterface
  public interface JsonBody {
    void write(JsonGenerator json) throws IOException;
  }

  // For the server.

  void respondProblem(ProblemException problem, @Nullable ProblemForm form) throws IOException {
    responseBody.reset();
    responding = false;
    response.getHeaders().remove(HttpHeader.CONTENT_ENCODING);
    response.getHeaders().remove(HttpHeader.ETAG);
    response.getHeaders().remove(HttpHeader.CONTENT_LENGTH);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    problem.headers().forEach(this::setHeader);
    if (problem.status() == 401 && !response.getHeaders().contains("WWW-Authenticate")) {
      setHeader("WWW-Authenticate", "Bearer");
    }
    if (form != null) {
      String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
      ProblemForm.Document document = form.write(problem, typeOf(type == null ? "" : type));
      respondStream(document.status(), document.mediaType()).write(document.bytes());
      return;
    }
    respondJson(
        problem.status(), Problems.MEDIA_TYPE, json -> Problems.write(json, problem, requestId));
  }

  Request request() {
    return request;
  }

  Response response() {
    return response;
  }

  ResponseBody responseBody() {
    EventStream stream = eventStream;
    return stream == null ? responseBody : stream.body();
  }

  boolean isResponding() {
    return responding;
  }

  @Nullable EventStream eventStream() {
    return eventStream;
  }

  @Nullable RequestBody requestBody() {
    return requestBody;
  }

  public @Nullable Route route() {
    return route;
  }
}
