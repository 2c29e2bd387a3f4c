package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.disk.Disk;
import dev.indelible.server.disk.SystemDisk;
import dev.indelible.server.http.DocumentedAnswers;
import dev.indelible.server.journal.SettableClock;
import dev.indelible.server.retention.DeletionSteps;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server over real HTTP and real files whose clock a test sets. */
public final class GovernedServer implements AutoCloseable {

  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** An answer. */
  record Answer(int status, JsonNode body) {
    String code() {
      return body.path("code").asString("");
    }
  }

  final SettableClock clock = new SettableClock(START.toEpochMilli());
  final Path data;

  /** Is told of the steps of deletions. */
  volatile DeletionSteps steps = DeletionSteps.UNWATCHED;

  private final Map<Setting, String> flags = new HashMap<>();
  private final Disk disk;
  private final HttpClient client = HttpClient.newHttpClient();
  private IndelibleServer server;
  String key = "";

  GovernedServer(Path directory) throws Exception {
    this(directory, START);
  }

  public GovernedServer(Path directory, Instant now) throws Exception {
    this(directory, now, new SystemDisk());
  }

  GovernedServer(Path directory, Instant now, Disk disk) throws Exception {
    this.disk = disk;
    clock.setMillis(now.toEpochMilli());
    data = directory.resolve("data");
    flags.put(Setting.DATA, data.toString());
    flags.put(Setting.PORT, "0");
    flags.put(Setting.SEGMENT_BYTES, "1MiB");
    start();
  }

  void start() throws Exception {
    server =
        IndelibleServer.start(
            ServerConfig.of(Settings.resolve(flags, Map.of(), null)),
            new IndelibleServer.Around(clock, step -> steps.reached(step), disk));
    key = Files.readString(server.operatorKeyFile()).strip();
  }

  void set(Setting setting, String value) {
    flags.put(setting, value);
  }

  void stop() {
    server.close();
  }

  /** Where its pages are. */
  public String address() {
    return "http://127.0.0.1:" + server.port();
  }

  /** The operator's. */
  public String key() {
    return key;
  }

  IndelibleServer server() {
    return server;
  }

  Instant now() {
    return clock.instant();
  }

  public void advance(Duration duration) {
    clock.setMillis(clock.millis() + duration.toMillis());
  }

  Answer call(String method, String path, String body) throws Exception {
    return call(method, path, body, key);
  }

  Answer call(String method, String path, String body, String bearer)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(Duration.ofMinutes(2))
                .header("Authorization", "Bearer " + bearer)
                .header("Content-Type", "application/json")
                .method(
                    method,
                    body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    DocumentedAnswers.check(
        method,
        path,
        answer.statusCode(),
        answer.headers().firstValue("Content-Type").orElse(""),
        answer.body());
    return new Answer(
        answer.statusCode(),
        answer.body().isEmpty() || !answer.body().startsWith("{")
            ? JsonMapper.shared().createObjectNode()
            : JsonMapper.shared().readTree(answer.body()));
  }

  public JsonNode expect(int status, String method, String path, String body) throws Exception {
    Answer answer = call(method, path, body);
    assertThat(answer.status()).as("%s %s: %s", method, path, answer.body()).isEqualTo(status);
    return answer.body();
  }

  public JsonNode get(String path) throws Exception {
    return expect(200, "GET", path, "");
  }

  public void tenant(String id, String profile) throws Exception {
    expect(201, "POST", "/v1/tenants", "{\"id\":\"%s\",\"profile\":\"%s\"}".formatted(id, profile));
  }

  byte[] bytes(String path) throws Exception {
    return bytes("GET", path, "");
  }

  byte[] bytes(String method, String path, String body) throws Exception {
    HttpResponse<byte[]> answer =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(Duration.ofMinutes(1))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .method(
                    method,
                    body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    return answer.body();
  }

  /** Records one event of a user whose name is personal; returns its id. */
  public String record(String tenant, String id, String action, String user, String name)
      throws Exception {
    expect(
        201,
        "POST",
        "/v1/events",
        "{\"id\":\"%s\",\"tenant\":\"%s\",\"action\":\"%s\",\"actor\":{\"type\":\"user\",\"id\":\"%s\",\"name\":\"%s\"},\"details\":{\"note\":\"note-of-%s\"}}"
            .formatted(id, tenant, action, user, name, id));
    return id;
  }

  /** The ids of the entries that a query finds, once there are {@code count}, at most 1,000. */
  public List<String> find(String tenant, String query, int count) throws Exception {
    String path =
        "/v1/tenants/%s/events?limit=1000&q=%s"
            .formatted(tenant, URLEncoder.encode(query, StandardCharsets.UTF_8));
    List<String> ids = new ArrayList<>();
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    do {
      ids.clear();
      for (JsonNode entry : get(path).path("entries")) {
        ids.add(entry.path("id").asString());
      }
      if (ids.size() == count) {
        break;
      }
      Thread.sleep(50);
    } while (System.nanoTime() < deadline);
    return ids;
  }

  /** The newest entry that a query finds. */
  JsonNode newest(String tenant, String query) throws Exception {
    String path =
        "/v1/tenants/%s/events?limit=1&q=%s"
            .formatted(tenant, URLEncoder.encode(query, StandardCharsets.UTF_8));
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    JsonNode found = get(path).path("entries");
    while (found.isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(50);
      found = get(path).path("entries");
    }
    assertThat(found.isEmpty()).as("nothing found by %s", query).isFalse();
    return found.get(0);
  }

  @Override
  public void close() {
    server.close();
    client.close();
  }
}
