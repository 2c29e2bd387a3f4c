package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.client.IndelibleClient;
import dev.indelible.client.Request;
import dev.indelible.ports.testing.SettableClock;
import dev.indelible.server.api.DocumentedAnswers;
import dev.indelible.server.disk.Disk;
import dev.indelible.server.disk.SystemDisk;
import dev.indelible.server.retention.DeletionSteps;
import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server over real HTTP and real files whose clock a test sets.
 *
 * <p>The tests of a class share one where they can, each with a tenant of its own ({@link
 * #newTenant}). Its clock goes on from test to test, so that they reckon from {@link #now}; one
 * that looks at the whole installation has a server to itself.
 */
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

  /** Listener of the steps of deletions. */
  volatile DeletionSteps steps = DeletionSteps.UNWATCHED;

  private final Map<Setting, String> flags = new HashMap<>();
  private final Disk disk;
  private final AtomicInteger tenants = new AtomicInteger();
  private final AtomicInteger markers = new AtomicInteger();
  private final AtomicLong passedNanos = new AtomicLong();
  private IndelibleServer server;
  private IndelibleClient client;
  String key = "";

  GovernedServer(Path directory) throws Exception {
    this(directory, START);
  }

  /** Starts a server with settings of its own. */
  GovernedServer(Path directory, Map<Setting, String> settings) throws Exception {
    this(directory, START, new SystemDisk(), settings);
  }

  public GovernedServer(Path directory, Instant now) throws Exception {
    this(directory, now, new SystemDisk());
  }

  GovernedServer(Path directory, Instant now, Disk disk) throws Exception {
    this(directory, now, disk, Map.of());
  }

  private GovernedServer(Path directory, Instant now, Disk disk, Map<Setting, String> more)
      throws Exception {
    this.disk = disk;
    clock.setMillis(now.toEpochMilli());
    data = directory.resolve("data");
    flags.put(Setting.DATA, data.toString());
    flags.put(Setting.PORT, "0");
    flags.put(Setting.SEGMENT_BYTES, "1MiB");
    flags.put(Setting.INDEX_REFRESH, "50ms"); // whoever records one event then looks for it
    flags.putAll(more);
    start();
  }

  void start() throws Exception {
    server =
        IndelibleServer.start(
            ServerConfig.of(Settings.resolve(flags, Map.of(), null)),
            new IndelibleServer.Environment(
                clock, step -> steps.reached(step), disk, passedNanos::get));
    key = Files.readString(server.operatorKeyFile()).strip();
    client = TestClient.of(server, null);
  }

  void set(Setting setting, String value) {
    flags.put(setting, value);
  }

  void stop() {
    server.close();
    client.close();
  }

  /** Address of its pages. */
  public String address() {
    return "http://127.0.0.1:" + server.port();
  }

  /** The operator's. */
  public String key() {
    return key;
  }

  /** A client without a key. */
  IndelibleClient client() {
    return client;
  }

  IndelibleServer server() {
    return server;
  }

  Instant now() {
    return clock.instant();
  }

  /** Advances time, by the clock that nobody sets too, so that nothing is doubted. */
  void pass(Duration duration) {
    passedNanos.addAndGet(duration.toNanos());
    advance(duration);
  }

  /** Sets the clock ahead. */
  public void advance(Duration duration) {
    clock.setMillis(clock.millis() + duration.toMillis());
  }

  Answer call(String method, String path, String body) throws Exception {
    return call(method, path, body, key);
  }

  Answer call(String method, String path, String body, String bearer)
      throws IOException, InterruptedException {
    var answer = client.send(request(method, path, body, bearer));
    DocumentedAnswers.check(
        method, path, answer.status(), answer.header("Content-Type"), answer.text());
    return new Answer(
        answer.status(),
        answer.text().startsWith("{")
            ? JsonMapper.shared().readTree(answer.body())
            : JsonMapper.shared().createObjectNode());
  }

  private static Request request(String method, String path, String body, String bearer) {
    return Request.of(method, path).json(body).header("Authorization", "Bearer " + bearer);
  }

  public JsonNode expect(int status, String method, String path, String body) throws Exception {
    Answer answer = call(method, path, body);
    assertThat(answer.status()).as("%s %s: %s", method, path, answer.body()).isEqualTo(status);
    return answer.body();
  }

  /** What is there to be read; of what needs a checkpoint, once one covers it. */
  public JsonNode get(String path) throws Exception {
    Answer answer =
        Eventually.see(
            "a checkpoint that covers " + path,
            () -> call("GET", path, ""),
            seen -> !seen.code().equals("not_published"));
    assertThat(answer.status()).as("GET %s: %s", path, answer.body()).isEqualTo(200);
    return answer.body();
  }

  /** A tenant where one person is enough for an erasure. */
  public void tenant(String id, String profile) throws Exception {
    expect(
        201,
        "POST",
        "/v1/tenants",
        "{\"id\":\"%s\",\"profile\":\"%s\",\"erasures_take_two\":false}".formatted(id, profile));
  }

  /** Makes a tenant that no other test has; returns its id. */
  String newTenant(String profile) throws Exception {
    String id = "acme-" + tenants.incrementAndGet();
    tenant(id, profile);
    return id;
  }

  byte[] bytes(String path) throws Exception {
    return bytes("GET", path, "");
  }

  byte[] bytes(String method, String path, String body) throws Exception {
    var answer = client.send(request(method, path, body, key));
    assertThat(answer.status()).as(path).isEqualTo(200);
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
  public List<String> find(String tenant, String query, int count) {
    return Eventually.see(
        "%d entries of %s that %s finds".formatted(count, tenant, query),
        () -> ids(found(tenant, query, 1_000).path("entries")),
        ids -> ids.size() == count);
  }

  /**
   * The ids of the entries that a query finds once everything is searchable that was recorded
   * before: for what is not to be found. Records an entry more, and that it was looked for.
   */
  List<String> findSettled(String tenant, String query) throws Exception {
    String marker = "settled-" + markers.incrementAndGet();
    expect(
        201,
        "POST",
        "/v1/events",
        "{\"id\":\"%s\",\"tenant\":\"%s\",\"action\":\"test.settled\",\"actor\":{\"type\":\"system\"}}"
            .formatted(marker, tenant));
    find(tenant, "id:" + marker, 1);
    return ids(found(tenant, query, 1_000).path("entries"));
  }

  private JsonNode found(String tenant, String query, int limit) throws Exception {
    return get(
        "/v1/tenants/%s/events?limit=%d&q=%s"
            .formatted(tenant, limit, URLEncoder.encode(query, StandardCharsets.UTF_8)));
  }

  private static List<String> ids(JsonNode entries) {
    return entries.valueStream().map(entry -> entry.path("id").asString()).toList();
  }

  /** The newest entry that a query finds, once there is one. */
  JsonNode newest(String tenant, String query) {
    return Eventually.see(
            "an entry of %s that %s finds".formatted(tenant, query),
            () -> found(tenant, query, 1).path("entries"),
            entries -> !entries.isEmpty())
        .get(0);
  }

  /** A figure of the whole server: a name, with its labels if it has any. */
  double metric(String name) throws Exception {
    return figure(name).orElseThrow();
  }

  /** A count of the whole server, which is not there before it is 1. */
  double count(String name) throws Exception {
    return figure(name).orElse(0);
  }

  private OptionalDouble figure(String name) throws Exception {
    return new String(bytes("/metrics"), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst();
  }

  @Override
  public void close() {
    server.close();
    client.close();
  }
}
