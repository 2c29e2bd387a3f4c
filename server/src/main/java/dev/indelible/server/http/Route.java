package dev.indelible.server.http;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the API: a method on a path template, and what answers it.
 *
 * <p>A template is a path whose segments are literal text or {@code {name}}, which takes one whole
 * segment, decoded, never empty; {@code {name*}} is allowed last and takes one or more segments as
 * they are, joined by slashes. A literal segment wins over a name.
 *
 * @param method {@code GET} (which answers {@code HEAD} too), {@code POST}, {@code PUT}, {@code
 *     PATCH} or {@code DELETE}
 * @param pathTemplate such as {@code /v1/tenants/{tenant}/events}
 * @param operationId the {@code operationId} in {@code docs/openapi.yaml}; unique
 * @param queryParameters every query parameter it knows; any other one is answered with 400
 * @param handler what answers it
 * @param problemForm form of its problems; null for problem documents
 */
public record Route(
    String method,
    String pathTemplate,
    String operationId,
    List<String> queryParameters,
    Handler handler,
    @Nullable ProblemForm problemForm) {

  private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");

  public Route {
    queryParameters = List.copyOf(queryParameters);
    if (!METHODS.contains(method)) {
      throw new IllegalArgumentException("no such method: " + method);
    }
    if (!pathTemplate.startsWith("/")) {
      throw new IllegalArgumentException("a path starts with a slash: " + pathTemplate);
    }
  }

  /** A route whose problems are problem documents. */
  public Route(
      String method,
      String pathTemplate,
      String operationId,
      List<String> queryParameters,
      Handler handler) {
    this(method, pathTemplate, operationId, queryParameters, handler, null);
  }

  /** A route without query parameters. */
  public Route(String method, String pathTemplate, String operationId, Handler handler) {
    this(method, pathTemplate, operationId, List.of(), handler);
  }

  /**
   * Answers one request, in blocking style on a virtual thread of its own.
   *
   * <p>It calls one of the exchange's {@code respond} methods, at most once; when it calls none the
   * answer is 204. What it throws becomes a problem document in one place: {@link ProblemException}
   * as it says, anything unforeseen a 500 that reveals nothing.
   */
  @FunctionalInterface
  public interface Handler {
    void handle(Exchange exchange) throws IOException, InterruptedException;
  }
}
