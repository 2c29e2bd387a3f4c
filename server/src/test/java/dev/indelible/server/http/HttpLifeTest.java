package dev.indelible.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.http.HttpServerConfig.Limits;
import dev.indelible.server.http.HttpServerConfig.Timeouts;
import dev.indelible.server.http.HttpServerConfig.Tls;
import dev.indelible.server.http.RawClient.Answer;
import dev.indelible.testing.Eventually;
import dev.indelible.testing.Pace;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many requests at once, streams, stopping, and what the configuration changes. */
final class HttpLifeTest {

  private static final String HOST = "Host: test\r\n";

  /** Requests of each of many clients. */
  private static final int EACH = 5;

  /** A timeout that is seen to be waited for, since nothing is waited for as long. */
  private static final Duration LONGER_THAN_ANY_WAIT = Eventually.LIMIT.multipliedBy(5);

  @TempDir private static Path shared = Path.of(".");
  private static TestCertificate certified;

  @BeforeAll
  static void makeKey() throws Exception {
    certified = TestCertificate.in(shared);
  }

  private static HttpServerConfig config() {
    return HttpServerConfig.plain("127.0.0.1", 0);
  }

  private static HttpServerConfig withBeats() {
    Timeouts usual = Timeouts.DEFAULT;
    return config()
        .withTimeouts(
            new Timeouts(
                usual.headers(),
                usual.idle(),
                usual.bodyGrace(),
                usual.bodyBytesPerSecond(),
                usual.write(),
                Duration.ofMillis(100)));
  }

  @Test
  void requestsAboveTheLimitGet503AndTheNextOneIsAnswered() throws Exception {
    try (TestServer server = new TestServer(config().withLimits(new Limits(100, 2, 1, 16 * 1024)));
        RawClient first = new RawClient(server.port());
        RawClient second = new RawClient(server.port())) {
      first.send("GET /slow HTTP/1.1\r\n" + HOST + "\r\n");
      second.send("GET /slow HTTP/1.1\r\n" + HOST + "\r\n");
      // Both are within before anybody asks: who asks takes one of the two permits, too.
      Eventually.see("slow requests", server.slowRequests::get, within -> within == 2);
      Answer refused = server.get("/hello");
      assertThat(refused.text()).contains("\"code\":\"overloaded\"");
      assertThat(refused.headers()).containsEntry("retry-after", "1");
      server.slowMayEnd.countDown();
      assertThat(first.answer().text()).isEqualTo("slow");
      assertThat(second.answer().text()).isEqualTo("slow");
      Eventually.see("status", () -> server.get("/hello").status(), status -> status == 200);
    }
  }

  @Test
  void aHandlerMayTakeLongerThanAConnectionMayBeIdle() throws Exception {
    try (TestServer server = new TestServer(config().withTimeouts(TestServer.SHORT_TIMEOUTS));
        RawClient client = new RawClient(server.port())) {
      client.send("GET /slow HTTP/1.1\r\n" + HOST + "\r\n");
      Eventually.reached("the slow request", server.slowStarted);
      try (RawClient idle = new RawClient(server.port())) {
        idle.send("GET /hello HTTP/1.1\r\n" + HOST + "\r\n");
        assertThat(idle.answer().status()).isEqualTo(200);
        assertThat(idle.isClosedByServer()).as("one that has begun to be idle later").isTrue();
      }
      server.slowMayEnd.countDown();
      assertThat(client.answer().text()).isEqualTo("slow");
    }
  }

  @Test
  void hundredsOfClientsAtOnceAreAllAnswered() throws Exception {
    int clients = 300;
    try (TestServer server = new TestServer(config());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> counts = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        counts.add(
            threads.submit(
                () -> {
                  int good = 0;
                  try (RawClient client = new RawClient(server.port())) {
                    for (int n = 0; n < EACH; n++) {
                      client.send(
                          "POST /count HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n\r\nabcde");
                      good += client.answer().text().equals("5") ? 1 : 0;
                    }
                  }
                  return good;
                }));
      }
      for (Future<Integer> count : counts) {
        assertThat(Eventually.done("answers", count)).isEqualTo(EACH);
      }
      Eventually.see("completed", server.completed::size, size -> size == clients * EACH);
      assertThat(server.completed)
          .allMatch(
              c -> c.status() == 200 && c.bytesIn() == 5 && c.bytesOut() == 1 && c.nanos() > 0)
          .allMatch(c -> c.route() != null && c.route().operationId().equals("count"));
    }
  }

  @Test
  void stoppingWaitsForAPostThatIsStillArriving() throws Exception {
    TestServer server = new TestServer(config());
    try (RawClient upload = new RawClient(server.port());
        RawClient idle = new RawClient(server.port());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      idle.send("GET /hello HTTP/1.1\r\n" + HOST + "\r\n");
      assertThat(idle.answer().status()).isEqualTo(200);
      upload.send("POST /big HTTP/1.1\r\n" + HOST + "Content-Length: 3000000\r\n\r\n");
      upload.send(new byte[1_000_000]);
      Eventually.reached("the upload", server.bigStarted);
      int port = server.port();
      Future<?> stop = threads.submit(() -> server.service.stop(LONGER_THAN_ANY_WAIT));
      Eventually.holds("a new connection is refused", () -> isRefused(port));
      // Silent for longer than the second after which Jetty, left alone, cuts it off.
      Pace.pause(Duration.ofMillis(1_500));
      assertThat(stop.isDone()).isFalse();
      upload.send(new byte[2_000_000]);
      Answer answer = upload.answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo("3000000");
      Eventually.done("stop", stop);
      assertThat(idle.isClosedByServer()).isTrue();
    }
  }

  private static boolean isRefused(int port) {
    try (RawClient _ = new RawClient(port)) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void stoppingIsBoundedByItsTimeout() throws Exception {
    TestServer server = new TestServer(config());
    try (RawClient client = new RawClient(server.port());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      client.send("GET /slow HTTP/1.1\r\n" + HOST + "\r\n");
      Eventually.reached("the slow request", server.slowStarted);
      Duration timeout = Duration.ofMillis(300);
      long start = System.nanoTime();
      Eventually.done("stop", threads.submit(() -> server.service.stop(timeout)));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(timeout);
      assertThat(client.isClosedByServer()).isTrue();
    } finally {
      server.slowMayEnd.countDown();
    }
  }

  @Test
  void anEventStreamSendsBeatsAndEndsWhenTheServerStops() throws Exception {
    TestServer server = new TestServer(withBeats().withLimits(new Limits(100, 10, 1, 16 * 1024)));
    try (RawClient client = new RawClient(server.port());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      client.send("GET /stream HTTP/1.1\r\n" + HOST + "Accept-Encoding: gzip\r\n\r\n");
      List<String> lines = new ArrayList<>();
      while (lines.stream().filter(line -> line.equals(":")).count() < 12) {
        lines.add(client.line());
      }
      assertThat(lines)
          .contains("HTTP/1.1 200 OK", "Content-Type: text/event-stream", "retry: 2000")
          .containsSubsequence("id: 7", "event: entry", "data: {\"a\":1}", "data: second line", "");
      Answer second = server.get("/stream");
      assertThat(second.status()).isEqualTo(503);
      assertThat(second.text()).contains("event streams");
      Eventually.done("stop", threads.submit(() -> server.service.stop(LONGER_THAN_ANY_WAIT)));
      Eventually.reached("the stream's end", server.streamEnded);
    }
  }

  @Test
  void anEventStreamEndsSoonAfterItsClientHasGone() throws Exception {
    try (TestServer server = new TestServer(withBeats())) {
      try (RawClient client = new RawClient(server.port())) {
        client.send("GET /stream HTTP/1.1\r\n" + HOST + "\r\n").answer(false);
      }
      Eventually.reached("the stream's end", server.streamEnded);
    }
  }

  @Test
  void forwardedAddressesCountOnlyFromTrustedProxies() throws IOException {
    String forwarded = "X-Forwarded-For: 6.6.6.6, 203.0.113.9, 10.0.0.1";
    try (TestServer server = new TestServer(config())) {
      assertThat(server.get("/address", forwarded).text()).isEqualTo("127.0.0.1");
    }
    try (TestServer server = new TestServer(config().withTrustedProxies(2))) {
      assertThat(server.get("/address", forwarded).text()).isEqualTo("203.0.113.9");
      assertThat(server.get("/address").text()).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void otherOriginsMayCallOnlyWhenConfigured() throws IOException {
    String preflight = "Access-Control-Request-Method: POST";
    try (TestServer server =
        new TestServer(config().withCorsOrigins(Set.of("https://app.example")))) {
      Answer allowed =
          server.request("OPTIONS", "/count", "Origin: https://app.example", preflight);
      assertThat(allowed.status()).isEqualTo(204);
      assertThat(allowed.headers())
          .containsEntry("access-control-allow-origin", "https://app.example")
          .containsEntry("access-control-allow-methods", "OPTIONS, POST")
          .containsEntry("vary", "Origin");
      assertThat(server.get("/hello", "Origin: https://evil.example").headers())
          .doesNotContainKey("access-control-allow-origin");
      assertThat(server.get("/fails", "Origin: https://app.example").headers())
          .containsEntry("access-control-allow-origin", "https://app.example");
    }
    try (TestServer server = new TestServer(config())) {
      assertThat(
              server
                  .request("OPTIONS", "/count", "Origin: https://app.example", preflight)
                  .headers())
          .doesNotContainKey("access-control-allow-origin");
    }
  }

  @Test
  void tlsFromPemFilesSpeaksHttp2() throws Exception {
    SSLContext context = certified.believer();
    HttpServerConfig config = config().withTls(certified.tls());
    try (TestServer server = new TestServer(config);
        HttpClient client = HttpClient.newBuilder().sslContext(context).build();
        TestServer strict = new TestServer(config.withTimeouts(TestServer.SHORT_TIMEOUTS));
        RawClient silent = new RawClient(strict.port())) {
      URI base = URI.create("https://localhost:" + server.port());
      HttpResponse<String> hello = send(client, HttpRequest.newBuilder(base.resolve("/hello")));
      assertThat(hello.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(hello.body()).isEqualTo("{\"hello\":\"world\"}");
      assertThat(send(client, post(base.resolve("/count"), 60_000)).body()).isEqualTo("60000");
      HttpResponse<String> tooLarge = send(client, post(base.resolve("/count"), 70_000));
      assertThat(tooLarge.statusCode()).isEqualTo(413);
      assertThat(tooLarge.body()).contains("body_too_large");
      assertThat(send(client, HttpRequest.newBuilder(base.resolve("/large"))).body())
          .endsWith("\"item 99999\"]");
      assertThat(silent.isClosedByServer()).as("silent in the handshake").isTrue();
    }
  }

  @Test
  void browsersAreToldToStayWithTlsWhereTheSettingSaysHowLong() throws Exception {
    String name = "strict-transport-security";
    HttpServerConfig.Public told =
        new HttpServerConfig.Public("https://audit.example.com", Duration.ofDays(365));
    try (TestServer quiet = new TestServer(config());
        TestServer plain =
            new TestServer(
                config().withPublic(new HttpServerConfig.Public(null, Duration.ofDays(365))));
        TestServer behindTls = new TestServer(config().withPublic(told))) {
      assertThat(quiet.get("/hello").headers()).doesNotContainKey(name);
      assertThat(plain.get("/hello").headers()).as("nobody comes by TLS").doesNotContainKey(name);
      assertThat(behindTls.get("/hello").headers()).containsEntry(name, "max-age=31536000");
      assertThat(behindTls.get("/nothing").headers()).containsEntry(name, "max-age=31536000");
    }
  }

  @Test
  void aKeyOfAnotherFormIsRefusedWithAdvice() {
    Path certificate = certified.tls().certificate();
    assertThatThrownBy(
            () -> new TestServer(config().withTls(new Tls(certificate, certificate))).close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("openssl pkcs8");
  }

  private static HttpRequest.Builder post(URI uri, int bytes) {
    return HttpRequest.newBuilder(uri)
        .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[bytes]));
  }

  private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request)
      throws Exception {
    return client.send(
        request.timeout(Eventually.LIMIT).build(), HttpResponse.BodyHandlers.ofString());
  }
}
