package dev.indelible.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links with secrets lead to the configured address, and nowhere that a client could name. */
class PublicAddressTest {

  @TempDir private Path folder;

  private ServerConfig config(Map<Setting, String> more) throws ConfigurationException {
    Map<Setting, String> flags = new HashMap<>(more);
    flags.put(Setting.DATA, folder.resolve("data").toString());
    flags.put(Setting.PORT, "0");
    return ServerConfig.of(Settings.resolve(flags, Map.of(), null));
  }

  private static String post(IndelibleServer server, String host, String path, String body)
      throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout((int) Eventually.LIMIT.toMillis());
      String key = Files.readString(server.operatorKeyFile()).strip();
      socket
          .getOutputStream()
          .write(
              "POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                  .formatted(path, host, key, body.length(), body)
                  .getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Test
  void withoutASettingLinksAreMadeForThisMachineAlone() throws Exception {
    String link = "{\"user\":{\"id\":\"operator\"}}";
    try (IndelibleServer server = IndelibleServer.start(config(Map.of()))) {
      for (String host :
          List.of(
              "localhost",
              "localhost:81",
              "a.localhost",
              "127.0.0.1:8080",
              "127.9.9.9",
              "[::1]:1")) {
        assertThat(post(server, host, "/v1/sign-in-links", link))
            .contains("\"url\":\"http://" + host + "/sign-in#");
      }
      for (String host :
          List.of(
              "evil.example",
              "localhost.evil.example",
              "127.0.0.1.evil.example",
              "evil:80",
              "[::2]")) {
        assertThat(post(server, host, "/v1/sign-in-links", link))
            .as(host)
            .startsWith("HTTP/1.1 409 ")
            .contains("\"code\":\"public_url_missing\"");
      }
      assertThat(post(server, "localhost", "/v1/tenants", "{\"id\":\"acme\"}")).contains(" 201 ");
      assertThat(
              post(
                  server,
                  "evil.example",
                  "/v1/tenants/acme/auditor-links",
                  "{\"user\":{\"id\":\"a\"},\"reason\":\"audit\"}"))
          .contains("\"code\":\"public_url_missing\"");
    }
  }

  @Test
  void withTheSettingLinksAreMadeOfItWhateverTheClientSays() throws Exception {
    try (IndelibleServer server =
        IndelibleServer.start(config(Map.of(Setting.PUBLIC_URL, "https://audit.example.com/")))) {
      for (String host : List.of("localhost", "evil.example")) {
        assertThat(post(server, host, "/v1/sign-in-links", "{\"user\":{\"id\":\"operator\"}}"))
            .contains("\"url\":\"https://audit.example.com/sign-in#");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "audit.example.com",
        "ftp://a",
        "https://",
        "https://u@a",
        "https://a/path",
        "https://a?x",
        "https://a#x",
        "javascript:alert(1)"
      })
  void aPublicAddressIsThatOfAHost(String address) {
    assertThatThrownBy(() -> config(Map.of(Setting.PUBLIC_URL, address)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("http.public_url");
  }

  @Test
  void theTimeOfStrictTransportIsBounded() throws Exception {
    assertThat(config(Map.of(Setting.HSTS, "730d")).http().address().strictTransport())
        .hasDays(730);
    assertThatThrownBy(() -> config(Map.of(Setting.HSTS, "731d")))
        .isInstanceOf(ConfigurationException.class);
  }
}
