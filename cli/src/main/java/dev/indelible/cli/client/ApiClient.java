package dev.indelible.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server and asks again when it says "not now" (429, 502, 503, 504) or cannot be reached.
 *
 * <p>A POST is repeated like a GET: the caller gives every event an id, so that a repeated one
 * doubles nothing. Redirects are not followed, since they would take the key elsewhere. Not
 * thread-safe.
 */
public final class ApiClient implements AutoCloseable {

  /** How long a connection may take. */
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** How long an answer may take; a batch waits for the disk and for back-pressure. */
  static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

  private final Connection connection;
  private final RetryPolicy retry;
  private final Time time;
  private final HttpClient http;

  /**
   * The clock, the chance and the patience of a client, given so that tests need not wait.
   *
   * @param clock what time it is
   * @param random for the random part of a wait
   * @param pause waits
   * @param remarks is told why it waits
   */
  public record Time(
      InstantSource clock, RandomGenerator random, Pause pause, Consumer<String> remarks) {}

  /** Waits. */
  @FunctionalInterface
  public interface Pause {
    void pause(Duration duration) throws InterruptedException;
  }

  public ApiClient(Connection connection, RetryPolicy retry, Time time) {
    this.connection = connection;
    this.retry = retry;
    this.time = time;
    this.http =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /**
   * Posts {@code body}.
   *
   * @throws UnreachableException when there was no answer but "not now"
   */
  public Answer post(String path, String contentType, byte[] body) {
    return ask(
        request(path, Map.of())
            .header("Content-Type", contentType)
            .timeout(ANSWER_TIMEOUT)
            .POST(BodyPublishers.ofByteArray(body))
            .build());
  }

  /**
   * Gets {@code path} with the parameters of {@code query}.
   *
   * @throws UnreachableException when there was no answer but "not now"
   */
  public Answer get(String path, Map<String, String> query) {
    return ask(request(path, query).timeout(ANSWER_TIMEOUT).GET().build());
  }

  /** An open stream of server-sent events, or the answer that refused it. */
  public sealed interface Opened {

    /** Open; the caller closes it. */
    record Stream(InputStream body) implements Opened {}

    /** Refused, for good or for now. */
    record Refused(Answer answer, boolean notNow, Optional<String> retryAfter) implements Opened {}
  }

  /**
   * Opens a stream of server-sent events, once.
   *
   * @param lastEventId where an earlier stream ended, or null
   * @throws IOException when the server cannot be reached
   */
  public Opened open(String path, Map<String, String> query, @Nullable String lastEventId)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path, query).header("Accept", "text/event-stream");
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    HttpResponse<InputStream> response =
        http.send(request.GET().build(), BodyHandlers.ofInputStream());
    if (response.statusCode() == 200) {
      return new Opened.Stream(response.body());
    }
    try (InputStream body = response.body()) {
      return new Opened.Refused(
          Answer.of(response.statusCode(), body.readAllBytes()),
          RetryPolicy.isNotNow(response.statusCode()),
          response.headers().firstValue("Retry-After"));
    }
  }

  /** Waits as the policy says after {@code attempt} failures in a row. */
  public void pauseAfter(int attempt, Optional<String> retryAfter, String why)
      throws InterruptedException {
    Duration wait = retry.waitAfter(attempt, retryAfter, time.clock().instant(), time.random());
    time.remarks().accept("%s; again in %.1f s".formatted(why, wait.toMillis() / 1000.0));
    time.pause().pause(wait);
  }

  @Override
  public void close() {
    http.close();
  }

  private HttpRequest.Builder request(String path, Map<String, String> query) {
    String parameters =
        query.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
            .collect(Collectors.joining("&"));
    String base = connection.server().toString().replaceAll("/+$", "");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(base + path + (parameters.isEmpty() ? "" : "?" + parameters)))
            .header("User-Agent", "indelible-cli");
    if (connection.key() != null) {
      request.header("Authorization", "Bearer " + connection.key());
    }
    return request;
  }

  private Answer ask(HttpRequest request) {
    Instant giveUp = time.clock().instant().plus(retry.giveUpAfter());
    for (int attempt = 1; ; attempt++) {
      String why;
      Optional<String> retryAfter = Optional.empty();
      try {
        HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
        Answer answer = Answer.of(response.statusCode(), response.body());
        if (!RetryPolicy.isNotNow(answer.status())) {
          return answer;
        }
        retryAfter = response.headers().firstValue("Retry-After");
        why = "the server says not now: " + answer.problem();
      } catch (IOException failure) {
        why = "%s cannot be reached (%s)".formatted(connection.server(), causes(failure));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new UnreachableException("interrupted");
      }
      if (!time.clock().instant().isBefore(giveUp)) {
        throw new UnreachableException(why + "; gave up after " + attempt + " attempts");
      }
      try {
        pauseAfter(attempt, retryAfter, why);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new UnreachableException("interrupted");
      }
    }
  }

  /** The first message along the causes; the outermost of java.net.http often has none. */
  private static String causes(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at.getMessage() != null) {
        return at.getMessage();
      }
    }
    return failure.getClass().getSimpleName();
  }

  /** {@code text} as it stands in a path or a query. */
  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The path {@code /v1/…} with every segment encoded. */
  public static String path(String... segments) {
    return "/v1/"
        + List.of(segments).stream().map(ApiClient::encode).collect(Collectors.joining("/"));
  }
}
