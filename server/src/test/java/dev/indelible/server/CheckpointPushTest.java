package dev.indelible.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.indelible.testing.Eventually;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.TrustPolicy;
import dev.indelible.verify.VerifierKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Checkpoints that a server pushes to where others hold them. */
final class CheckpointPushTest {

  @TempDir private Path folder = Path.of(".");
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final AtomicInteger refuse = new AtomicInteger();
  private HttpServer receiver;
  private GovernedServer server;

  @BeforeEach
  void start() throws Exception {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/collector",
        exchange -> {
          String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
          boolean refused = refuse.getAndDecrement() > 0;
          if (!refused) {
            received.add(body);
          }
          exchange.sendResponseHeaders(refused ? 500 : 204, -1);
          exchange.close();
        });
    receiver.start();
    server = new GovernedServer(folder);
    server.tenant("acme", "standard");
    server.tenant("bolt", "standard");
    server.stop();
    server.set(Setting.CHECKPOINT_FILE, file().toString());
    server.set(
        Setting.CHECKPOINT_WEBHOOK,
        "http://127.0.0.1:" + receiver.getAddress().getPort() + "/collector");
    server.set(
        Setting.CHECKPOINT_WEBHOOK_HEADER_FILE,
        Files.writeString(folder.resolve("header"), "Authorization: Bearer t0ken\n").toString());
    server.set(Setting.CHECKPOINT_PUSH_EVERY, "100ms");
  }

  @AfterEach
  void stop() {
    server.stop();
    receiver.stop(0);
  }

  private Path file() {
    return folder.resolve("checkpoints.ndjson");
  }

  private static JsonNode await(String tenant, long size, Callable<List<String>> lines) {
    String what = "a checkpoint of %s at %d".formatted(tenant, size);
    List<String> seen = Eventually.see(what, lines, found -> find(tenant, size, found).isPresent());
    return find(tenant, size, seen).orElseThrow();
  }

  private static Optional<JsonNode> find(String tenant, long size, List<String> lines) {
    return lines.stream()
        .map(line -> JsonMapper.shared().readTree(line))
        .filter(json -> json.path("tenant").asString().equals(tenant))
        .filter(json -> json.path("size").asLong() >= size)
        .findFirst();
  }

  /** The lines of the file that are whole: one may be being written. */
  private List<String> lines() throws IOException {
    String text = Files.exists(file()) ? Files.readString(file()) : "";
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  @Test
  void everyLogThatGrowsIsPushedToTheFileAndTheWebhookUntilItIsThere() throws Exception {
    refuse.set(3);
    server.start();
    for (int i = 0; i < 20; i++) {
      server.record("acme", "a-" + i, "user.login", "u_1", "Ana");
    }
    VerifierKey key =
        VerifierKey.parse(new String(server.bytes("/v1/tenants/acme/log/key"), UTF_8).strip())
            .orThrow();
    for (Callable<List<String>> lines :
        List.<Callable<List<String>>>of(this::lines, () -> received)) {
      JsonNode line = await("acme", 20, lines);
      SignedCheckpoint checkpoint =
          SignedCheckpoint.parse(line.path("checkpoint").asString().getBytes(UTF_8)).orThrow();
      assertThat(checkpoint.check(TrustPolicy.ofLog(key)).holds()).isTrue();
      assertThat(checkpoint.checkpoint().size()).isEqualTo(line.path("size").asLong());
      assertThat(line.path("root").asString()).isEqualTo(checkpoint.checkpoint().root().toBase64());
      assertThat(line.path("origin").asString()).isEqualTo(key.name());
      await("bolt", 1, lines);
    }
    assertThat(refuse.get()).as("it was asked again").isNegative();
    assertThat(authorizations).containsOnly("Bearer t0ken");
    // Who receives has it a moment before the server knows.
    Eventually.passes(
        "the metrics say so",
        () ->
            assertThat(new String(server.bytes("/metrics"), UTF_8))
                .contains("indelible_checkpoint_pushes_total{to=\"file\"}")
                .contains("indelible_checkpoint_push_failing{to=\"webhook\"} 0"));
  }

  @Test
  void aFileThatIsMovedAwayIsBegunAnew() throws Exception {
    server.start();
    server.record("acme", "a", "user.login", "u_1", "Ana");
    JsonNode first = await("acme", 1, this::lines);
    Files.move(file(), folder.resolve("rotated"));
    server.record("acme", "b", "user.login", "u_1", "Ana");
    await("acme", first.path("size").asLong() + 1, this::lines);
  }

  @Test
  void afterHalfALineTheNextOneBeginsOnItsOwn() throws Exception {
    Files.writeString(file(), "{\"tenant\":\"acme\",\"ori");
    server.start();
    server.record("acme", "a", "user.login", "u_1", "Ana");
    Callable<List<String>> whole = () -> lines().stream().skip(1).toList();
    await("acme", 1, whole);
    await("bolt", 1, whole);
    assertThat(lines().getFirst()).isEqualTo("{\"tenant\":\"acme\",\"ori");
  }
}
