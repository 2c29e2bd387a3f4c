package dev.indelible.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Answers what never becomes a request: Jetty's own errors, as the same problem documents. */
final class MalformedRequests extends ErrorHandler {

  private final RequestObserver observer;
  private final Supplier<String> requestIds;
  private final int trustedProxies;
  private final JsonFactory json = new JsonFactory();

  MalformedRequests(RequestObserver observer, Supplier<String> requestIds, int trustedProxies) {
    this.observer = observer;
    this.requestIds = requestIds;
    this.trustedProxies = trustedProxies;
  }

  @Override
  public boolean errorPageForMethod(String method) {
    return true;
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback)
      throws IOException {
    String known = response.getHeaders().get(RootHandler.REQUEST_ID_HEADER);
    String requestId = known != null ? known : requestIds.get();
    ProblemException problem =
        code >= 500
                && cause != null
                && !(cause instanceof QuietException)
                && code != 505
                && code != 503
            ? Problems.of(cause, ProblemTable.NONE, requestId)
            : Problems.ofStatus(code);
    RootHandler.setCommonHeaders(response.getHeaders(), requestId);
    problem.headers().forEach(response.getHeaders()::put);
    response.setStatus(problem.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problems.MEDIA_TYPE);
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator generator = json.createGenerator(ObjectWriteContext.empty(), out)) {
      Problems.write(generator, problem, requestId);
    }
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, out.size());
    response.write(true, ByteBuffer.wrap(out.toByteArray()), callback);
    if (known == null) {
      observe(request, problem, requestId, out.size(), cause);
    }
  }

  private void observe(
      Request request,
      ProblemException problem,
      String requestId,
      int bytes,
      @Nullable Throwable cause) {
    String method = request.getMethod();
    String path = request.getHttpURI() == null ? null : request.getHttpURI().getPath();
    observer.completed(
        new RequestObserver.Completed(
            requestId,
            method == null ? "-" : method,
            null,
            path == null ? "" : path,
            Exchange.remoteAddress(request, trustedProxies),
            problem.status(),
            0,
            0,
            bytes,
            cause));
  }
}
