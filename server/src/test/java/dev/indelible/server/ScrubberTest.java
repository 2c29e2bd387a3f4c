package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.ForgedRun;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A running server whose files somebody changes finds out by itself. */
class ScrubberTest {

  private static final String FAILED = "action:" + VerificationAlarm.ACTION;
  private static final int EVENTS = 300;

  @TempDir private Path folder;
  private GovernedServer server;

  @BeforeEach
  void start() throws Exception {
    server = new GovernedServer(folder, Instant.parse("2026-11-20T10:00:00Z"));
    for (String tenant : List.of("acme", "bolt")) {
      server.tenant(tenant, "standard");
      StringBuilder events = new StringBuilder("[");
      for (int i = 0; i < EVENTS; i++) {
        events
            .append(i == 0 ? "" : ",")
            .append(
                "{\"tenant\":\"%s\",\"action\":\"user.login\",\"actor\":{\"type\":\"user\",\"id\":\"u_%d\",\"name\":\"Ana\"},\"reason\":\"%s\"}"
                    .formatted(tenant, i, Integer.toHexString(i * 0x9e3779b9)));
      }
      server.expect(201, "POST", "/v1/events?wait=sealed", events.append("]").toString());
    }
    server.stop(); // which seals a run
    server.set(Setting.SCRUB_EVERY, "1s");
    server.set(Setting.SCRUB_RATE, "1GiB");
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private double metric(String name) throws Exception {
    return new String(server.bytes("/metrics"), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  private interface Check {
    boolean holds() throws Exception;
  }

  private static void await(String what, Check check) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!check.holds()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  private void awaitAnotherPass() throws Exception {
    double passes = metric("indelible_scrub_passes_total");
    await("another pass", () -> metric("indelible_scrub_passes_total") >= passes + 2);
  }

  private Path run() throws Exception {
    try (Stream<Path> files = Files.walk(folder.resolve("data/blobs"))) {
      return files.filter(file -> file.toString().endsWith(".run")).findFirst().orElseThrow();
    }
  }

  /** Flips a bit of the block that holds the first entries of acme, which come first in the run. */
  private void flip(Path file) throws Exception {
    boolean _ = file.toFile().setWritable(true);
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(4_000);
      int value = bytes.read();
      bytes.seek(4_000);
      bytes.write(value ^ 1);
    }
  }

  @Test
  void whatWasNotTouchedHoldsAndIsReadAgainAndAgain() throws Exception {
    awaitAnotherPass();
    assertThat(metric("indelible_scrub_violations")).isZero();
    assertThat(metric("indelible_scrub_bytes_total")).isGreaterThan(2 * EVENTS * 100.0);
    assertThat(metric("indelible_scrub_last_pass_seconds"))
        .isEqualTo(server.now().toEpochMilli() / 1000.0);
    assertThat(server.find("acme", FAILED, 0)).isEmpty();
  }

  @Test
  void aFlippedBitOfTheSearchIndexIsFoundAndTheIndexIsBuiltAgainAtTheNextStart() throws Exception {
    List<String> before = server.find("acme", "action:user.login", EVENTS);
    Path file;
    try (Stream<Path> files = Files.walk(folder.resolve("data/index"))) {
      file =
          files
              .filter(f -> f.toString().endsWith(".cfs") || f.toString().endsWith(".tim"))
              .findFirst()
              .orElseThrow();
    }
    long middle = Files.size(file) / 2;
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(middle);
      int value = bytes.read();
      bytes.seek(middle);
      bytes.write(value ^ 1);
    }
    await("the flip is found", () -> metric("indelible_scrub_violations") > 0);
    server.stop();
    server.start();
    assertThat(file).as("the damaged index").doesNotExist();
    assertThat(server.find("acme", "action:user.login", EVENTS)).isEqualTo(before);
    awaitAnotherPass();
    assertThat(metric("indelible_scrub_violations")).isZero();
  }

  @Test
  void aFlippedBitIsAnEntryOfTheLogThatItDamagesOnceAndUntilItIsMendedAMetric() throws Exception {
    flip(run());
    await("the flip is found", () -> metric("indelible_scrub_violations") > 0);
    JsonNode entry = server.newest("acme", FAILED);
    assertThat(entry.path("actor").path("type").asString()).isEqualTo("system");
    assertThat(entry.path("outcome").asString()).isEqualTo("failure");
    assertThat(entry.path("outcome_reason").asString()).contains("cannot be read");
    assertThat(entry.path("security_relevant").asBoolean()).isTrue();
    awaitAnotherPass();
    assertThat(server.find("acme", FAILED, 1)).as("once, however often it is seen").hasSize(1);
    assertThat(server.find("bolt", FAILED, 0)).as("whose entries are whole").isEmpty();
    flip(run());
    await("it is mended", () -> metric("indelible_scrub_violations") == 0);
  }

  @Test
  void aRunThatIsReplacedByOneThatAgreesWithItselfIsFound() throws Exception {
    ForgedRun.replaceText(run(), new TenantId("bolt"), 17, "\"u_1", "\"x_1");
    await("the other run is found", () -> metric("indelible_scrub_violations") > 0);
    assertThat(server.newest("bolt", FAILED).path("outcome_reason").asString())
        .startsWith("Entry 17, as it is in run/")
        .endsWith("is not the one that was recorded.");
    assertThat(server.find("acme", FAILED, 0)).isEmpty();
  }

  @Test
  void aRunThatIsGoneIsFound() throws Exception {
    Files.delete(run());
    await("the missing run is found", () -> metric("indelible_scrub_violations") > 0);
  }

  @Test
  void whatDoesNotHoldIsAWarningOfTheReadyServer() throws Exception {
    assertThat(server.get("/health/ready").has("warnings")).isFalse();
    flip(run());
    await("the flip is found", () -> server.get("/health/ready").has("warnings"));
    assertThat(server.get("/health/ready").path("warnings").toString())
        .contains("does not hold")
        .doesNotContain("acme");
  }

  @Test
  void aFlippedBitOfAJournalIsFound() throws Exception {
    awaitAnotherPass();
    for (String journal : List.of("control", "heads")) {
      Path segment = folder.resolve("data/journal/" + journal + "/000000000001.segment");
      try (RandomAccessFile bytes = new RandomAccessFile(segment.toFile(), "rw")) {
        bytes.seek(4096 + 40);
        int value = bytes.read();
        bytes.seek(4096 + 40);
        bytes.write(value ^ 1);
        await(journal + " is found", () -> metric("indelible_scrub_violations") > 0);
        bytes.seek(4096 + 40);
        bytes.write(value);
        await(journal + " is mended", () -> metric("indelible_scrub_violations") == 0);
      }
    }
  }

  @Test
  void whatGrowsIsMergedAndIsPurgedMeanwhileHolds() throws Exception {
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < 40; i++) {
        server.record("acme", "g-" + round + "-" + i, "user.login", "u_1", "Ana");
      }
      if (round % 2 == 1) {
        server.stop();
        server.start();
      }
    }
    server.advance(Duration.ofDays(4_000));
    server.expect(200, "POST", "/v1/tenants/acme/retention/purge", "{\"reason\":\"r\"}");
    awaitAnotherPass();
    assertThat(metric("indelible_scrub_violations")).isZero();
    assertThat(metric("indelible_scrub_progress")).isBetween(0.0, 1.0);
  }

  @Test
  void nobodyElseCanRecordSuchAnEntry() throws Exception {
    server.expect(
        422,
        "POST",
        "/v1/events",
        "{\"tenant\":\"acme\",\"action\":\"%s\",\"actor\":{\"type\":\"system\"}}"
            .formatted(VerificationAlarm.ACTION));
  }
}
