package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.client.Answer;
import dev.indelible.client.Request;
import dev.indelible.testing.Eventually;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.json.JsonMapper;

/**
 * The last hundred that happened beside the hundred newest by number, over HTTP, in turns, before
 * and after a million old events are imported; prints what it measures.
 */
@Tag("long")
@Isolated("measures times")
class OccurrenceFiguresTest {

  private static final int LIVE = 100_000;
  private static final int IMPORTED = Integer.getInteger("indelible.imported", 1_000_000);
  private static final int BATCH = 1_000;
  private static final int ASKED = 400;
  private static final double MOST = 1.5;

  private static final String[] ORDERS = {"newest", "-occurred"};

  @TempDir Path directory;

  private final Random random = new Random(20_261_130);
  private GovernedServer server;
  private long recorded;

  @BeforeEach
  void start() throws Exception {
    server = new GovernedServer(directory, Map.of(Setting.SEGMENT_BYTES, "64MiB"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void lastHundredThatHappenedCostLittleMoreThanTheNewest() throws Exception {
    server.tenant("acme", "standard");
    record(LIVE, _ -> server.now().minusMillis(random.nextInt(2_000)));
    assertThat(ratio("%,d live events".formatted(recorded))).isLessThan(MOST);
    record(IMPORTED, _ -> old());
    assertThat(ratio("after an import of %,d of two years, in no order".formatted(IMPORTED)))
        .isLessThan(MOST);
    record(500, _ -> server.now());
    assertThat(ratio("and 500 live ones since")).isLessThan(MOST);
    record(LIVE, i -> i % 500 == 0 ? server.now() : old());
    System.out.printf("with %d live ones among %,d old: %n", LIVE / 500, LIVE);
    ratio("each with a block of its own");
  }

  private Instant old() {
    return server.now().minus(Duration.ofSeconds(3_600 + random.nextInt(63_000_000)));
  }

  private void record(int count, IntFunction<Instant> times) throws Exception {
    for (int from = 0; from < count; from += BATCH) {
      server.advance(Duration.ofMillis(500));
      StringBuilder lines = new StringBuilder();
      for (int i = from; i < Math.min(count, from + BATCH); i++) {
        lines.append(
            """
            {"tenant":"acme","action":"ticket.updated","occurred_at":"%s","outcome":"success",\
            "actor":{"type":"user","id":"u_%d","name":"User %d"},\
            "targets":[{"type":"ticket","id":"%d"}],"reason":"customer asked for a change",\
            "context":{"ip":"203.0.113.%d"}}
            """
                .formatted(
                    times.apply(i),
                    random.nextInt(400),
                    random.nextInt(400),
                    random.nextInt(100_000),
                    random.nextInt(255)));
      }
      Answer answer =
          send(
              Request.of("POST", "/v1/events")
                  .body("application/x-ndjson", lines.toString().getBytes(StandardCharsets.UTF_8)));
      assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }
    recorded += count;
    Eventually.see(
        "all is found",
        () -> JsonMapper.shared().readTree(page("newest")).path("indexed_through").asLong(),
        through -> through >= recorded - 1);
  }

  private Answer send(Request request) {
    return server.client().send(request.header("Authorization", "Bearer " + server.key()));
  }

  private String page(String order) {
    Answer answer = send(Request.get("/v1/tenants/acme/events?limit=100&order=" + order));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.text();
  }

  /** Asks in turns, so that whatever else the machine does is shared by both. */
  private double ratio(String when) throws Exception {
    long[][] nanos = new long[ORDERS.length][ASKED];
    for (int i = -ASKED; i < ASKED; i++) {
      for (int order = 0; order < ORDERS.length; order++) {
        long start = System.nanoTime();
        page(ORDERS[order]);
        if (i >= 0) {
          nanos[order][i] = System.nanoTime() - start;
        }
      }
    }
    Arrays.sort(nanos[0]);
    Arrays.sort(nanos[1]);
    double ratio = nanos[1][ASKED / 2] / (double) nanos[0][ASKED / 2];
    System.out.printf(
        "%s: by number p50 %.2f p99 %.2f ms, by occurrence p50 %.2f p99 %.2f ms, ratio %.2f%n",
        when,
        nanos[0][ASKED / 2] / 1e6,
        nanos[0][ASKED * 99 / 100] / 1e6,
        nanos[1][ASKED / 2] / 1e6,
        nanos[1][ASKED * 99 / 100] / 1e6,
        ratio);
    return ratio;
  }
}
