package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.indelible.testing.Eventually;
import dev.indelible.verify.access.PackReviews;
import dev.indelible.verify.audit.AuditReport;
import dev.indelible.verify.audit.PackVerifier;
import dev.indelible.verify.audit.Trust;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How long a review of access and evidence packs take over a log of a million entries of one year,
 * one in ten about access, from the request to the last byte. The figures are printed; {@code
 * -Dindelible.review.entries} says how many entries, {@code -Dtest.jvm.extra=-Xmx512m} how much
 * memory.
 */
@Tag("long")
class AccessReviewFiguresTest {

  private static final int ENTRIES = Integer.getInteger("indelible.review.entries", 1_000_000);
  private static final int BATCH = 5_000;
  private static final Duration GOAL = Duration.ofSeconds(10);
  private static final Duration PACK_GOAL = Duration.ofSeconds(60);
  private static final Instant BEGINNING = Instant.parse("2025-11-01T00:00:00Z");
  private static final Duration YEAR = Duration.ofDays(365);

  @TempDir Path directory;

  private final HttpClient http = HttpClient.newHttpClient();
  private String address = "";
  private String key = "";

  @Test
  void aReviewOfAMillionEntriesTakesLessThanTenSecondsAndAPackLessThanAMinute() throws Exception {
    try (IndelibleServer filled = start()) {
      connect(filled);
      fill();
    }
    try (IndelibleServer server = start()) { // restarted: all of it is in runs
      connect(server);
      long best = Long.MAX_VALUE;
      for (int round = 0; round < 3; round++) {
        long begun = System.nanoTime();
        long used = processorMillis();
        HttpResponse<String> answer =
            http.send(
                request("/v1/tenants/acme/access-review").build(),
                HttpResponse.BodyHandlers.ofString());
        long millis = (System.nanoTime() - begun) / 1_000_000;
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"complete\":true");
        System.out.printf(
            Locale.ROOT,
            "access review of %,d entries: %,d ms (%,d of processors), %,d bytes%n",
            ENTRIES,
            millis,
            processorMillis() - used,
            answer.body().length());
        best = Math.min(best, millis);
      }
      for (String template : List.of("access_review", "soc2")) {
        assertThat(pack(template)).as(template).isLessThan(PACK_GOAL.toMillis());
      }
      assertThat(best).isLessThan(GOAL.toMillis());
    }
  }

  /**
   * Makes a pack of the whole year, takes it away and verifies it; returns how long it was made.
   */
  private long pack(String template) throws Exception {
    long begun = System.nanoTime();
    long used = processorMillis();
    String path = "/v1/tenants/acme/exports/" + template.replace('_', '-');
    post(
        "/v1/tenants/acme/packs",
        "{\"id\":\"%s\",\"template\":\"%s\",\"from\":\"%s\",\"to\":\"%s\",\"reason\":\"r\"}"
            .formatted(template.replace('_', '-'), template, BEGINNING, BEGINNING.plus(YEAR)),
        202);
    JsonNode job =
        Eventually.see(
            "the end of " + template,
            () ->
                JsonMapper.shared()
                    .readTree(
                        http.send(request(path).build(), HttpResponse.BodyHandlers.ofString())
                            .body()),
            seen -> !List.of("waiting", "running").contains(seen.path("state").asString()));
    assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("done");
    long millis = (System.nanoTime() - begun) / 1_000_000;
    used = processorMillis() - used;
    Path file = directory.resolve(template + ".zip");
    HttpResponse<Path> taken =
        http.send(request(path + "/file").build(), HttpResponse.BodyHandlers.ofFile(file));
    assertThat(taken.statusCode()).isEqualTo(200);
    long verifying = System.nanoTime();
    AuditReport report = PackVerifier.verify(file, Trust.NOTHING, null, new PackReviews(), _ -> {});
    assertThat(report.broken()).as(report.findings().toString()).isFalse();
    System.out.printf(
        Locale.ROOT,
        "pack %s of %,d entries: %,d ms (%,d of processors), %,d bytes, heap %d MiB; verified in"
            + " %,d ms%n",
        template,
        job.at("/counts/entries").asLong(),
        millis,
        used,
        job.at("/file/bytes").asLong(),
        Runtime.getRuntime().maxMemory() >> 20,
        (System.nanoTime() - verifying) / 1_000_000);
    return millis;
  }

  /** Time of processors that this process used: on a busy machine it says more than the clock. */
  private static long processorMillis() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1_000_000;
  }

  private IndelibleServer start() throws Exception {
    return IndelibleServer.start(
        ServerConfig.of(
            Settings.resolve(
                Map.of(Setting.DATA, directory.resolve("data").toString(), Setting.PORT, "0"),
                Map.of(),
                null)));
  }

  private void connect(IndelibleServer server) throws Exception {
    address = "http://127.0.0.1:" + server.port();
    key = Files.readString(server.operatorKeyFile()).strip();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address + path))
        .header("Authorization", "Bearer " + key)
        .header("Content-Type", "application/json");
  }

  private void post(String path, String body) throws Exception {
    post(path, body, 201);
  }

  private void post(String path, String body, int expected) throws Exception {
    HttpResponse<String> answer =
        http.send(
            request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(expected);
  }

  private void fill() throws Exception {
    post("/v1/tenants", "{\"id\":\"acme\"}");
    for (int from = 0; from < ENTRIES; from += BATCH) {
      StringBuilder batch = new StringBuilder("[");
      for (int i = from; i < Math.min(ENTRIES, from + BATCH); i++) {
        batch.append(i == from ? "" : ",").append(event(i));
      }
      post("/v1/events", batch.append(']').toString());
    }
  }

  private static String event(int i) {
    String user = "u_" + i / 10 % 20_000;
    String about =
        i % 10 != 0
            ? "\"action\":\"record.updated\",\"targets\":[{\"type\":\"record\",\"id\":\"r_%d\"}],\"changes\":[{\"field\":\"title\",\"before\":\"a\",\"after\":\"b\"}]"
                .formatted(i)
            : i < ENTRIES / 2
                ? "\"action\":\"user.created\",\"targets\":[{\"type\":\"user\",\"id\":\"%s\",\"name\":\"Person %d\"}]"
                    .formatted(user, i)
                : "\"action\":\"user.role_changed\",\"targets\":[{\"type\":\"user\",\"id\":\"%s\"}],\"changes\":[{\"field\":\"role\",\"after\":\"role-%d\"}]"
                    .formatted(user, i % 7);
    return "{\"tenant\":\"acme\",\"occurred_at\":\"%s\",%s,\"actor\":{\"type\":\"user\",\"id\":\"u_%d\",\"name\":\"Ana Ribeiro\",\"email\":\"ana@example.com\"},\"context\":{\"ip\":\"203.0.113.9\",\"user_agent\":\"Mozilla/5.0\",\"session_id\":\"s-%d\"}}"
        .formatted(
            BEGINNING.plus(YEAR.dividedBy(ENTRIES).multipliedBy(i)), about, i % 1_000, i % 5_000);
  }
}
