package dev.indelible.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.http.RawClient.Answer;
import dev.indelible.testing.Eventually;
import dev.indelible.testing.Pace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What badly behaved clients get; a normal client is answered after each of them. */
final class HostileClientsTest {

  private static final String HOST = "Host: test\r\n";

  private static TestServer server;

  /** One that soon loses its patience. */
  private static TestServer strict;

  @BeforeAll
  static void start() throws IOException {
    server = new TestServer();
    strict =
        new TestServer(
            HttpServerConfig.plain("127.0.0.1", 0).withTimeouts(TestServer.SHORT_TIMEOUTS));
  }

  @AfterAll
  static void stop() {
    server.close();
    strict.close();
  }

  @AfterEach
  void aNormalClientIsAnsweredAfterwards() throws IOException {
    assertThat(server.get("/hello").text()).isEqualTo("{\"hello\":\"world\"}");
  }

  private static RawClient client() throws IOException {
    return new RawClient(server.port());
  }

  private static RawClient clientOfStrict() throws IOException {
    return new RawClient(strict.port());
  }

  private static void assertProblem(Answer answer, int status, String code) {
    assertThat(answer.text()).as(answer.statusLine()).contains("\"code\":\"" + code + "\"");
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.headers())
        .containsEntry("content-type", "application/problem+json")
        .containsEntry("x-content-type-options", "nosniff");
    assertThat(answer.text())
        .contains("\"request_id\":\"" + answer.headers().get("x-request-id") + "\"")
        .doesNotContain("Exception");
  }

  @ParameterizedTest
  @CsvSource({"/count, 413", "/big, 413", "/ignore, 204", "/nothing, 404"})
  void tenGigabytesByContentLengthAreRefusedUnread(String path, int status) throws IOException {
    try (RawClient client = client()) {
      client.send("POST " + path + " HTTP/1.1\r\n" + HOST + "Content-Length: 10737418240\r\n\r\n");
      Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.headers()).containsEntry("connection", "close");
      assertThat(writeUntilRefused(client, new byte[64 * 1024])).isLessThan(64L * 1024 * 1024);
    }
  }

  @Test
  void tenGigabytesInChunksAreStoppedEarly() throws IOException {
    byte[] chunk = new byte[64 * 1024 + 9];
    Arrays.fill(chunk, (byte) 'x');
    System.arraycopy("10000\r\n".getBytes(StandardCharsets.US_ASCII), 0, chunk, 0, 7);
    chunk[chunk.length - 2] = '\r';
    chunk[chunk.length - 1] = '\n';
    try (RawClient client = client()) {
      client.send("POST /count HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n");
      client.send(chunk).send(chunk);
      assertProblem(client.answer(), 413, "body_too_large");
      assertThat(writeUntilRefused(client, chunk)).isLessThan(64L * 1024 * 1024);
    }
  }

  private static long writeUntilRefused(RawClient client, byte[] block) {
    long sent = 0;
    try {
      while (sent < 10L * 1024 * 1024 * 1024) {
        client.send(block);
        sent += block.length;
      }
    } catch (IOException e) {
      // The server closed the connection.
    }
    return sent;
  }

  private static byte[] gzip(long zeros) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      byte[] block = new byte[1024 * 1024];
      for (long left = zeros; left > 0; left -= block.length) {
        out.write(block, 0, (int) Math.min(left, block.length));
      }
    }
    return packed.toByteArray();
  }

  private static Answer postGzip(String path, byte[] body, String encoding) throws IOException {
    try (RawClient client = client()) {
      client.send(
          "POST "
              + path
              + " HTTP/1.1\r\n"
              + HOST
              + "Content-Encoding: "
              + encoding
              + "\r\nContent-Length: "
              + body.length
              + "\r\n\r\n");
      return client.send(body).answer();
    }
  }

  @Test
  void decompressedBytesAreWhatIsCounted() throws IOException {
    byte[] fits = gzip(TestServer.BODY_LIMIT);
    assertThat(postGzip("/count", fits, "gzip").text())
        .isEqualTo(Long.toString(TestServer.BODY_LIMIT));
    assertProblem(
        postGzip("/count", gzip(TestServer.BODY_LIMIT + 1), "gzip"), 413, "body_too_large");
    byte[] bomb = gzip(80L * 1024 * 1024);
    assertThat(bomb.length).isLessThan(300 * 1024);
    assertProblem(postGzip("/big", bomb, "GZIP"), 413, "body_too_large");
  }

  @Test
  void membersOfGzipMayBeEmptyButNotWithoutEnd() throws IOException {
    byte[] empty = gzip(0);
    ByteArrayOutputStream few = new ByteArrayOutputStream();
    for (int i = 0; i < 50; i++) {
      few.write(empty);
    }
    few.write(gzip(1_000));
    assertThat(postGzip("/count", few.toByteArray(), "gzip").text()).isEqualTo("1000");
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    for (int i = 0; i < 10_000; i++) {
      many.write(empty);
    }
    assertProblem(postGzip("/big", many.toByteArray(), "gzip"), 400, "malformed_body");
  }

  @Test
  void gzipThatIsCutOffOrIsNoneIsRefused() throws IOException {
    byte[] whole = gzip(50_000);
    for (int length : new int[] {0, 1, 9, 10, 20, whole.length - 9, whole.length - 1}) {
      assertProblem(
          postGzip("/count", Arrays.copyOf(whole, length), "gzip"), 400, "malformed_body");
    }
    byte[] flipped = whole.clone();
    flipped[whole.length - 6] ^= 1;
    assertProblem(postGzip("/count", flipped, "gzip"), 400, "malformed_body");
    assertProblem(
        postGzip("/count", "plain".getBytes(StandardCharsets.UTF_8), "gzip"),
        400,
        "malformed_body");
    assertProblem(postGzip("/count", whole, "br"), 415, "unsupported_content_encoding");
    assertProblem(postGzip("/count", whole, "gzip, gzip"), 415, "unsupported_content_encoding");
  }

  @Test
  void headersThatTrickleAreCutOff() throws Exception {
    try (RawClient client = clientOfStrict()) {
      client.send("GET /hello HTTP/1.1\r\nX-Slow: ");
      Eventually.holds("the trickle is cut off", () -> isRefused(client, "x"));
    }
  }

  private static boolean isRefused(RawClient client, String more) {
    try {
      client.send(more);
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void silentConnectionsAreClosed() throws IOException {
    try (RawClient never = clientOfStrict();
        RawClient halfway = clientOfStrict().send("GET /hello HT")) {
      assertThat(never.isClosedByServer()).isTrue();
      assertThat(halfway.isClosedByServer()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 1000\r\n\r\nabc",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
      })
  void aStalledBodyIsAnsweredWith408(String rest) throws IOException {
    try (RawClient client = clientOfStrict()) {
      client.send("POST /count HTTP/1.1\r\n" + HOST + rest);
      assertProblem(client.answer(), 408, "body_too_slow");
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void aTricklingBodyIsAnsweredWith408() throws Exception {
    int bytes = 3_000; // the whole of it takes a minute
    AtomicInteger sent = new AtomicInteger();
    try (RawClient client = clientOfStrict()) {
      client.send("POST /count HTTP/1.1\r\n" + HOST + "Content-Length: " + bytes + "\r\n\r\n");
      Thread trickle =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      while (sent.getAndIncrement() < bytes) {
                        client.send("x");
                        Pace.pause(Duration.ofMillis(20));
                      }
                    } catch (IOException | InterruptedException e) {
                      // Refused, as it should be.
                    }
                  });
      assertProblem(client.answer(), 408, "body_too_slow");
      assertThat(sent.get()).as("bytes that were taken").isLessThan(bytes / 2);
      trickle.interrupt();
      Eventually.ended("the trickle", trickle);
    }
  }

  @Test
  void aReaderWhoDoesNotReadIsCutOffLongBeforeTheConnectionIsIdle() throws Exception {
    HttpServerConfig config =
        HttpServerConfig.plain("127.0.0.1", 0)
            .withTimeouts(
                new HttpServerConfig.Timeouts(
                    Duration.ofSeconds(10),
                    Eventually.LIMIT.multipliedBy(5),
                    Duration.ofSeconds(10),
                    0,
                    Duration.ofMillis(300),
                    Duration.ofSeconds(10)));
    try (TestServer patient = new TestServer(config);
        RawClient stream = new RawClient(patient.port(), 4096);
        RawClient download = new RawClient(patient.port(), 4096)) {
      stream.send("GET /flood HTTP/1.1\r\n" + HOST + "\r\n");
      download.send("GET /endless HTTP/1.1\r\n" + HOST + "\r\n");
      Eventually.reached("the stream's end", patient.streamEnded);
      Eventually.see("completed", patient.completed::size, size -> size >= 2);
      assertThat(patient.completed)
          .anyMatch(c -> c.path().equals("/endless") && c.failure() != null)
          .anyMatch(c -> c.path().equals("/flood"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'GET /hello HTTP/1.1\r\n\r\n', 400, malformed_request",
    "'GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400, malformed_request",
    "'GARBAGE\r\n\r\n', 400, malformed_request",
    "'GET\r\n\r\n', 400, malformed_request",
    "'\u0001\u0002\u0003\u0004\r\n\r\n', 400, malformed_request",
    "'GET /hello HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n', 400, malformed_request",
    "'GET /hello HTTP/1.1\r\nHost: x\r\nBad Name: 1\r\n\r\n', 400, malformed_request",
    "'GET /hello HTTP/1.1\r\nHost: x\r\n folded: 1\r\n\r\n', 400, malformed_request",
    "'GET /hello HTTP/7.3\r\nHost: x\r\n\r\n', 505, http_version_not_supported",
    "'GET /things/%2e%2e/b HTTP/1.1\r\nHost: x\r\n\r\n', 400, malformed_request",
    "'GET /things/%zz/b HTTP/1.1\r\nHost: x\r\n\r\n', 400, malformed_request",
    "'GET /things/%C3/b HTTP/1.1\r\nHost: x\r\n\r\n', 400, malformed_request",
    "'GET /things/%00/b HTTP/1.1\r\nHost: x\r\n\r\n', 400, malformed_request",
    "'POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n', 400, malformed_request",
    "'POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999999999999999\r\n\r\n', 400, malformed_request",
    "'POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd', 400, malformed_request",
    "'POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400, malformed_request",
    "'POST /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n', 400, malformed_body",
    "'POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1,', 400, malformed_json",
    "'POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"a\":1,\"a\":2}', 400, malformed_json",
    "'POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n{} {}', 400, malformed_json",
    "'POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}', 415, unsupported_media_type",
    "'POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json; charset=latin1\r\nContent-Length: 2\r\n\r\n{}', 415, unsupported_media_type",
  })
  void everyMalformedRequestGetsAProblemDocument(String request, int status, String code)
      throws IOException {
    try (RawClient client = client()) {
      assertProblem(client.send(request).answer(), status, code);
    }
  }

  /** A proxy that takes the LF for a part of a value sees other requests than the server. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /hello HTTP/1.1\nHost: x\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: x\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: x\r\nA: b\nC: d\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: x\r\n\n",
        "GET /hello HTTP/1.1\nHost: x\n\n"
      })
  void aBareLineFeedInAHeadIsRefused(String request) throws IOException {
    try (RawClient client = client()) {
      assertProblem(client.send(request).answer(), 400, "malformed_request");
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void aBareLineFeedBetweenChunksIsRefused() throws IOException {
    for (String body : new String[] {"3\nabc\r\n0\r\n\r\n", "3\r\nabc\n0\r\n\r\n"}) {
      try (RawClient client = client()) {
        client.send(
            "POST /count HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n" + body);
        assertThat(client.answer().status()).as(body).isEqualTo(400);
      }
    }
  }

  @Test
  void hugeHeadersAndAddressesAreRefused() throws IOException {
    try (RawClient client = client()) {
      client.send("GET /hello HTTP/1.1\r\n" + HOST + "X: " + "y".repeat(20_000) + "\r\n\r\n");
      assertProblem(client.answer(), 431, "headers_too_large");
    }
    try (RawClient client = client()) {
      client.send("GET /" + "y".repeat(20_000) + " HTTP/1.1\r\n" + HOST + "\r\n");
      assertProblem(client.answer(), 414, "uri_too_long");
    }
    assertThat(server.get("/hello?" + "a&".repeat(100)).text()).contains("More than 64");
    assertThat(server.get("/a".repeat(1000)).status()).isEqualTo(404);
  }

  @Test
  void garbageBehindAGoodRequestHarmsOnlyItself() throws Exception {
    try (RawClient client = client()) {
      client.send("GET /hello HTTP/1.1\r\n" + HOST + "\r\n\u0000\u0016\u0003 garbage\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(200);
      assertProblem(client.answer(), 400, "malformed_request");
      assertThat(client.isClosedByServer()).isTrue();
    }
    Predicate<RequestObserver.Completed> refused =
        c -> c.status() == 400 && c.route() == null && c.bytesOut() > 100;
    Eventually.passes(
        "the refusal is recorded", () -> assertThat(server.completed).anyMatch(refused));
  }

  @Test
  void aClientThatLeavesInTheMiddleOfABodyOrAnAnswerHarmsNobody() throws Exception {
    long before = server.completed.size();
    try (RawClient body = client();
        RawClient answer = client()) {
      body.send("POST /big HTTP/1.1\r\n" + HOST + "Content-Length: 1000\r\n\r\nabc");
      // No buffer between the two can hold the whole answer, so its writer must notice.
      answer.send("GET /endless HTTP/1.1\r\n" + HOST + "\r\n");
      assertThat(answer.line()).isEqualTo("HTTP/1.1 200 OK");
    }
    Predicate<RequestObserver.Completed> cutBody =
        c -> c.path().equals("/big") && c.status() == 400 && c.bytesIn() == 3;
    Predicate<RequestObserver.Completed> cutAnswer =
        c -> c.path().equals("/endless") && c.failure() != null;
    Eventually.passes(
        "both are recorded",
        () ->
            assertThat(server.completed.stream().skip(before))
                .anyMatch(cutBody)
                .anyMatch(cutAnswer));
  }

  @Test
  void expectContinueIsAnsweredBeforeTheBodyOnlyWhenItIsWanted() throws IOException {
    try (RawClient client = client()) {
      String expect = HOST + "Expect: 100-continue\r\nContent-Length: ";
      client.send("POST /count HTTP/1.1\r\n" + expect + "3\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(100);
      assertThat(client.send("abc").answer().text()).isEqualTo("3");
      client.send("POST /count HTTP/1.1\r\n" + expect + "10737418240\r\n\r\n");
      assertProblem(client.answer(), 413, "body_too_large");
    }
  }
}
