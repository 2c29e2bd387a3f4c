package dev.indelible.cli.pull;

import dev.indelible.cli.pull.PullException.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * Requests to one API, repeated while it says "not now". Redirects are not followed, and no address
 * of another origin is asked: the requests carry credentials. Not thread-safe.
 */
final class ApiCalls implements AutoCloseable {

  /** The largest answer, in bytes. */
  static final int MAX_ANSWER_BYTES = 64 << 20;

  /** How long an answer may take from the request to its last byte. */
  static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(2);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);

  /** The most of an error's text that is shown, in characters. */
  private static final int MAX_SHOWN = 300;

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERROR = 500;

  private final URI base;
  private final Waiting waiting;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT_TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * Calls of an API.
   *
   * @param base address whose origin every request must have; https, or http on this machine
   */
  ApiCalls(URI base, Waiting waiting) {
    this.base = required(base);
    this.waiting = waiting;
  }

  private static URI required(URI base) {
    boolean secure = "https".equals(base.getScheme());
    boolean loopback =
        "http".equals(base.getScheme())
            && base.getHost() != null
            && base.getHost().matches("localhost|127\\.0\\.0\\.1|\\[::1\\]");
    if (base.getHost() == null || base.getUserInfo() != null || !(secure || loopback)) {
      throw new PullException(
          Kind.WRONG,
          base + " is no address with https; without TLS only this machine itself is asked");
    }
    return base;
  }

  Waiting waiting() {
    return waiting;
  }

  /**
   * An answer of status 200.
   *
   * @param list its body, which is a JSON array
   */
  record Page(List<JsonNode> list, HttpHeaders headers) {

    /** The address of the next page by the header {@code Link} (RFC 8288), or null. */
    @Nullable URI next() {
      return LinkHeader.next(headers.allValues("Link"));
    }
  }

  /** Gets a page; null when the answer has a status of {@code excused}. */
  @Nullable Page page(URI address, Map<String, String> headers, List<Integer> excused)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = send(request(address, headers).GET().build(), excused);
    if (answer.statusCode() != 200) {
      return null;
    }
    if (!(json(address, answer) instanceof ArrayNode array)) {
      throw new PullException(Kind.WRONG, at(address) + " answered with no JSON array");
    }
    List<JsonNode> list = new ArrayList<>(array.size());
    array.forEach(list::add);
    return new Page(list, answer.headers());
  }

  /** Posts a form; returns the JSON of the answer. */
  JsonNode post(URI address, String form) throws IOException, InterruptedException {
    return json(
        address,
        send(
            request(address, Map.of("Content-Type", "application/x-www-form-urlencoded"))
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build(),
            List.of()));
  }

  private HttpRequest.Builder request(URI address, Map<String, String> headers) {
    if (!sameOrigin(address)) {
      throw new PullException(
          Kind.WRONG,
          "the next page is said to be at %s, which is not where the log is (%s)"
              .formatted(at(address), at(base)));
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(ANSWER_TIMEOUT)
            .header("User-Agent", "indelible-pull");
    headers.forEach(request::header);
    return request;
  }

  private boolean sameOrigin(URI address) {
    return base.getScheme().equals(address.getScheme())
        && base.getHost().equals(address.getHost())
        && base.getPort() == address.getPort()
        && address.getUserInfo() == null;
  }

  /** The address without its query, which may hold what is nobody's business. */
  private static String at(URI address) {
    return "%s://%s%s"
        .formatted(address.getScheme(), address.getRawAuthority(), address.getRawPath());
  }

  private static JsonNode json(URI address, HttpResponse<byte[]> answer) {
    try {
      return JsonMapper.shared().readTree(answer.body());
    } catch (JacksonException e) {
      throw new PullException(Kind.WRONG, at(address) + " answered with no JSON");
    }
  }

  private HttpResponse<byte[]> send(HttpRequest request, List<Integer> excused)
      throws InterruptedException {
    Instant end = waiting.clock().instant().plus(waiting.giveUpAfter());
    for (int attempt = 1; ; attempt++) {
      String why;
      Optional<Duration> asked = Optional.empty();
      try {
        HttpResponse<byte[]> answer = once(request);
        int status = answer.statusCode();
        if (status == 200 || excused.contains(status)) {
          return answer;
        }
        asked = wait(answer);
        if (!isNotNow(answer, asked)) {
          throw refused(request.uri(), answer);
        }
        why = at(request.uri()) + " answered " + status;
      } catch (IOException e) {
        why = at(request.uri()) + " does not answer: " + reason(e);
      }
      Duration wait = waiting.before(attempt, asked);
      if (waiting.clock().instant().plus(wait).isAfter(end)) {
        throw new PullException(Kind.UNAVAILABLE, why);
      }
      waiting.remarks().accept("%s; again in %.1f s".formatted(why, wait.toMillis() / 1000.0));
      waiting.pause().sleep(wait);
    }
  }

  /** Sends a request and waits for the whole answer, no longer than the limit. */
  private HttpResponse<byte[]> once(HttpRequest request) throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(
            request,
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
    try {
      return answer.get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException("no whole answer within " + ANSWER_TIMEOUT, e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw e;
    }
  }

  private static boolean isNotNow(HttpResponse<byte[]> answer, Optional<Duration> asked) {
    int status = answer.statusCode();
    // GitHub answers 403 where others answer 429, and says how long to wait.
    return status == TOO_MANY
        || status >= SERVER_ERROR
        || (status == FORBIDDEN && asked.isPresent());
  }

  private Optional<Duration> wait(HttpResponse<byte[]> answer) {
    HttpHeaders headers = answer.headers();
    Optional<Duration> after = headers.firstValue("Retry-After").flatMap(waiting::retryAfter);
    if (after.isPresent() || answer.statusCode() >= SERVER_ERROR) {
      return after;
    }
    boolean used =
        headers
            .firstValue("X-RateLimit-Remaining")
            .or(() -> headers.firstValue("X-Rate-Limit-Remaining"))
            .filter(left -> left.strip().equals("0"))
            .isPresent();
    return used
        ? headers
            .firstValue("X-RateLimit-Reset")
            .or(() -> headers.firstValue("X-Rate-Limit-Reset"))
            .flatMap(waiting::untilEpochSecond)
        : Optional.empty();
  }

  private static PullException refused(URI address, HttpResponse<byte[]> answer) {
    int status = answer.statusCode();
    String said = new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8).strip();
    String shown = said.length() > MAX_SHOWN ? said.substring(0, MAX_SHOWN) + "…" : said;
    return new PullException(
        status == UNAUTHORIZED || status == FORBIDDEN ? Kind.NOT_ALLOWED : Kind.WRONG,
        "%s answered %d%s".formatted(at(address), status, shown.isEmpty() ? "" : ": " + shown));
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
