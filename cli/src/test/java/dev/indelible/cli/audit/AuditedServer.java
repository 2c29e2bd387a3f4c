package dev.indelible.cli.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.client.IndelibleClient;
import dev.indelible.client.Request;
import dev.indelible.server.DataDirectory;
import dev.indelible.server.IndelibleServer;
import dev.indelible.server.ServerConfig;
import dev.indelible.server.Setting;
import dev.indelible.server.Settings;
import dev.indelible.server.audit.DataDirectoryAudit;
import dev.indelible.server.event.TenantId;
import dev.indelible.testing.Eventually;
import dev.indelible.testing.LiveFolder;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.audit.Trust;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real server on a data directory of its own, which seals a run when it is closed. */
public final class AuditedServer implements AutoCloseable {

  /** The entries that a new log begins with: its tenant's and its key's. */
  private static final int ENTRIES_OF_CREATION = 2;

  private final Path data;
  private final IndelibleServer server;
  private final String key;
  private final IndelibleClient client;

  private AuditedServer(Path data, IndelibleServer server) throws IOException {
    this.data = data;
    this.server = server;
    this.key = Files.readString(server.operatorKeyFile()).strip();
    this.client =
        IndelibleClient.to(uri()).key(key).answerTimeout(Eventually.LIMIT).withoutRetries().build();
  }

  public static AuditedServer start(Path data) throws Exception {
    return start(data, Map.of());
  }

  public static AuditedServer start(Path data, Map<Setting, String> more) throws Exception {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    flags.put(Setting.DATA, data.toString());
    flags.put(Setting.PORT, "0");
    flags.put(Setting.SEGMENT_BYTES, "1MiB");
    flags.put(Setting.SEAL_BYTES, "1MiB");
    flags.put(Setting.SEAL_AGE, "1h");
    flags.putAll(more);
    return new AuditedServer(
        data, IndelibleServer.start(ServerConfig.of(Settings.resolve(flags, Map.of(), null))));
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  public String key() {
    return key;
  }

  public void createTenant(String tenant) throws Exception {
    String answer =
        send(
            "POST",
            "/v1/tenants",
            "{\"id\":\"%s\",\"name\":\"%s\",\"erasures_take_two\":false}"
                .formatted(tenant, tenant));
    if (!answer.contains(tenant)) {
      throw new IOException(answer);
    }
  }

  /** Records events, each with something personal and an id of its own. */
  public void record(String tenant, int first, int count) throws Exception {
    String answer = send(tenant, first, count);
    if (!answer.contains("\"accepted\":" + count)) {
      throw new IOException(answer);
    }
  }

  /** Sends those events, for the first time or again; returns the answer. */
  public String send(String tenant, int first, int count) throws Exception {
    StringBuilder events = new StringBuilder("[");
    for (int i = first; i < first + count; i++) {
      events
          .append(i == first ? "" : ",")
          .append(
              "{\"id\":\"%s-%d\",\"tenant\":\"%s\",\"action\":\"user.login\",\"actor\":{\"type\":\"user\",\"id\":\"u_%d\",\"name\":\"Ana %d\"},\"reason\":\"%s\"}"
                  .formatted(tenant, i, tenant, i % 7, i, Integer.toHexString(i * 0x9e3779b9)));
    }
    return send("POST", "/v1/events", events.append("]").toString());
  }

  public SignedCheckpoint checkpoint(String tenant) throws Exception {
    return SignedCheckpoint.parse(
            send("GET", "/v1/tenants/" + tenant + "/log/checkpoint", null).getBytes(UTF_8))
        .orThrow();
  }

  /**
   * Waits until the checkpoint covers {@code events} events and what the log begins with: when that
   * is all that is in the log, nothing more of it is written or signed afterwards.
   */
  public SignedCheckpoint awaitCheckpoint(String tenant, long events) {
    return Eventually.see(
        "a checkpoint of " + events + " events of " + tenant,
        () -> checkpoint(tenant),
        checkpoint -> checkpoint.checkpoint().size() >= events + ENTRIES_OF_CREATION);
  }

  /**
   * Returns everything that the log answers, except that it was asked before, or the reason why it
   * does not answer. An index that has just been opened is given time to take in what it does not
   * have yet.
   */
  public String everything(String tenant) throws Exception {
    Eventually.see(
        "an index that has caught up",
        () -> send("GET", "/metrics", null),
        AuditedServer::isIndexed);
    return send(
        "GET",
        "/v1/tenants/"
            + tenant
            + "/events?limit=1000&order=oldest&q=-action:audit.viewed,audit.searched",
        null);
  }

  private static boolean isIndexed(String metrics) {
    return gauge(metrics, "indelible_sequencer_lag_bytes") == 0
        && gauge(metrics, "indelible_index_entries")
            == gauge(metrics, "indelible_runs_entries") + gauge(metrics, "indelible_fresh_entries");
  }

  private static double gauge(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no " + name));
  }

  public byte[] bytes(String path) {
    return client.get(path).body();
  }

  public String send(String method, String path, @Nullable String body) {
    Request request = Request.of(method, path);
    return client.send(body == null ? request : request.json(body)).text();
  }

  /** Posts a body that the server takes; returns its answer. */
  public String post(String path, String type, String body) {
    var answer = client.send(Request.of("POST", path).body(type, body.getBytes(UTF_8)));
    assertThat(answer.status()).as(path).isEqualTo(201);
    return answer.text();
  }

  /** Copies the directory as it is now: what a kill would leave, when nothing is being written. */
  public void copyTo(Path target) throws IOException {
    copy(data, target);
  }

  public static void copy(Path from, Path to) throws IOException {
    LiveFolder.copy(from, to);
  }

  public static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  public static DataDirectoryAudit.Result audit(Path data, @Nullable String tenant, Trust trust)
      throws InterruptedException {
    DataDirectory places = new DataDirectory(data);
    return DataDirectoryAudit.run(
        new DataDirectoryAudit.Places(
            places.eventsJournal(), places.controlJournal(), places.headsJournal(), places.blobs()),
        new DataDirectoryAudit.Question(
            tenant == null ? null : new TenantId(tenant), trust, _ -> {}));
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
