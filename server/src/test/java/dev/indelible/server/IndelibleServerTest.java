package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.client.Answer;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.Request;
import dev.indelible.server.Diagnosis.Severity;
import dev.indelible.testing.Eventually;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The wired server over real HTTP and real files: what survives a start, and what is made again.
 */
class IndelibleServerTest {

  @TempDir Path directory;
  private final Map<Setting, String> flags = new HashMap<>();
  private IndelibleServer server;
  private IndelibleClient client;
  private String key;

  @BeforeEach
  void begin() throws Exception {
    flags.put(Setting.DATA, directory.resolve("data").toString());
    flags.put(Setting.PORT, "0");
    flags.put(Setting.SEGMENT_BYTES, "1MiB");
    flags.put(Setting.INDEX_REFRESH, "50ms");
    start();
  }

  @AfterEach
  void end() {
    server.close();
    client.close();
  }

  private ServerConfig config() throws ConfigurationException {
    return ServerConfig.of(Settings.resolve(flags, Map.of(), null));
  }

  private void start() throws Exception {
    server = IndelibleServer.start(config());
    key = Files.readString(server.operatorKeyFile()).strip();
    client = TestClient.of(server, key);
  }

  private Answer call(String method, String path, String body, String bearer) {
    return client.send(
        Request.of(method, path).json(body).header("Authorization", "Bearer " + bearer));
  }

  private JsonNode post(String path, String body) throws Exception {
    Answer answer = call("POST", path, body, key);
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return JsonMapper.shared().readTree(answer.text());
  }

  private List<String> find(String tenant, String query) throws Exception {
    Answer answer =
        call(
            "GET",
            "/v1/tenants/"
                + tenant
                + "/events?q="
                + URLEncoder.encode(query, StandardCharsets.UTF_8),
            "",
            key);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return JsonMapper.shared()
        .readTree(answer.text())
        .path("entries")
        .valueStream()
        .map(entry -> entry.path("action").asString())
        .toList();
  }

  private List<String> await(String tenant, String query, int count) {
    return Eventually.see(
        "%d entries of %s that %s finds".formatted(count, tenant, query),
        () -> find(tenant, query),
        found -> found.size() >= count);
  }

  private void record(int count) throws Exception {
    StringBuilder batch = new StringBuilder("[");
    for (int i = 0; i < count; i++) {
      batch.append(i == 0 ? "" : ",");
      batch.append(
          "{\"id\":\"e%d\",\"tenant\":\"acme\",\"action\":\"user.login\",\"actor\":{\"type\":\"user\",\"id\":\"u%d\"}}"
              .formatted(i, i % 10));
    }
    assertThat(post("/v1/events", batch + "]").path("accepted").asInt()).isEqualTo(count);
  }

  @Test
  void aCloudEventInBinaryModeIsRecorded() throws Exception {
    post("/v1/tenants", "{\"id\":\"acme\"}");
    Answer answer =
        client.send(
            Request.post("/v1/events", "{\"total\":12.5}")
                .header("ce-specversion", "1.0")
                .header("Ce-Id", "b-1")
                .header("ce-source", "/shop")
                .header("ce-type", "order.refunded")
                .header("ce-tenant", "acme"));
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    assertThat(await("acme", "id:b-1@* action:order.refunded", 1)).hasSize(1);
  }

  @Test
  void aMissingInstallationKeyBesideDataIsNotMadeAnew() throws Exception {
    post("/v1/tenants", "{\"id\":\"acme\"}");
    server.close();
    Path file = directory.resolve("data/installation.key");
    byte[] kept = Files.readAllBytes(file);
    Files.delete(file);
    assertThatThrownBy(this::start)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("installation.key is missing");
    assertThat(file).doesNotExist();
    Files.write(file, kept);
    start();
    record(1);
  }

  @Test
  void withoutRoomOnTheDiskEventsAreRefusedUntilThereIs() throws Exception {
    post("/v1/tenants", "{\"id\":\"acme\"}");
    record(1);
    assertThat(call("GET", "/health/ready", "", key).status()).isEqualTo(200);
    server.close();
    flags.put(Setting.DISK_RESERVE, "1000000GiB");
    start();
    Answer answer =
        call(
            "POST",
            "/v1/events",
            "{\"tenant\":\"acme\",\"action\":\"a.b\",\"actor\":{\"type\":\"system\"}}",
            key);
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.text()).contains("\"disk_full\"");
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(call("GET", "/health/ready", "", key).status()).isEqualTo(503);
    assertThat(await("acme", "action:user.login", 1)).as("reading goes on").hasSize(1);
    server.close();
    flags.remove(Setting.DISK_RESERVE);
    start();
    assertThat(call("GET", "/health/ready", "", key).status()).isEqualTo(200);
  }

  @Test
  void aTenantAndItsKeyHaveTheirEntries() throws Exception {
    post("/v1/tenants", "{\"id\":\"acme\",\"name\":\"Acme\",\"reason\":\"contract 7\"}");
    JsonNode made =
        post("/v1/tenants/acme/keys", "{\"name\":\"web\",\"scopes\":[\"events.read\"]}");
    String secret = made.path("secret").asString();
    assertThat(await("acme", "category:audit_access -verb:read", 3))
        .containsExactlyInAnyOrder(
            "audit.key.create", "audit.log_key.create", "audit.tenant.create");
    assertThat(find("acme", "\"contract 7\"")).containsExactly("audit.tenant.create");
    assertThat(call("GET", "/v1/tenants/acme", "", secret).status()).isEqualTo(200);
    assertThat(call("POST", "/v1/events", "{}", secret).status()).isEqualTo(403);
    String path = "/v1/tenants/acme/keys/" + made.path("id").asString();
    assertThat(call("DELETE", path, "", key).status()).isEqualTo(204);
    assertThat(call("GET", "/v1/tenants/acme", "", secret).status()).isEqualTo(401);
    assertThat(await("acme", "action:audit.key.revoke changed:revoked_at", 1)).hasSize(1);
    server.close();
    start();
    assertThat(find("acme", "category:audit_access -verb:read"))
        .as("each once, after a restart")
        .hasSize(4);
  }

  @Test
  void secretsAreForTheirOwnerAlone() throws Exception {
    for (String name : List.of("operator.key", "installation.key")) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(directory.resolve("data").resolve(name))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void anEventIsFlaggedWhenItsTimeIsFarFromTheServers() throws Exception {
    post("/v1/tenants", "{\"id\":\"acme\"}");
    for (String time : List.of("2020-01-01T00:00:00Z", "2199-01-01T00:00:00Z")) {
      post(
          "/v1/events",
          "{\"tenant\":\"acme\",\"action\":\"a.b\",\"occurred_at\":\"%s\",\"actor\":{\"type\":\"system\"}}"
              .formatted(time));
    }
    assertThat(await("acme", "flag:late before:2021-01-01", 1)).hasSize(1);
    assertThat(await("acme", "flag:early after:2198-01-01", 1)).hasSize(1);
  }

  @Test
  void anIndexThatIsGoneIsBuiltAgain() throws Exception {
    post("/v1/tenants", "{\"id\":\"acme\"}");
    record(2_000);
    server.close();
    deleteIndex();
    start();
    record(2_000); // all of them repetitions
    assertThat(find("acme", "actor:u3 action:user.*")).hasSize(100);
    assertThat(facetCount("actor:u3")).isEqualTo(200);
  }

  @Test
  void reindexBuildsItWhileNoServerRuns() throws Exception {
    post("/v1/tenants", "{\"id\":\"acme\"}");
    record(500);
    server.close();
    assertThat(IndexRebuild.run(config()).entries()).isEqualTo(502);
    start();
    assertThat(facetCount("action:user.login")).isEqualTo(500);
  }

  @Test
  void theDoctorFindsAFlippedByteOfARun() throws Exception {
    post("/v1/tenants", "{\"id\":\"acme\"}");
    record(500);
    server.close();
    assertThat(Diagnosis.of(config())).allMatch(finding -> finding.severity() == Severity.OK);
    Path run;
    try (var files = Files.walk(directory.resolve("data/blobs"))) {
      run = files.filter(file -> file.toString().endsWith(".run")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(run);
    bytes[bytes.length / 2] ^= 1;
    Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rw-------"));
    Files.write(run, bytes);
    assertThat(Diagnosis.of(config()))
        .anySatisfy(
            finding -> {
              assertThat(finding.severity()).isEqualTo(Severity.FAILURE);
              assertThat(finding.subject()).isEqualTo("runs");
            });
    start();
  }

  @Test
  void theMetricsSpeakOfWhatHappened() throws Exception {
    post("/v1/tenants", "{\"id\":\"acme\"}");
    record(10);
    record(10);
    call("POST", "/v1/events", "{\"tenant\":\"acme\"}", key);
    int accepted = recordedOfABrokenStream();
    assertThat(accepted).isPositive();
    String metrics = call("GET", "/metrics", "", key).text();
    assertThat(metrics)
        .contains("indelible_events_accepted_total " + (20.0 + accepted))
        .contains("indelible_events_duplicates_total 10.0")
        .contains("indelible_events_rejected_total{code=\"invalid_event\"} 1.0")
        .contains("indelible_journal_sync_seconds_count")
        .contains("indelible_sequencer_lag_bytes")
        .contains("indelible_sequencer_lag_events")
        .contains("indelible_sequencer_lag_seconds")
        .contains("indelible_index_lag_events")
        .contains("indelible_index_lag_seconds")
        .contains("indelible_index_bytes")
        .contains("indelible_runs_bytes");
    assertThat(call("GET", "/health/ready", "", key).status()).isEqualTo(200);
  }

  /** Sends a stream that is cut off, and returns how many of it the answer says are recorded. */
  private int recordedOfABrokenStream() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      for (int i = 0; i < 20_000; i++) {
        gzip.write(
            "{\"id\":\"s%d\",\"tenant\":\"acme\",\"action\":\"user.login\",\"actor\":{\"type\":\"system\"}}\n"
                .formatted(i)
                .getBytes(StandardCharsets.UTF_8));
      }
    }
    Answer answer =
        client.send(
            Request.of("POST", "/v1/events")
                .header("Content-Encoding", "gzip")
                .body(
                    "application/x-ndjson",
                    Arrays.copyOf(packed.toByteArray(), packed.size() * 3 / 4)));
    assertThat(answer.status()).isEqualTo(400);
    Matcher said = Pattern.compile("first (\\d+) events").matcher(answer.text());
    assertThat(said.find()).as(answer.text()).isTrue();
    return Integer.parseInt(said.group(1));
  }

  private long facetCount(String query) throws Exception {
    String path =
        "/v1/tenants/acme/facets?fields=outcome&q="
            + URLEncoder.encode(query, StandardCharsets.UTF_8);
    return JsonMapper.shared().readTree(call("GET", path, "", key).text()).path("count").asLong();
  }

  private void deleteIndex() throws IOException {
    try (var files = Files.walk(directory.resolve("data/index"))) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
