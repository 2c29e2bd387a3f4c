package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.client.Answer;
import dev.indelible.client.IndelibleClient;
import dev.indelible.server.retention.DeletionSteps;
import dev.indelible.testing.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A running server whose disk fills up, or fails: it says so, and keeps what it acknowledged. */
class FailingDiskTest {

  private static final int MAX_REQUESTS = 2_000;

  @TempDir Path directory;
  private final FailingDisk disk = new FailingDisk();
  private final List<String> acknowledged = new ArrayList<>();
  private int sent;
  private IndelibleServer server;
  private IndelibleClient client;

  @BeforeEach
  void begin() throws Exception {
    start();
    assertThat(client.post("/v1/tenants", "{\"id\":\"acme\"}").status()).isEqualTo(201);
  }

  @AfterEach
  void end() {
    server.close();
    client.close();
  }

  private Path data() {
    return directory.resolve("data");
  }

  private void start() throws Exception {
    Map<Setting, String> flags =
        Map.of(
            Setting.DATA,
            data().toString(),
            Setting.PORT,
            "0",
            Setting.SEGMENT_BYTES,
            "1MiB",
            Setting.SEAL_BYTES,
            "1MiB");
    server =
        IndelibleServer.start(
            ServerConfig.of(Settings.resolve(flags, Map.of(), null)),
            new IndelibleServer.Environment(InstantSource.system(), DeletionSteps.UNWATCHED, disk));
    client = TestClient.of(server, Files.readString(server.operatorKeyFile()).strip());
  }

  /** Sends an event of 20 kB; keeps its id when it is acknowledged. */
  private Answer record() {
    String id = "e" + sent++;
    Answer answer =
        client.post(
            "/v1/events",
            "{\"tenant\":\"acme\",\"id\":\"%s\",\"action\":\"a.b\",\"actor\":{\"type\":\"system\"},\"details\":{\"x\":\"%s\"}}"
                .formatted(id, "x".repeat(20_000)));
    if (answer.status() == 201) {
      acknowledged.add(id);
    } else {
      assertThat(answer.status()).as(answer.text()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }
    return answer;
  }

  private void recordUntilRefused() throws Exception {
    for (int i = 0; i < MAX_REQUESTS; i++) {
      if (record().status() == 503) {
        return;
      }
    }
    throw new AssertionError("never refused");
  }

  private int readiness() {
    return client.get("/health/ready").status();
  }

  private void closeInTime() throws Exception {
    try (ExecutorService closing = Executors.newVirtualThreadPerTaskExecutor()) {
      Eventually.done("the server's end", closing.submit(server::close));
    }
  }

  private void awaitReadiness(int status) {
    Eventually.see("readiness", this::readiness, seen -> seen == status);
  }

  private void assertThatAllAcknowledgedIsThereOnce() {
    List<String> found =
        Eventually.see(
            "all %d acknowledged entries".formatted(acknowledged.size()),
            this::ids,
            ids -> new HashSet<>(ids).containsAll(acknowledged));
    assertThat(found).doesNotHaveDuplicates();
  }

  /** The ids of all entries, oldest first. */
  private List<String> ids() {
    List<String> ids = new ArrayList<>();
    String cursor = "";
    while (cursor != null) {
      Answer answer =
          client.get("/v1/tenants/acme/events?q=action:a.b&limit=100&order=oldest" + cursor);
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      JsonNode page = JsonMapper.shared().readTree(answer.text());
      page.path("entries").forEach(entry -> ids.add(entry.path("id").asString()));
      cursor =
          page.path("next_cursor").isNull()
              ? null
              : "&cursor=" + page.path("next_cursor").asString();
    }
    return ids;
  }

  @Test
  void aFullDiskIsSaidAndTheServerGoesOnWhenThereIsRoom() throws Exception {
    for (int i = 0; i < 20; i++) {
      assertThat(record().status()).isEqualTo(201);
    }
    disk.setFull(true);
    recordUntilRefused();
    awaitReadiness(503);
    assertThat(client.get("/health/live").status()).isEqualTo(200);
    assertThatAllAcknowledgedIsThereOnce();
    disk.setFull(false);
    awaitReadiness(200);
    Eventually.see("status of an event", () -> record().status(), status -> status == 201);
    for (int i = 0; i < 150; i++) {
      assertThat(record().status()).isEqualTo(201);
    }
    assertThatAllAcknowledgedIsThereOnce();
    server.close();
    start();
    assertThatAllAcknowledgedIsThereOnce();
  }

  @Test
  void aRequestForErasureOnAFullDiskIsAnsweredWith503AndTakenWhenThereIsRoom() throws Exception {
    assertThat(record().status()).isEqualTo(201);
    disk.setFull(true);
    String request = "{\"identifiers\":[\"u_1\"]}";
    Answer refused = client.post("/v1/tenants/acme/erasures", request);
    assertThat(refused.status()).as(refused.text()).isEqualTo(503);
    assertThat(refused.text()).contains("\"code\":\"disk_full\"");
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    disk.setFull(false);
    Eventually.see(
        "status of a request for erasure",
        () -> client.post("/v1/tenants/acme/erasures", request).status(),
        status -> status == 201);
  }

  /** The entry of the change finds room in the journal and none among what waits to be sealed. */
  @Test
  void aServerStopsOnAFullDiskThoughTheEntryOfAChangeWaitsForRoom() throws Exception {
    disk.setFull(true);
    recordUntilRefused();
    assertThat(client.post("/v1/tenants", "{\"id\":\"late\"}").status()).isIn(201, 503);
    closeInTime();
    disk.setFull(false);
    start();
    assertThatAllAcknowledgedIsThereOnce();
  }

  @Test
  @Tag("long")
  void aServerThatStopsOnAFullDiskKeepsWhatItAcknowledged() throws Exception {
    disk.setFull(true);
    recordUntilRefused();
    closeInTime();
    disk.setFull(false);
    start();
    assertThatAllAcknowledgedIsThereOnce();
    assertThat(record().status()).isEqualTo(201);
  }

  @Test
  void afterAFailedForceEventsAreRefusedUntilARestart() throws Exception {
    for (int i = 0; i < 20; i++) {
      assertThat(record().status()).isEqualTo(201);
    }
    disk.failNextForceUnder(data().resolve("journal").resolve("events"));
    recordUntilRefused();
    awaitReadiness(503);
    for (int i = 0; i < 3; i++) {
      assertThat(record().status()).as("nothing forces again").isEqualTo(503);
    }
    assertThatAllAcknowledgedIsThereOnce();
    server.close();
    start();
    awaitReadiness(200);
    assertThatAllAcknowledgedIsThereOnce();
    assertThat(record().status()).isEqualTo(201);
    assertThatAllAcknowledgedIsThereOnce();
  }
}
