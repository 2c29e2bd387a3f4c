package dev.indelible.server.http;

import dev.indelible.server.http.RawClient.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A real server with routes that show what it does. */
final class TestServer implements AutoCloseable {

  static final long BODY_LIMIT = 64 * 1024;

  /** For tests of what is cut off, and for no others: a busy machine may stall for as long. */
  static final HttpServerConfig.Timeouts SHORT_TIMEOUTS =
      new HttpServerConfig.Timeouts(
          Duration.ofSeconds(2),
          Duration.ofSeconds(3),
          Duration.ofMillis(400),
          10_000,
          HttpServerConfig.Timeouts.DEFAULT.write(),
          Duration.ofMillis(100));

  final HttpService service;
  final Queue<RequestObserver.Completed> completed = new ConcurrentLinkedQueue<>();
  volatile boolean recording = true;
  final CountDownLatch slowStarted = new CountDownLatch(1);
  final AtomicInteger slowRequests = new AtomicInteger();
  final CountDownLatch bigStarted = new CountDownLatch(1);
  final CountDownLatch slowMayEnd = new CountDownLatch(1);
  final CountDownLatch streamEnded = new CountDownLatch(1);
  final AtomicLong streamEvents = new AtomicLong();

  TestServer() throws IOException {
    this(HttpServerConfig.plain("127.0.0.1", 0));
  }

  TestServer(HttpServerConfig config) throws IOException {
    AtomicLong ids = new AtomicLong();
    service = new HttpService(config, routes(), this::observe, () -> "r" + ids.incrementAndGet());
    service.start();
  }

  private void observe(RequestObserver.Completed request) {
    if (recording) {
      completed.add(request);
    }
  }

  private List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    routes.add(
        new Route(
            "GET",
            "/hello",
            "hello",
            exchange ->
                exchange.respondJson(
                    200,
                    json -> {
                      json.writeStartObject();
                      json.writeStringProperty("hello", "world");
                      json.writeEndObject();
                    })));
    routes.add(
        new Route(
            "GET",
            "/things/{a}/{b}",
            "echoPath",
            List.of("q", "limit"),
            exchange ->
                exchange.respondText(
                    200,
                    "text/plain; charset=utf-8",
                    exchange.pathParameter("a")
                        + "|"
                        + exchange.pathParameter("b")
                        + "|"
                        + exchange.query().text("q").orElse("-")
                        + "|"
                        + exchange.query().integer("limit", 1, 10, 5))));
    routes.add(new Route("POST", "/count", "count", exchange -> count(exchange, BODY_LIMIT)));
    routes.add(
        new Route(
            "POST",
            "/big",
            "countBig",
            exchange -> {
              bigStarted.countDown();
              count(exchange, 64L * 1024 * 1024);
            }));
    routes.add(new Route("POST", "/ignore", "ignore", exchange -> exchange.respondEmpty(204)));
    routes.add(
        new Route(
            "GET",
            "/agent",
            "echoAgent",
            exchange ->
                exchange.respondText(
                    200,
                    "text/plain; charset=utf-8",
                    exchange.header("User-Agent").orElse("-")
                        + "|"
                        + exchange.header("Authorization").orElse("-"))));
    routes.add(
        new Route(
            "POST",
            "/json",
            "json",
            exchange -> {
              var tree = exchange.json(1024);
              exchange.respondJson(200, json -> json.writeNumber(tree.size()));
            }));
    routes.add(
        new Route(
            "GET",
            "/large",
            "large",
            exchange ->
                exchange.respondJson(
                    200,
                    json -> {
                      json.writeStartArray();
                      for (int i = 0; i < 100_000; i++) {
                        json.writeString("item " + i);
                      }
                      json.writeEndArray();
                    })));
    routes.add(
        new Route(
            "GET",
            "/endless",
            "endless",
            exchange -> {
              var out = exchange.respondStream(200, "application/octet-stream");
              byte[] block = new byte[64 * 1024];
              while (true) {
                out.write(block);
              }
            }));
    routes.add(
        new Route(
            "GET",
            "/fails",
            "fails",
            exchange -> {
              throw new IllegalStateException("secret detail");
            }));
    routes.add(
        new Route(
            "GET",
            "/fails-midway",
            "failsMidway",
            exchange -> {
              exchange.respondStream(200, "text/plain").write(new byte[200_000]);
              throw new IllegalStateException("secret detail");
            }));
    routes.add(
        new Route(
            "GET",
            "/fails-early",
            "failsEarly",
            exchange -> {
              exchange.respondStream(200, "text/plain").write(new byte[2_000]);
              throw new ProblemException(409, "conflict", "Too late.");
            }));
    routes.add(
        new Route(
            "GET",
            "/slow",
            "slow",
            exchange -> {
              slowStarted.countDown();
              slowRequests.incrementAndGet();
              slowMayEnd.await();
              exchange.respondText(200, "text/plain", "slow");
            }));
    routes.add(
        new Route(
            "GET",
            "/address",
            "address",
            exchange -> exchange.respondText(200, "text/plain", exchange.remoteAddress())));
    routes.add(
        new Route(
            "GET",
            "/health/live",
            "live",
            exchange -> exchange.respondText(200, "text/plain", "ok")));
    routes.add(new Route("GET", "/stream", "stream", this::stream));
    routes.add(new Route("GET", "/flood", "flood", this::flood));
    return routes;
  }

  private static void count(Exchange exchange, long limit) throws IOException {
    long count = 0;
    try (InputStream in = exchange.body(limit)) {
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        count += n;
      }
    }
    exchange.respondText(200, "text/plain", Long.toString(count));
  }

  private void stream(Exchange exchange) throws InterruptedException {
    EventStream stream = exchange.respondEventStream();
    CountDownLatch closed = new CountDownLatch(1);
    stream.onClose(closed::countDown);
    stream.send("7", "entry", "{\"a\":1}\nsecond line");
    closed.await();
    streamEnded.countDown();
  }

  private void flood(Exchange exchange) {
    EventStream stream = exchange.respondEventStream();
    String data = "x".repeat(10_000);
    while (stream.send(null, "entry", data)) {
      streamEvents.incrementAndGet();
    }
    streamEnded.countDown();
  }

  int port() {
    return service.port();
  }

  Answer get(String path, String... headers) throws IOException {
    return request("GET", path, headers);
  }

  Answer request(String method, String path, String... headers) throws IOException {
    try (RawClient client = new RawClient(port())) {
      StringBuilder lines = new StringBuilder();
      for (String header : headers) {
        lines.append(header).append("\r\n");
      }
      client.send(
          method
              + " "
              + path
              + " HTTP/1.1\r\nHost: test\r\n"
              + lines
              + "Connection: close\r\n\r\n");
      return client.answer(!method.equals("HEAD"));
    }
  }

  @Override
  public void close() {
    slowMayEnd.countDown();
    service.stop(Duration.ofSeconds(2));
  }
}
