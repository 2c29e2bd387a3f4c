package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Work of exports beside the download that answers at once, in turns: each has every entry, once.
 * How fast they are is measured by {@code bench/exports}, as this JVM compiles otherwise than a
 * server's; the figures that are printed are for comparing two builds here. {@code
 * -Dindelible.export.entries} says how many entries.
 */
@Tag("long")
class ExportFiguresTest {

  private static final int ENTRIES = Integer.getInteger("indelible.export.entries", 200_000);
  private static final int BATCH = 2_000;
  private static final int ROUNDS = Integer.getInteger("indelible.export.rounds", 3);

  /** An export that takes longer than this many downloads waits for something. */
  private static final double MOST_DOWNLOADS = 1.5;

  @TempDir Path directory;

  private final HttpClient http = HttpClient.newHttpClient();
  private String address = "";
  private String key = "";

  @Test
  void everyEntryLeavesOnceWithoutWaits() throws Exception {
    try (IndelibleServer filled = start()) {
      connect(filled);
      fill();
    }
    try (IndelibleServer server = start()) { // restarted: all of it is in runs
      connect(server);
      double best = 0;
      double download = 0;
      for (int round = 0; round <= ROUNDS; round++) { // the first one warms up
        download = Math.max(download, print("download csv", download()));
        for (String format : List.of("csv", "json", "ndjson")) {
          double rate = print("export " + format, export(format, round));
          best = format.equals("csv") ? Math.max(best, rate) : best;
        }
      }
      System.out.printf(Locale.ROOT, "csv by export / download: %.2f%n", best / download);
      assertThat(best * MOST_DOWNLOADS).isGreaterThan(download);
    }
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

  private JsonNode json(HttpRequest request, int status) throws Exception {
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return JsonMapper.shared().readTree(answer.body());
  }

  private static HttpRequest.BodyPublisher body(String text) {
    return HttpRequest.BodyPublishers.ofString(text);
  }

  private void fill() throws Exception {
    json(request("/v1/tenants").POST(body("{\"id\":\"acme\"}")).build(), 201);
    for (int from = 0; from < ENTRIES; from += BATCH) {
      StringBuilder batch = new StringBuilder("[");
      for (int i = from; i < Math.min(ENTRIES, from + BATCH); i++) {
        batch.append(i == from ? "" : ",").append(event(i));
      }
      json(request("/v1/events").POST(body(batch.append(']').toString())).build(), 201);
    }
  }

  private static String event(int i) {
    return """
    {"tenant":"acme","id":"0199d0c5-6b1e-7c33-8e1f-%012d","account":"account-%d","action":"document.update","occurred_at":"2026-11-20T10:%02d:%02d.%03dZ",
    "actor":{"type":"user","id":"user-%d","name":"Ana Ribeiro %d","email":"ana.%d@example.com","roles":["editor"]},
    "targets":[{"type":"document","id":"document-%d","name":"Plan for the quarter %d"}],
    "changes":[{"field":"title","before":"Plan %d","after":"Plan for the quarter %d"}],
    "context":{"ip":"203.0.113.%d","user_agent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36","session_id":"session-%d","request_id":"request-%d"},
    "details":{"folder":"folder-%d","size":%d,"shared":true}}\
    """
        .formatted(
            i,
            i % 20,
            i / 60_000 % 60,
            i / 1_000 % 60,
            i % 1_000,
            i % 5_000,
            i % 5_000,
            i % 5_000,
            i % 90_000,
            i % 900,
            i,
            i,
            i % 250,
            i % 40_000,
            i,
            i % 70,
            i);
  }

  private static double print(String what, double seconds) {
    double rate = ENTRIES / seconds;
    System.out.printf(
        Locale.ROOT,
        "%s: %d entries in %.1f s, %.0f/s, heap %d MiB%n",
        what,
        ENTRIES,
        seconds,
        rate,
        Runtime.getRuntime().maxMemory() >> 20);
    return rate;
  }

  private long drain(HttpRequest request) throws Exception {
    HttpResponse<InputStream> answer =
        http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    long lines = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = answer.body()) {
      int count;
      while ((count = in.read(buffer)) >= 0) {
        for (int i = 0; i < count; i++) {
          lines += buffer[i] == '\n' ? 1 : 0;
        }
      }
    }
    return lines;
  }

  private double download() throws Exception {
    long begun = System.nanoTime();
    assertThat(drain(request("/v1/tenants/acme/export?format=csv").build())).isGreaterThan(ENTRIES);
    return (System.nanoTime() - begun) / 1e9;
  }

  private double export(String format, int round) throws Exception {
    long begun = System.nanoTime();
    String id = format + "-" + round;
    json(
        request("/v1/tenants/acme/exports")
            .POST(body("{\"id\":\"" + id + "\",\"format\":\"" + format + "\"}"))
            .build(),
        202);
    String path = "/v1/tenants/acme/exports/" + id;
    JsonNode job =
        Eventually.see(
            "the end of " + id,
            () -> json(request(path).build(), 200),
            seen -> !List.of("waiting", "running").contains(seen.path("state").asString()));
    assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("done");
    double made = (System.nanoTime() - begun) / 1e9;
    assertThat(job.at("/counts/entries").asLong()).isGreaterThanOrEqualTo(ENTRIES);
    // CSV has headings, JSON its brackets, NDJSON a header and a footer; no entry has a line break.
    assertThat(drain(request(path + "/file").build()))
        .isEqualTo(job.at("/counts/entries").asLong() + (format.equals("csv") ? 1 : 2));
    System.out.printf(
        Locale.ROOT, "  made in %.1f s, %d bytes%n", made, job.at("/file/bytes").asLong());
    http.send(request(path).DELETE().build(), HttpResponse.BodyHandlers.discarding());
    return (System.nanoTime() - begun) / 1e9;
  }
}
