package dev.indelible.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server over HTTP/1.1, and asks again when it says "not now" or cannot be reached.
 * Redirects are not followed, since they would take the key elsewhere. Thread-safe.
 */
final class Transport {

  private static final int OK = 200;
  private static final int PARTIAL_CONTENT = 206;

  private final Parts parts;
  private final String base;
  private final HttpClient http;

  /**
   * The settings of a client.
   *
   * @param server the server's address
   * @param key the key, or null to ask without one
   * @param userAgent the header {@code User-Agent}
   * @param connectTimeout how long a connection may take
   * @param answerTimeout how long an answer may take to begin
   * @param retry the retries, or null for none
   * @param waits how it waits
   */
  record Parts(
      URI server,
      @Nullable String key,
      String userAgent,
      Duration connectTimeout,
      Duration answerTimeout,
      @Nullable RetryPolicy retry,
      Waits waits) {}

  Transport(Parts parts) {
    this.parts = parts;
    this.base = parts.server().toString().replaceAll("/+$", "");
    this.http =
        HttpClient.newBuilder()
            .connectTimeout(parts.connectTimeout())
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** The server's address, without a slash at its end. */
  String base() {
    return base;
  }

  /**
   * Sends a request, as often as the policy says.
   *
   * @throws UnreachableException when there was no answer but "not now"
   */
  Answer ask(Request request) {
    HttpRequest sent = httpRequest(request).timeout(parts.answerTimeout()).build();
    RetryPolicy retry = parts.retry();
    Instant giveUp =
        parts.waits().clock().instant().plus(retry == null ? Duration.ZERO : retry.giveUpAfter());
    for (int attempt = 1; ; attempt++) {
      String why;
      Optional<String> retryAfter = Optional.empty();
      IOException cause = null;
      try {
        HttpResponse<byte[]> response = http.send(sent, BodyHandlers.ofByteArray());
        Answer answer = new Answer(response.statusCode(), response.headers(), response.body());
        if (retry == null || !mayRepeat(request, answer.status())) {
          return answer;
        }
        retryAfter = response.headers().firstValue("Retry-After");
        why = "the server says not now: " + answer.problem();
      } catch (IOException failure) {
        why = "%s cannot be reached (%s)".formatted(parts.server(), causes(failure));
        cause = failure;
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
      if (retry == null || (cause != null && !mayRepeat(request, cause))) {
        throw new UnreachableException(why, cause);
      }
      if (!parts.waits().clock().instant().isBefore(giveUp)) {
        throw new UnreachableException(why + "; gave up after " + attempt + " attempts", cause);
      }
      try {
        pauseAfter(attempt, retryAfter, why);
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
  }

  private static boolean mayRepeat(Request request, int status) {
    return request.isRepeatable() ? RetryPolicy.isNotNow(status) : RetryPolicy.isNotDone(status);
  }

  private static boolean mayRepeat(Request request, IOException failure) {
    return request.isRepeatable()
        || failure instanceof ConnectException
        || failure instanceof HttpConnectTimeoutException;
  }

  private static UnreachableException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new UnreachableException("interrupted", e);
  }

  /**
   * Sends a request once, and gives the body as it arrives. Only for the answer's beginning is
   * there a limit of time: the JDK's own would end long bodies from version 26 on.
   *
   * @throws IOException when the server cannot be reached
   */
  StreamedAnswer open(Request request) throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<InputStream>> coming =
        http.sendAsync(
            httpRequest(request).build(),
            head ->
                head.statusCode() == OK || head.statusCode() == PARTIAL_CONTENT
                    ? BodySubscribers.ofInputStream()
                    // A refusal is read at once, so that nothing has to be closed.
                    : BodySubscribers.mapping(
                        BodySubscribers.ofByteArray(), ByteArrayInputStream::new));
    try {
      HttpResponse<InputStream> response =
          coming.get(parts.answerTimeout().toMillis(), TimeUnit.MILLISECONDS);
      return new StreamedAnswer(response.statusCode(), response.headers(), response.body());
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    } catch (TimeoutException e) {
      throw new HttpTimeoutException(
          "no answer within " + parts.answerTimeout().toSeconds() + " s");
    } finally {
      if (!coming.isDone()) {
        coming.cancel(true);
      }
    }
  }

  /** Whether failures are repeated at all. */
  boolean retries() {
    return parts.retry() != null;
  }

  /** Waits as the policy says after {@code attempt} failures in a row. */
  void pauseAfter(int attempt, Optional<String> retryAfter, String why)
      throws InterruptedException {
    RetryPolicy retry = parts.retry() == null ? RetryPolicy.DEFAULT : parts.retry();
    Waits waits = parts.waits();
    Duration wait = retry.waitAfter(attempt, retryAfter, waits.clock().instant(), waits.random());
    waits.remarks().accept("%s; again in %.1f s".formatted(why, wait.toMillis() / 1000.0));
    waits.pause().pause(wait);
  }

  /** Waits without a word. */
  void pause(Duration wait) throws InterruptedException {
    parts.waits().pause().pause(wait);
  }

  private HttpRequest.Builder httpRequest(Request request) {
    HttpRequest.Builder http = HttpRequest.newBuilder(URI.create(base + request.target()));
    if (!request.headers().isEmpty()) {
      http.headers(request.headers().toArray(String[]::new));
    }
    if (!request.hasHeader("User-Agent")) {
      http.header("User-Agent", parts.userAgent());
    }
    if (parts.key() != null && !request.hasHeader("Authorization")) {
      http.header("Authorization", "Bearer " + parts.key());
    }
    return http.method(request.method(), request.publisher());
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

  /** Ends connections where the JDK can (from 21 on); before, they end when nothing holds them. */
  void close() {
    if (http instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        throw new IllegalStateException(e); // It declares none.
      }
    }
  }
}
