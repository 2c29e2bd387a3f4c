package dev.indelible.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import dev.indelible.testing.Pace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What badly behaved clients get that speak HTTP/2 over TLS, the same shapes as {@link
 * HostileClientsTest}; a normal client is answered after each of them.
 */
final class Http2HostileClientsTest {

  private static final byte[] CANCEL = {0, 0, 0, 8};

  /** More than any server takes in a second of frames that cost it something and ask nothing. */
  private static final int FLOOD = 5_000;

  @TempDir private static Path folder = Path.of(".");
  private static SSLContext believer;
  private static HttpServerConfig.Tls tls;
  private static TestServer server;

  /** One that soon loses its patience. */
  private static TestServer strict;

  @BeforeAll
  static void start() throws Exception {
    TestCertificate certificate = TestCertificate.in(folder);
    believer = certificate.believer();
    tls = certificate.tls();
    HttpServerConfig config = HttpServerConfig.plain("127.0.0.1", 0).withTls(certificate.tls());
    server = new TestServer(config);
    strict = new TestServer(config.withTimeouts(TestServer.SHORT_TIMEOUTS));
  }

  @AfterAll
  static void stop() {
    server.close();
    strict.close();
  }

  @AfterEach
  void aNormalClientIsAnsweredAfterwards() throws Exception {
    assertHello(server);
    Eventually.holds(
        "an answer of the strict server to a client that is fast enough",
        () -> {
          try {
            assertHello(strict);
            return true;
          } catch (IOException tooSlow) {
            return false;
          }
        });
  }

  private static void assertHello(TestServer one) throws IOException, InterruptedException {
    try (HttpClient normal = HttpClient.newBuilder().sslContext(believer).build()) {
      var answer =
          normal.send(
              HttpRequest.newBuilder(URI.create("https://localhost:" + one.port() + "/hello"))
                  .timeout(Eventually.LIMIT)
                  .build(),
              BodyHandlers.ofString());
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.body()).isEqualTo("{\"hello\":\"world\"}");
    }
  }

  private static RawHttp2Client client() throws IOException {
    return new RawHttp2Client(server.port(), believer).begin();
  }

  /** One that was fast enough to be connected: the server has no patience with a handshake. */
  private static RawHttp2Client clientOfStrict() {
    return Eventually.see(
            "a connection to the strict server",
            () -> {
              try {
                return Optional.of(new RawHttp2Client(strict.port(), believer).begin());
              } catch (IOException e) {
                return Optional.<RawHttp2Client>empty();
              }
            },
            Optional::isPresent)
        .orElseThrow();
  }

  private static List<String> request(String method, String path, String... more) {
    List<String> fields =
        new ArrayList<>(
            List.of(
                ":method", method, ":scheme", "https", ":authority", "localhost", ":path", path));
    fields.addAll(List.of(more));
    return fields;
  }

  @Test
  void theRawClientIsUnderstood() throws IOException {
    try (RawHttp2Client client = client()) {
      assertThat(client.head(1, true, request("GET", "/hello")).outcome(1))
          .isEqualTo("200 {\"hello\":\"world\"}");
      client.head(3, false, request("POST", "/count")).data(3, true, new byte[60_000]);
      assertThat(client.outcome(3)).isEqualTo("200 60000");
    }
  }

  @Test
  void tenGigabytesThatAreAnnouncedAreRefusedUnread() throws IOException {
    for (String path : List.of("/count", "/big")) {
      try (RawHttp2Client client = client()) {
        client.head(1, false, request("POST", path, "content-length", "10737418240"));
        assertThat(client.outcome(1)).startsWith("413 ").contains("body_too_large");
      }
    }
  }

  @Test
  void aBodyWithoutEndIsStoppedAtTheLimit() throws IOException {
    try (RawHttp2Client client = client()) {
      client.head(1, false, request("POST", "/count"));
      client.data(1, false, new byte[(int) TestServer.BODY_LIMIT]).data(1, false, new byte[1]);
      assertThat(client.outcome(1)).startsWith("413 ").contains("body_too_large");
    }
  }

  private static byte[] gzip(int zeros) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(new byte[zeros]);
    }
    return packed.toByteArray();
  }

  private static String postGzip(byte[] body, String encoding) throws IOException {
    try (RawHttp2Client client = client()) {
      client.head(1, false, request("POST", "/count", "content-encoding", encoding));
      return client.data(1, true, body).outcome(1);
    }
  }

  @Test
  void gzipThatIsABombOrCutOffOrNoneIsRefused() throws IOException {
    byte[] whole = gzip(50_000);
    assertThat(postGzip(whole, "gzip")).isEqualTo("200 50000");
    assertThat(postGzip(gzip(4 << 20), "gzip")).contains("413 ", "body_too_large");
    for (int length : new int[] {0, 1, 10, whole.length - 1}) {
      assertThat(postGzip(Arrays.copyOf(whole, length), "gzip")).contains("malformed_body");
    }
    assertThat(postGzip("plain".getBytes(US_ASCII), "gzip")).contains("malformed_body");
    assertThat(postGzip(whole, "br")).contains("unsupported_content_encoding");
  }

  @Test
  void bodiesThatLieAboutTheirLengthAreRefused() throws IOException {
    for (String length :
        List.of("2", "4", "10737418240", "-1", "+3", "x", "", "3, 4", "9".repeat(19))) {
      try (RawHttp2Client client = client()) {
        client.head(1, false, request("POST", "/count", "content-length", length));
        client.data(1, true, "abc".getBytes(US_ASCII));
        assertThat(client.outcome(1)).as(length).doesNotStartWith("200");
      }
    }
    try (RawHttp2Client client = client()) {
      client.head(1, true, request("POST", "/count", "content-length", "3"));
      assertThat(client.outcome(1)).as("no body at all").doesNotStartWith("200");
    }
    try (RawHttp2Client client = client()) {
      client.head(
          1, false, request("POST", "/count", "content-length", "3", "content-length", "4"));
      client.data(1, true, "abcd".getBytes(US_ASCII));
      assertThat(client.outcome(1)).as("two lengths").doesNotStartWith("200");
    }
  }

  /** Each pair is sent behind a good request's pseudo-headers. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Upper|x",
        "connection|close",
        "transfer-encoding|chunked",
        "te|gzip",
        ":path|/other",
        ":unknown|x",
        ":status|200",
        "bad name|x",
        "name:|x",
        "|x",
        "value|a\nb",
        "value|a\r\nhost: evil",
        "value|a\0b",
        "na\nme|x"
      })
  void aHeadWithAFieldThatHttp2ForbidsIsRefused(String field) throws IOException {
    String[] pair = field.split("\\|", -1);
    try (RawHttp2Client client = client()) {
      client.head(1, true, request("GET", "/hello", pair[0], pair[1]));
      assertThat(client.outcome(1)).doesNotStartWith("200").doesNotStartWith("5");
    }
  }

  @Test
  void aHeadWithoutWhatItNeedsIsRefused() throws IOException {
    for (List<String> fields :
        List.of(
            List.of(":method", "GET", ":scheme", "https", ":authority", "localhost"),
            List.of(":scheme", "https", ":authority", "localhost", ":path", "/hello"),
            List.of(":method", "GET", ":authority", "localhost", ":path", "/hello"),
            List.of(":method", "GET", ":scheme", "https", ":authority", "localhost", ":path", ""),
            List.of("a", "b", ":method", "GET", ":scheme", "https", ":path", "/hello"),
            List.<String>of())) {
      try (RawHttp2Client client = client()) {
        client.head(1, true, fields);
        assertThat(client.outcome(1))
            .as(fields.toString())
            .doesNotStartWith("200")
            .doesNotStartWith("5");
      }
    }
  }

  @Test
  void addressesThatCannotBeDecodedAreRefused() throws IOException {
    for (String path :
        List.of("/things/%2e%2e/b", "/things/%zz/b", "/things/%C3/b", "/things/%00/b", "hello")) {
      try (RawHttp2Client client = client()) {
        client.head(1, true, request("GET", path));
        assertThat(client.outcome(1)).as(path).doesNotStartWith("200").doesNotStartWith("5");
      }
    }
  }

  @Test
  void hugeHeadsAreRefusedInOneFrameAndInMany() throws IOException {
    try (RawHttp2Client client = client()) {
      // A server that closes at once may have reset the connection before all is sent.
      ignoringReset(
          () ->
              client.head(
                  1,
                  true,
                  request("GET", "/hello", "x", "y".repeat(16_000), "z", "y".repeat(300))));
      assertThat(client.outcome(1)).doesNotStartWith("200");
    }
    try (RawHttp2Client client = client()) {
      client.frame(
          RawHttp2Client.HEADERS,
          RawHttp2Client.END_STREAM,
          1,
          RawHttp2Client.block(request("GET", "/hello")));
      byte[] more = RawHttp2Client.block(List.of("x", "y".repeat(8_000)));
      ignoringReset(
          () -> {
            for (int i = 0; i < 1_000; i++) {
              client.frame(RawHttp2Client.CONTINUATION, 0, 1, more);
            }
          });
      assertThat(client.outcome(1)).doesNotStartWith("200");
    }
  }

  @FunctionalInterface
  private interface Sending {
    void run() throws IOException;
  }

  private static void ignoringReset(Sending sending) {
    try {
      sending.run();
    } catch (IOException e) {
      // The server has had enough.
    }
  }

  @Test
  void framesThatAreOutOfPlaceEndTheConnection() throws IOException {
    List<Sending> wrong = new ArrayList<>();
    List<String> outcomes = new ArrayList<>();
    record Frame(int type, int flags, int stream, int length) {}
    for (Frame frame :
        List.of(
            new Frame(RawHttp2Client.DATA, 0, 0, 3),
            new Frame(RawHttp2Client.DATA, 0, 1, 3),
            new Frame(RawHttp2Client.HEADERS, RawHttp2Client.END_HEADERS, 2, 0),
            new Frame(RawHttp2Client.CONTINUATION, RawHttp2Client.END_HEADERS, 1, 3),
            new Frame(RawHttp2Client.SETTINGS, 0, 0, 5),
            new Frame(RawHttp2Client.SETTINGS, 0, 1, 6),
            new Frame(RawHttp2Client.PING, 0, 0, 7),
            new Frame(RawHttp2Client.WINDOW_UPDATE, 0, 0, 4),
            new Frame(RawHttp2Client.RST_STREAM, 0, 1, 4),
            new Frame(5, RawHttp2Client.END_HEADERS, 1, 8))) {
      wrong.add(
          () -> {
            try (RawHttp2Client client = client()) {
              client.frame(frame.type(), frame.flags(), frame.stream(), new byte[frame.length()]);
              outcomes.add(frame + ": " + client.outcome(1));
            }
          });
    }
    for (Sending one : wrong) {
      one.run();
    }
    assertThat(outcomes)
        .hasSize(wrong.size())
        .allMatch(outcome -> outcome.matches(".*: (goaway \\d+|reset \\d+|closed)"));
  }

  @Test
  void whatIsNoHttp2IsClosed() throws IOException {
    try (RawHttp2Client client = new RawHttp2Client(server.port(), believer)) {
      client.bytes("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
      assertThat(client.outcome(1)).containsAnyOf("goaway", "closed");
    }
  }

  @Test
  void floodsOfResetsPingsAndSettingsEndTheConnection() throws IOException {
    byte[] head = RawHttp2Client.block(request("GET", "/hello"));
    for (int kind = 0; kind < 3; kind++) {
      int what = kind;
      try (RawHttp2Client client = client()) {
        ignoringReset(
            () -> {
              for (int i = 0; i < FLOOD; i++) {
                switch (what) {
                  case 0 -> {
                    int stream = 2 * i + 1;
                    client.frame(RawHttp2Client.HEADERS, RawHttp2Client.END_HEADERS, stream, head);
                    client.frame(RawHttp2Client.RST_STREAM, 0, stream, CANCEL);
                  }
                  case 1 -> client.frame(RawHttp2Client.PING, 0, 0, new byte[8]);
                  default -> client.frame(RawHttp2Client.SETTINGS, 0, 0);
                }
              }
            });
        assertThat(client.outcome(Integer.MAX_VALUE))
            .as("kind %d", kind)
            .containsAnyOf("goaway", "closed");
      }
    }
  }

  @Test
  void aStalledBodyIsAnsweredWith408() throws IOException {
    try (RawHttp2Client client = clientOfStrict()) {
      client.head(1, false, request("POST", "/count", "content-length", "1000"));
      client.data(1, false, "abc".getBytes(US_ASCII));
      assertThat(client.outcome(1)).startsWith("408 ").contains("body_too_slow");
    }
  }

  @Test
  void headsThatTrickleAndPingsForEverAreCutOff() throws Exception {
    try (RawHttp2Client trickling = clientOfStrict();
        RawHttp2Client pinging = clientOfStrict();
        RawHttp2Client silent = clientOfStrict()) {
      trickling.frame(
          RawHttp2Client.HEADERS,
          RawHttp2Client.END_STREAM,
          1,
          RawHttp2Client.block(request("GET", "/hello")));
      byte[] more = RawHttp2Client.block(List.of("x", "y"));
      Eventually.holds(
          "both are cut off",
          () -> {
            Pace.pause(Duration.ofMillis(200));
            boolean trickles = isTaken(trickling, RawHttp2Client.CONTINUATION, 1, more);
            boolean pings = isTaken(pinging, RawHttp2Client.PING, 0, new byte[8]);
            return !trickles && !pings;
          });
      assertThat(silent.outcome(1)).containsAnyOf("goaway", "closed");
    }
  }

  private static boolean isTaken(RawHttp2Client client, int type, int stream, byte[] payload) {
    try {
      client.frame(type, 0, stream, payload);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aReaderWhoGivesNoWindowIsCutOffLongBeforeTheConnectionIsIdle() throws Exception {
    HttpServerConfig.Timeouts impatient =
        new HttpServerConfig.Timeouts(
            Duration.ofSeconds(10),
            Eventually.LIMIT.multipliedBy(5),
            Duration.ofSeconds(10),
            0,
            Duration.ofMillis(300),
            Duration.ofSeconds(10));
    HttpServerConfig config =
        HttpServerConfig.plain("127.0.0.1", 0).withTls(tls).withTimeouts(impatient);
    byte[] noWindow = {0, 4, 0, 0, 0, 0};
    try (TestServer patient = new TestServer(config);
        RawHttp2Client download = new RawHttp2Client(patient.port(), believer)) {
      download.begin(noWindow).head(1, true, request("GET", "/endless"));
      Eventually.holds(
          "the answer is given up",
          () ->
              patient.completed.stream()
                  .anyMatch(c -> c.path().equals("/endless") && c.failure() != null));
    }
  }

  @Test
  void aClientThatLeavesInTheMiddleOfABodyHarmsNobody() throws Exception {
    try (RawHttp2Client client = client()) {
      client.head(1, false, request("POST", "/big", "content-length", "1000"));
      client.data(1, false, "abc".getBytes(US_ASCII));
      // Who leaves with something unread resets the connection, and what the server has not read by
      // then it never does.
      client.untilRead();
    }
    Eventually.passes(
        "it is recorded",
        () ->
            assertThat(server.completed)
                .anyMatch(
                    c -> c.path().equals("/big") && c.bytesIn() < 1_000 && c.status() >= 400));
  }
}
