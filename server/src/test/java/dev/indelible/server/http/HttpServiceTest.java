package dev.indelible.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.http.RawClient.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What well-behaved clients see. */
final class HttpServiceTest {

  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = new TestServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aJsonAnswerCarriesItsLengthIdAndSecurityHeaders() throws IOException {
    Answer answer = server.get("/hello");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("{\"hello\":\"world\"}");
    assertThat(answer.headers())
        .containsEntry("content-type", "application/json")
        .containsEntry("content-length", "17")
        .containsEntry("x-content-type-options", "nosniff")
        .containsEntry("referrer-policy", "no-referrer")
        .containsEntry("cache-control", "no-store")
        .containsEntry("content-security-policy", "default-src 'none'; frame-ancestors 'none'")
        .containsKey("x-request-id")
        .doesNotContainKey("server")
        .doesNotContainKey("access-control-allow-origin");
  }

  @ParameterizedTest
  @CsvSource({
    "/things/a%2Fb/c, a/b|c|-|5",
    "/things/a%25b/%252F, a%b|%2F|-|5",
    "/things/%E6%97%A5%E6%9C%AC/%C3%A9, 日本|é|-|5",
    "/things/a+b/c%2Bd, a+b|c+d|-|5",
    "/things/a/b?q=x+y%2B%26&limit=10, a|b|x y+&|10",
    "/things/a/b?q=, a|b||5",
    "/things/user:1@x;y/b%3Bc, user:1@x;y|b;c|-|5",
  })
  void pathAndQueryParametersAreDecodedOnce(String path, String expected) throws IOException {
    Answer answer = server.get(path);
    assertThat(answer.text()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "/things/a/b?limt=3, limt, unknown",
    "/things/a/b?limit=3&limit=3, limit, doubled",
    "/things/a/b?limit=11, limit, invalid",
    "/things/a/b?limit=x, limit, invalid",
    "/things/a/b?q=%zz, q, malformed",
    "/things/a/b?q=%C3, q, malformed",
    "/things/a/b?q=%00, q, malformed",
    "/hello?x, x, unknown",
  })
  void aQueryParameterThatWillNotDoIsNamed(String path, String parameter, String code)
      throws IOException {
    Answer answer = server.get(path);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.headers()).containsEntry("content-type", "application/problem+json");
    assertThat(answer.text())
        .contains("\"code\":\"invalid_parameter\"")
        .contains("\"parameter\":\"" + parameter + "\",\"code\":\"" + code + "\"")
        .contains("\"request_id\":\"" + answer.headers().get("x-request-id") + "\"");
  }

  @Test
  void unknownPathsWrongMethodsHeadAndOptionsAreToldApart() throws IOException {
    assertThat(server.get("/nothing").status()).isEqualTo(404);
    assertThat(server.get("/hello/").text()).contains("\"code\":\"no_such_path\"");
    Answer wrongMethod = server.request("DELETE", "/hello");
    assertThat(wrongMethod.status()).isEqualTo(405);
    assertThat(wrongMethod.headers()).containsEntry("allow", "GET, HEAD, OPTIONS");
    assertThat(server.request("BREW", "/count").headers()).containsEntry("allow", "OPTIONS, POST");
    assertThat(server.request("TRACE", "/hello").status()).isEqualTo(405);
    Answer options = server.request("OPTIONS", "/hello");
    assertThat(options.status()).isEqualTo(204);
    assertThat(options.headers()).containsEntry("allow", "GET, HEAD, OPTIONS");
    Answer head = server.request("HEAD", "/hello");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.headers()).containsEntry("content-length", "17");
  }

  @Test
  void aFailureNobodyForesawRevealsNothing() throws IOException {
    Answer answer = server.get("/fails");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.text())
        .contains("\"code\":\"internal_error\"")
        .doesNotContain("secret")
        .doesNotContain("Exception");
  }

  @Test
  void aProblemReplacesAnAnswerThatHasNotBeenSent() throws IOException {
    Answer answer = server.get("/fails-early", "Accept-Encoding: gzip");
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.text()).startsWith("{\"type\":\"urn:indelible:problem:conflict\"");
  }

  @Test
  void aFailureMidwayCutsTheAnswerVisibly() throws IOException {
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> server.get("/fails-midway")))
        .isInstanceOfAny(IOException.class, NumberFormatException.class);
    assertThat(server.get("/hello").status()).isEqualTo(200);
  }

  @Test
  void largeAnswersAreStreamedAndCompressedWhenTheClientTakesIt() throws IOException {
    Answer plain = server.get("/large");
    assertThat(plain.headers()).containsEntry("transfer-encoding", "chunked");
    Answer gzip = server.get("/large", "Accept-Encoding: br, gzip;q=0.5");
    assertThat(gzip.headers())
        .containsEntry("content-encoding", "gzip")
        .containsEntry("vary", "Accept-Encoding");
    assertThat(gzip.body().length).isLessThan(plain.body().length / 3);
    byte[] unpacked = new GZIPInputStream(new ByteArrayInputStream(gzip.body())).readAllBytes();
    assertThat(unpacked).isEqualTo(plain.body());
    assertThat(server.get("/large", "Accept-Encoding: gzip;q=0").headers())
        .doesNotContainKey("content-encoding");
    assertThat(server.get("/hello", "Accept-Encoding: gzip").headers())
        .doesNotContainKey("content-encoding");
  }

  @Test
  void http10IsAnsweredAndClosed() throws IOException {
    try (RawClient client = new RawClient(server.port())) {
      Answer answer = client.send("GET /large HTTP/1.0\r\n\r\n").answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(new String(answer.body(), StandardCharsets.UTF_8)).endsWith("\"item 99999\"]");
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws IOException {
    try (RawClient client = new RawClient(server.port())) {
      String post = "POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
      client.send(post + "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n" + post);
      assertThat(client.answer().text()).isEqualTo("3");
      assertThat(client.answer().text()).contains("world");
      assertThat(client.answer().text()).isEqualTo("3");
    }
  }

  @Test
  void aHeaderIsWhatWasSentWhateverWasSentBeforeOnTheConnection() throws IOException {
    try (RawClient client = new RawClient(server.port())) {
      for (String value : List.of("shop/x", "shop/X", "shop/Xyz", "SHOP/x", "shop/x")) {
        client.send(
            "GET /agent HTTP/1.1\r\nHost: x\r\nUser-Agent: %s\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(value, value));
        assertThat(client.answer().text()).isEqualTo(value + "|Bearer " + value);
      }
    }
  }
}
