package dev.indelible.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.client.StreamedAnswer;
import dev.indelible.testing.Eventually;
import dev.indelible.testing.Pace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Kills the server while it makes exports: each goes on, and has every entry once that there was
 * when it was asked for. {@code -Dindelible.exportKills} says how often.
 */
@Tag("long")
class ExportKillTest {

  /** Exports that are under way at once. */
  private static final int UNDER_WAY = 10;

  private static final int KILLS = Integer.getInteger("indelible.exportKills", 50);

  /** Events before the first kill: enough for an export to be killed in. */
  private static final int FIRST_EVENTS = 30_000;

  private static final int EVENTS = 200;
  private static final int BATCH = 5_000;
  private static final int MOST_MILLIS = 1_000;
  private static final List<String> FORMATS = List.of("csv", "json", "ndjson", "xlsx");
  private static final String EXPORTS = "/v1/tenants/acme/exports";
  private static final Pattern ID = Pattern.compile("\"id\\\\?\":\\\\?\"e(\\d+)\\\\?\"|^e(\\d+),");

  /**
   * Export that was asked for.
   *
   * @param query empty for the program's own entries too
   * @param events how many there were then
   */
  private record Asked(String id, String format, String query, int events) {}

  @TempDir private Path directory;
  private int events;

  @Test
  void eachExportHasEveryEntryOnceAfterManyKills() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Path data = directory.resolve("data");
    List<Asked> asked = new ArrayList<>();
    Map<String, Integer> killedIn = new HashMap<>();
    for (int kill = 0; kill < KILLS; kill++) {
      try (ServerProcess server = ServerProcess.start(data, ServerProcess.BUSY)) {
        Calls operator = server.operator();
        if (kill == 0) {
          operator.tenant("acme", "standard");
        }
        record(operator, kill == 0 ? FIRST_EVENTS : EVENTS);
        if (kill >= UNDER_WAY) {
          awaitEnd(operator, asked.get(kill - UNDER_WAY)); // a tenant has 20 at once at most
        }
        asked.add(
            begin(
                operator,
                new Asked(
                    "x" + kill,
                    FORMATS.get(kill % FORMATS.size()),
                    kill / FORMATS.size() % 2 == 0 ? "" : "action:a.b",
                    events)));
        Pace.pause(Duration.ofMillis(random.nextInt(MOST_MILLIS)));
        killedIn.merge(job(operator, "x" + kill).path("state").asString(), 1, Integer::sum);
        server.kill();
      }
    }
    try (ServerProcess server = ServerProcess.start(data, ServerProcess.BUSY)) {
      Calls operator = server.operator();
      for (Asked one : asked) {
        assertWhole(operator, one);
      }
      System.out.printf("%d kills, shortly after an export was %s%n", KILLS, killedIn);
      server.stop();
    }
  }

  private static Asked begin(Calls operator, Asked asked) throws Exception {
    operator
        .post(
            EXPORTS,
            "{\"id\":\"%s\",\"format\":\"%s\",\"query\":\"%s\"}"
                .formatted(asked.id(), asked.format(), asked.query()))
        .expect(202);
    return asked;
  }

  private void record(Calls operator, int count) throws Exception {
    for (int left = count; left > 0; left -= BATCH) {
      StringBuilder body = new StringBuilder("[");
      for (int i = 0; i < Math.min(left, BATCH); i++) {
        body.append(i == 0 ? "" : ",")
            .append(
                "{\"tenant\":\"acme\",\"id\":\"e%d\",\"action\":\"a.b\",\"actor\":{\"type\":\"system\"}}"
                    .formatted(events++));
      }
      operator.record(body.append(']').toString()).expect(201);
    }
  }

  private static JsonNode job(Calls operator, String id) throws Exception {
    return operator.get(EXPORTS + "/" + id).expect(200).json();
  }

  private static JsonNode awaitEnd(Calls operator, Asked asked) {
    return Eventually.see(
        "the end of " + asked,
        () -> job(operator, asked.id()),
        seen -> !List.of("waiting", "running").contains(seen.path("state").asString()));
  }

  private static void assertWhole(Calls operator, Asked asked) throws Exception {
    JsonNode job = awaitEnd(operator, asked);
    assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("done");
    int others = asked.query().isEmpty() ? job.path("position").asInt() - asked.events() : 0;
    assertThat(job.at("/counts/entries").asInt())
        .as(asked.toString())
        .isEqualTo(asked.events() + others);
    byte[] file;
    try (StreamedAnswer answer =
        operator.open(operator.request("GET", EXPORTS + "/" + asked.id() + "/file"))) {
      assertThat(answer.status()).isEqualTo(200);
      file = answer.body().readAllBytes();
    }
    assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file)))
        .as(asked.toString())
        .isEqualTo(job.at("/file/sha256").asString());
    if (!asked.format().equals("xlsx")) { // which is compressed
      assertThat(ids(new String(file, StandardCharsets.UTF_8)))
          .as(asked.toString())
          .containsExactlyElementsOf(IntStream.range(0, asked.events()).boxed().toList());
    }
  }

  private static List<Integer> ids(String file) {
    List<Integer> ids = new ArrayList<>();
    file.lines()
        .forEach(
            line -> {
              Matcher matcher = ID.matcher(line);
              if (matcher.find()) {
                ids.add(
                    Integer.valueOf(
                        matcher.group(1) == null ? matcher.group(2) : matcher.group(1)));
              }
            });
    return ids;
  }
}
