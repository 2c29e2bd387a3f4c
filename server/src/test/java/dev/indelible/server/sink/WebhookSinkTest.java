package dev.indelible.server.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.indelible.server.deliver.AddressGuard;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.query.IpNetwork;
import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Webhooks at receivers that do as they like. */
class WebhookSinkTest {

  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  private static final TenantId ACME = new TenantId("acme");
  private static final List<IpNetwork> LOOPBACK =
      List.of(IpNetwork.parse("127.0.0.1").orElseThrow());

  private static Sink open(String url, AddressGuard guard) {
    return new WebhookType()
        .open(
            new SinkType.Opening(
                "stm_1",
                ACME,
                JsonNodeFactory.instance.objectNode().put("url", url),
                name -> name.equals(WebhookType.SECRET) ? new byte[32] : null,
                guard,
                1_000),
            () -> NOW);
  }

  private static Sink open(String url) {
    return open(url, new AddressGuard(LOOPBACK, InetAddress::getAllByName));
  }

  private static Batch batch(String... bodies) {
    List<Message> messages = new ArrayList<>();
    for (String body : bodies) {
      JsonNode entry = JsonNodeFactory.instance.objectNode();
      messages.add(
          new Message(
              messages.size(),
              "e" + messages.size(),
              NOW,
              NOW,
              body.getBytes(StandardCharsets.UTF_8),
              entry));
    }
    return new Batch("stm_1", ACME, 7, messages);
  }

  private static HttpServer listen(HttpServer server, int status, boolean endless)
      throws IOException {
    server.createContext(
        "/",
        exchange -> {
          byte[] _ = exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(status, endless ? 0 : -1);
          try (exchange) {
            while (endless) {
              exchange.getResponseBody().write(new byte[10_000]);
            }
          } catch (IOException e) {
            // whoever asked has gone
          }
        });
    server.start();
    return server;
  }

  private static HttpServer loopback() throws IOException {
    return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  private static String url(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/secret-path";
  }

  @Test
  void anEndlessAnswerIsNotReadToItsEnd() throws Exception {
    HttpServer server = listen(loopback(), 200, true);
    try (Sink sink = open(url(server))) {
      assertThat(sink.send(batch("{}"))).isEqualTo(new Sink.Answer.Taken());
      assertThat(sink.send(batch("{}"))).isEqualTo(new Sink.Answer.Taken());
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aNameThatChangesItsAddressDoesNotGetIn() throws Exception {
    HttpServer server = listen(loopback(), 204, false);
    AtomicInteger asked = new AtomicInteger();
    AddressGuard guard =
        new AddressGuard(
            LOOPBACK,
            _ ->
                new InetAddress[] {
                  InetAddress.getByAddress(
                      asked.incrementAndGet() == 1
                          ? new byte[] {127, 0, 0, 1}
                          : new byte[] {(byte) 169, (byte) 254, (byte) 169, (byte) 254})
                });
    Sink sink = open(url(server).replace("127.0.0.1", "hook.example.com"), guard);
    try {
      assertThat(sink.send(batch("{}"))).isEqualTo(new Sink.Answer.Taken());
      assertThat(sink.send(batch("{}")))
          .as("on the connection that was checked")
          .isEqualTo(new Sink.Answer.Taken());
      sink.close();
      assertThat(sink.send(batch("{}"))).isInstanceOf(Sink.Answer.Refused.class);
      assertThat(asked).hasValue(2);
    } finally {
      sink.close();
      server.stop(0);
    }
  }

  @Test
  void answersMeanWhatTheySayAndNoAnswerShowsThePath() throws Exception {
    for (int status : List.of(301, 302, 307, 400, 401, 403, 404, 410)) {
      assertThat(answer(status)).as("%d", status).isInstanceOf(Sink.Answer.Refused.class);
    }
    for (int status : List.of(408, 425, 429, 500, 502, 503)) {
      assertThat(answer(status)).as("%d", status).isInstanceOf(Sink.Answer.Failed.class);
    }
    assertThat(answer(503).toString()).doesNotContain("secret-path");
    assertThat(answer(404).toString()).doesNotContain("secret-path");
    HttpServer server = listen(loopback(), 413, false);
    try (Sink sink = open(url(server))) {
      assertThat(sink.send(batch("{}", "{}"))).isInstanceOf(Sink.Answer.Failed.class);
      assertThat(sink.send(batch("{}")))
          .isInstanceOfSatisfying(
              Sink.Answer.Taken.class, taken -> assertThat(taken.rejected()).containsOnlyKeys(0));
    } finally {
      server.stop(0);
    }
    try (Sink sink = open("http://127.0.0.1:1/secret-path")) {
      assertThat(sink.send(batch("{}")))
          .isInstanceOfSatisfying(
              Sink.Answer.Failed.class,
              failed -> assertThat(failed.problem()).doesNotContain("secret-path"));
    }
  }

  private static Sink.Answer answer(int status) throws Exception {
    HttpServer server = listen(loopback(), status, false);
    try (Sink sink = open(url(server))) {
      return sink.send(batch("{}"));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aCertificateThatNobodyVouchesForIsAFailure(@TempDir Path folder) throws Exception {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(selfSigned(folder.resolve("store.p12"))));
    HttpServer _ = listen(server, 204, false);
    try (Sink sink = open(url(server).replace("http:", "https:"))) {
      assertThat(sink.send(batch("{}"))).isInstanceOf(Sink.Answer.Failed.class);
    } finally {
      server.stop(0);
    }
  }

  private static SSLContext selfSigned(Path store) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "s",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                "password",
                "-keystore",
                store.toString())
            .inheritIO()
            .start();
    assertThat(Eventually.ended("keytool", keytool)).isZero();
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(
        KeyStore.getInstance(store.toFile(), "password".toCharArray()), "password".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  @Test
  void entriesThatAreNoJsonAreTextsInTheMessage() {
    JsonNode message =
        JsonMapper.shared().readTree(WebhookSink.body(batch("{\"a\":1}", "CEF:0|\"x\"")));
    assertThat(message.path("number").asLong()).isEqualTo(7);
    assertThat(message.at("/entries/0/a").asInt()).isEqualTo(1);
    assertThat(message.at("/entries/1").asString()).isEqualTo("CEF:0|\"x\"");
  }

  @Test
  void linesOfAFileAreWrittenWholeRotatedAndKeptBelowTheRoot(@TempDir Path root) throws Exception {
    assertThat(SinkTypes.byName("file"))
        .isEqualTo(Optional.of(SinkTypes.byName("file").orElseThrow()));
    try (Sink sink = file(root, "logs/a.ndjson")) {
      for (int i = 0; i < 5; i++) {
        assertThat(sink.send(batch("{\"x\":\"" + "y".repeat(600) + "\"}", "{}")))
            .isEqualTo(new Sink.Answer.Taken());
      }
      assertThat(sink.probe()).isEqualTo(new Sink.Answer.Taken());
    }
    Path folder = root.resolve("acme").resolve("logs");
    try (var files = Files.list(folder)) {
      assertThat(files).hasSizeBetween(2, 3);
    }
    Path outside = Files.createDirectory(root.resolve("outside"));
    Files.createSymbolicLink(root.resolve("acme").resolve("link"), root.getParent());
    try (Sink sink = file(root, "link/a.ndjson")) {
      assertThat(sink.send(batch("{}"))).isInstanceOf(Sink.Answer.Refused.class);
    }
    try (Sink sink = file(root, "../outside/a.ndjson")) {
      assertThat(sink.send(batch("{}"))).isInstanceOf(Sink.Answer.Refused.class);
    }
    assertThat(outside).isEmptyDirectory();
  }

  private static Sink file(Path root, String path) {
    return new FileType()
        .open(
            new SinkType.Opening(
                "stm_1",
                ACME,
                JsonNodeFactory.instance
                    .objectNode()
                    .put("path", path)
                    .put("rotate_bytes", 1_024)
                    .put("keep", 2)
                    .put(FileType.ROOT, root.toString()),
                _ -> null,
                new AddressGuard(List.of(), InetAddress::getAllByName),
                1_000),
            () -> NOW);
  }
}
