package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.ForgedRun;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A running server reads its files again, and notices what was done to them meanwhile. */
final class ScrubberTest {

  private static final long PATIENCE_NANOS = 60_000_000_000L;

  @TempDir private Path folder = Path.of(".");
  private GovernedServer server;

  @BeforeEach
  void start() throws Exception {
    server = new GovernedServer(folder);
    server.tenant("acme", "standard");
    server.tenant("bolt", "standard");
    for (int i = 0; i < 150; i++) {
      server.record("acme", "a-" + i, "user.login", "u_" + i % 7, "Ana");
      server.record("bolt", "b-" + i, "user.login", "u_" + i % 7, "Bo");
    }
    restart();
  }

  /** Seals everything, and has the next server read fast and often. */
  private void restart() throws Exception {
    server.stop();
    server.set(Setting.SCRUB_RATE, "1GiB");
    server.set(Setting.SCRUB_EVERY, "1s");
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  private double metric(String name) {
    try {
      return new String(server.bytes("/metrics"), java.nio.charset.StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .findFirst()
          .orElseThrow();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void awaitPasses(int more) throws InterruptedException {
    double before = metric("indelible_scrub_passes_total");
    await("a pass", () -> metric("indelible_scrub_passes_total") >= before + more);
  }

  private JsonNode alerts(String tenant) throws Exception {
    return server
        .get("/v1/tenants/" + tenant + "/events?q=action:audit.log.verification_failed")
        .path("entries");
  }

  private List<Path> files(String below, String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(server.data.resolve(below))) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  private static void flip(Path file, long offset) throws IOException {
    try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
      random.seek(offset);
      int value = random.read();
      random.seek(offset);
      random.write(value ^ 4);
    }
  }

  @Test
  void aFlippedBitOfARunIsAnEntryOfItsTenantAndAMetricAndGoesAwayWhenItIsMended() throws Exception {
    awaitPasses(1);
    assertThat(metric("indelible_scrub_violations")).isZero();
    assertThat(metric("indelible_scrub_bytes_total")).isGreaterThan(300 * 100);
    assertThat(metric("indelible_scrub_last_pass_timestamp_seconds")).isPositive();
    assertThat(server.get("/health/ready").has("warnings")).isFalse();

    Path run = files("blobs", ".run").getFirst();
    flip(run, 3_000); // within the slice of acme
    await("a violation", () -> metric("indelible_scrub_violations") > 0);
    awaitPasses(2);
    assertThat(server.get("/health/ready").path("warnings").toString()).contains("does not hold");
    await(
        "an entry",
        () -> {
          try {
            return !alerts("acme").isEmpty();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
    awaitPasses(2);
    JsonNode alerts = alerts("acme");
    assertThat(alerts).as("said once, whatever was read since").hasSize(1);
    assertThat(alerts.get(0).path("outcome").asString()).isEqualTo("failure");
    assertThat(alerts.get(0).path("details").path("detail").asString()).contains("run");
    assertThat(alerts("bolt")).isEmpty();

    flip(run, 3_000);
    await("nothing wrong any more", () -> metric("indelible_scrub_violations") == 0);
    assertThat(server.get("/health/ready").has("warnings")).isFalse();
  }

  @Test
  void aFlippedBitOfAJournalIsFound() throws Exception {
    server.record("acme", "one-more", "user.login", "u_1", "Ana");
    awaitPasses(1);
    assertThat(metric("indelible_scrub_violations")).isZero();
    for (String journal : List.of("control", "heads")) {
      Path segment = files("journal/" + journal, ".segment").getFirst();
      flip(segment, 4096 + 40);
      await(journal, () -> metric("indelible_scrub_violations") > 0);
      flip(segment, 4096 + 40);
      await(journal + " mended", () -> metric("indelible_scrub_violations") == 0);
    }
  }

  @Test
  void aRunThatIsGoneIsFound() throws Exception {
    awaitPasses(1);
    Path run = files("blobs", ".run").getFirst();
    Path away = folder.resolve("away");
    Files.move(run, away);
    await("a violation", () -> metric("indelible_scrub_violations") > 0);
    Files.move(away, run);
    await("mended", () -> metric("indelible_scrub_violations") == 0);
  }

  @Test
  void whatGrowsIsMergedAndIsPurgedMeanwhileHolds() throws Exception {
    for (int round = 0; round < 6; round++) {
      for (int i = 0; i < 40; i++) {
        server.record("acme", "g-" + round + "-" + i, "user.login", "u_1", "Ana");
      }
      if (round % 2 == 1) {
        restart();
      }
    }
    server.advance(java.time.Duration.ofDays(4_000));
    server.expect(200, "POST", "/v1/tenants/acme/retention/purge", "{\"reason\":\"r\"}");
    awaitPasses(3);
    assertThat(metric("indelible_scrub_violations")).isZero();
  }

  @Test
  void aRunThatIsReplacedByOneThatAgreesWithItselfIsFound() throws Exception {
    awaitPasses(1);
    Path run = files("blobs", ".run").getFirst();
    ForgedRun.replaceText(run, new TenantId("bolt"), 17, "\"action\":\"", "\"action\":\"x");
    await("a violation", () -> metric("indelible_scrub_violations") > 0);
    awaitPasses(2);
    assertThat(alerts("bolt")).isNotEmpty();
    assertThat(alerts("acme")).isEmpty();
  }

  @Test
  void nobodyElseCanSayThatALogDoesNotHold() throws Exception {
    server.expect(
        422,
        "POST",
        "/v1/events",
        "{\"tenant\":\"acme\",\"action\":\"audit.log.verification_failed\",\"actor\":{\"type\":\"system\"}}");
  }
}
