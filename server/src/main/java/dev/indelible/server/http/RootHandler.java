package dev.indelible.server.http;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * Answers every well-formed request: finds the route, runs its handler on the calling virtual
 * thread, and turns what it throws into a problem.
 */
final class RootHandler extends Handler.Abstract {

  /** How much of a refused body is read and thrown away, so that the client sees the answer. */
  static final long DRAIN_BYTES = 4L * 1024 * 1024;

  /** How long a refused body is read and thrown away. */
  static final long DRAIN_NANOS = 1_000_000_000L;

  /** Prefix of the paths of health checks; they take no place of a request. */
  static final String HEALTH_PREFIX = "/health/";

  static final String REQUEST_ID_HEADER = "X-Request-Id";

  private final Router router;
  private final HttpServerConfig config;
  private final RequestObserver observer;
  private final Supplier<String> requestIds;
  private final ProblemTable problems;
  private final Cors cors;
  private final Admission admission;
  private final Set<Running> running = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  /**
   * The rest of the program, as the handler needs it.
   *
   * @param observer is told of every request
   * @param requestIds yields a new id for each request
   * @param origins says of an origin whether its pages may read answers
   * @param problems the answers to exceptions of routes
   */
  record Surroundings(
      RequestObserver observer,
      Supplier<String> requestIds,
      Predicate<String> origins,
      ProblemTable problems) {}

  RootHandler(Router router, HttpServerConfig config, Surroundings surroundings) {
    this.router = router;
    this.config = config;
    this.observer = surroundings.observer();
    this.requestIds = surroundings.requestIds();
    this.problems = surroundings.problems();
    this.cors = new Cors(config.corsOrigins(), surroundings.origins());
    this.admission = new Admission(config.limits(), config.bodies());
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String requestId = requestIds.get();
    setCommonHeaders(response.getHeaders(), requestId);
    Running run = new Running(request, response, callback, requestId);
    running.add(run);
    // A handler may take longer than the connection may be idle; silence is the client's fault only
    // while it is being read from or written to, and then Jetty does not ask here.
    request.addIdleTimeoutListener(timeout -> false);
    request.addFailureListener(run::clientGone);
    run.run();
    return true;
  }

  /** Sets the headers that every answer carries, that to a malformed request too. */
  static void setCommonHeaders(HttpFields.Mutable headers, String requestId) {
    headers.put(REQUEST_ID_HEADER, requestId);
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("Referrer-Policy", "no-referrer");
    headers.put("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
  }

  /** Refuses new requests from now on, and ends every event stream. */
  void stopTaking() {
    stopping = true;
    running.forEach(Running::endStream);
  }

  Admission admission() {
    return admission;
  }

  /** The requests that are being answered. */
  Set<Running> running() {
    return running;
  }

  /** One request from its headers to its last byte. */
  final class Running implements Callback {
    private final Exchange exchange;
    private final Callback callback;
    private final String requestId;
    private final long startedNanos = System.nanoTime();

    Running(Request request, Response response, Callback callback, String requestId) {
      this.callback = callback;
      this.requestId = requestId;
      this.exchange =
          new Exchange(
              request,
              response,
              new Exchange.Surroundings(
                  config.timeouts(),
                  config.trustedProxies(),
                  config.address().url(),
                  admission,
                  () -> stopping),
              requestId);
    }

    Exchange exchange() {
      return exchange;
    }

    private void endStream() {
      EventStream stream = exchange.eventStream();
      if (stream != null) {
        stream.end();
      }
    }

    private void clientGone(Throwable cause) {
      endStream();
    }

    void run() {
      try {
        try {
          answer();
          RequestBody body = exchange.requestBody();
          ProblemException bodyFailure = body == null ? null : body.failure();
          if (bodyFailure != null) {
            throw bodyFailure;
          }
          if (!exchange.isResponding()) {
            exchange.respondEmpty(204);
          }
        } catch (Throwable e) {
          if (!answerProblem(e)) {
            return;
          }
        }
        finish();
      } catch (Throwable e) {
        // Errors too: a request that is never ended would hold its permit for ever.
        failed(e);
      }
    }

    private void answer() throws IOException, InterruptedException {
      Request request = exchange.request();
      String method = request.getMethod();
      if (stopping) {
        throw Problems.stopping();
      }
      if (!isHealthCheck(request)) {
        exchange.visit().begin();
      }
      Http2Heads.requireSound(request);
      Router.Match match = match(request);
      if (match == null) {
        throw new ProblemException(404, "no_such_path", "There is no such address; see /docs.");
      }
      if (cors.apply(request, exchange.response(), match)) {
        exchange.respondEmpty(204);
        return;
      }
      if (method.equals("OPTIONS")) {
        exchange.setHeader("Allow", match.allow());
        exchange.respondEmpty(204);
        return;
      }
      Router.Target target = match.target(method);
      if (target == null) {
        throw new ProblemException(
                405, "method_not_allowed", "This address takes " + match.allow() + ".")
            .withHeader("Allow", match.allow());
      }
      Route route = target.route();
      // First without the query, so that a refused one is still counted under its route.
      exchange.matched(route, match.parameters(target), QueryParameters.NONE);
      exchange.matched(
          route,
          match.parameters(target),
          QueryParameters.parse(request.getHttpURI().getQuery(), route.queryParameters()));
      route.handler().handle(exchange);
    }

    /** Whether the server's health is asked for, which is told however busy it is. */
    private static boolean isHealthCheck(Request request) {
      String path = request.getHttpURI().getPath();
      return path != null && path.startsWith(HEALTH_PREFIX);
    }

    private Router.@Nullable Match match(Request request) {
      // Not the canonical path: that one loses what follows a semicolon, which may be part of an
      // id.
      String path = request.getHttpURI().getPath();
      if (path == null) {
        return null;
      }
      try {
        return router.match(path);
      } catch (IllegalArgumentException e) {
        throw new ProblemException(
                400, "malformed_request", "The path holds " + e.getMessage() + ".")
            .withCause(e);
      }
    }

    /** False when there is nobody to answer, or half an answer is out: then it is given up. */
    private boolean answerProblem(Throwable thrown) throws IOException {
      RequestBody body = exchange.requestBody();
      ProblemException bodyFailure = body == null ? null : body.failure();
      // A handler that says more about the body's failure, how much of it was used, is heard.
      Throwable cause = bodyFailure == null || tellsOf(thrown, bodyFailure) ? thrown : bodyFailure;
      if (isClientGone(cause)) {
        // Jetty would log it, and try to answer.
        failed(new EofException("the client is gone"));
        return false;
      }
      ProblemException problem =
          cause instanceof InterruptedException
              ? Problems.stopping()
              : Problems.of(cause, problems, requestId);
      if (exchange.response().isCommitted()) {
        failed(cause);
        return false;
      }
      exchange.respondProblem(problem, problemForm());
      return true;
    }

    /** The form of the route's problems; of those too that came before its handler was asked. */
    private @Nullable ProblemForm problemForm() {
      Route route = exchange.route();
      if (route != null) {
        return route.problemForm();
      }
      try {
        Router.Match match = match(exchange.request());
        Router.Target target = match == null ? null : match.target(exchange.method());
        return target == null ? null : target.route().problemForm();
      } catch (ProblemException e) {
        return null;
      }
    }

    private static boolean tellsOf(Throwable thrown, ProblemException failure) {
      return thrown instanceof ProblemException && thrown.getCause() == failure;
    }

    private static boolean isClientGone(Throwable thrown) {
      for (Throwable t = thrown; t != null; t = t.getCause()) {
        if (t instanceof ClientGoneException) {
          return true;
        }
      }
      return false;
    }

    private void finish() throws IOException {
      RequestBody body = exchange.requestBody();
      if (body != null) {
        body.close();
      }
      EventStream stream = exchange.eventStream();
      if (stream != null) {
        stream.finish(this);
        return;
      }
      if (!mayHaveUnreadBody(body)) {
        exchange.responseBody().finish(this);
        return;
      }
      boolean ownConnection =
          exchange.request().getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_2;
      if (ownConnection) {
        exchange.response().getHeaders().put(HttpHeader.CONNECTION, "close");
      }
      try (Blocker.Callback written = Blocker.callback()) {
        exchange.responseBody().finish(written);
        written.block();
      }
      exchange.visit().leaveEarly();
      if (body == null || !body.isGivenUp()) {
        drain();
      } else if (ownConnection) {
        // The wait for more, which is still under way in Jetty, ends with the connection.
        exchange.request().getConnectionMetaData().getConnection().getEndPoint().close();
      }
      succeeded();
    }

    private boolean mayHaveUnreadBody(@Nullable RequestBody body) {
      if (body != null && body.isEnded()) {
        return false;
      }
      Request request = exchange.request();
      HttpFields headers = request.getHeaders();
      if (request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_2
          && headers.getLongField(HttpHeader.CONTENT_LENGTH) <= 0
          && !headers.contains(HttpHeader.TRANSFER_ENCODING)) {
        return false;
      }
      if (body == null && headers.contains(HttpHeader.EXPECT)) {
        // The client was never told to go on; Jetty closes the connection by itself.
        return false;
      }
      return !isLast(request.read());
    }

    private static boolean isLast(Content.@Nullable Chunk chunk) {
      if (chunk == null) {
        return false;
      }
      boolean last = chunk.isLast();
      chunk.release();
      return last;
    }

    /**
     * Reads on for a while. Closing a connection with unread bytes resets it, and the client may
     * then lose the answer that says why.
     */
    private void drain() {
      long deadlineNanos = System.nanoTime() + DRAIN_NANOS;
      long drained = 0;
      Request request = exchange.request();
      Thread draining = Thread.currentThread();
      AtomicBoolean demanded = new AtomicBoolean();
      Runnable arrived =
          Invocable.from(
              Invocable.InvocationType.NON_BLOCKING,
              () -> {
                demanded.set(false);
                LockSupport.unpark(draining);
              });
      long left;
      while (drained < DRAIN_BYTES && (left = deadlineNanos - System.nanoTime()) > 0) {
        Content.Chunk chunk = request.read();
        if (chunk == null) {
          if (demanded.compareAndSet(false, true)) {
            request.demand(arrived);
          }
          LockSupport.parkNanos(this, left);
          if (Thread.currentThread().isInterrupted()) {
            return;
          }
          continue;
        }
        drained += chunk.remaining();
        if (isLast(chunk) || Content.Chunk.isFailure(chunk)) {
          return;
        }
      }
    }

    @Override
    public void succeeded() {
      end(null);
      callback.succeeded();
    }

    @Override
    public void failed(Throwable cause) {
      try {
        exchange.responseBody().abandon();
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
      end(cause);
      callback.failed(cause);
    }

    private void end(@Nullable Throwable failure) {
      if (!running.remove(this)) {
        return;
      }
      endStream();
      exchange.visit().end();
      Request request = exchange.request();
      RequestBody body = exchange.requestBody();
      String path = request.getHttpURI().getPath();
      observer.completed(
          new RequestObserver.Completed(
              requestId,
              request.getMethod(),
              exchange.route(),
              path == null ? "" : path,
              exchange.remoteAddress(),
              exchange.response().getStatus(),
              System.nanoTime() - startedNanos,
              body == null ? 0 : body.arrivedBytes(),
              exchange.responseBody().sentBytes(),
              failure));
    }
  }
}
