package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.ForgedRun;
import dev.indelible.testing.Eventually;
import dev.indelible.testing.LiveFolder;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A running server whose files somebody changes finds out by itself. */
class ScrubberTest {

  private static final String FAILED = "action:" + VerificationAlarm.ACTION;
  private static final int EVENTS = 300;

  @TempDir private static Path prepared;

  @TempDir private Path folder;
  private GovernedServer server;

  /** Makes the directory that each test gets a copy of: two tenants' entries in one run. */
  @BeforeAll
  static void prepare() throws Exception {
    GovernedServer server = new GovernedServer(prepared);
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
    server.close(); // which seals a run
  }

  @BeforeEach
  void start() throws Exception {
    LiveFolder.copy(prepared.resolve("data"), folder.resolve("data"));
    server =
        new GovernedServer(folder, Map.of(Setting.SCRUB_EVERY, "50ms", Setting.SCRUB_RATE, "1GiB"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void awaitAnotherPass() throws Exception {
    double passes = server.metric("indelible_scrub_passes_total");
    Eventually.holds(
        "another pass", () -> server.metric("indelible_scrub_passes_total") >= passes + 2);
  }

  private Path run() throws Exception {
    return LiveFolder.files(folder.resolve("data/blobs")).stream()
        .filter(file -> file.toString().endsWith(".run"))
        .findFirst()
        .orElseThrow();
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
    assertThat(server.metric("indelible_scrub_violations")).isZero();
    assertThat(server.metric("indelible_scrub_bytes_total")).isGreaterThan(2 * EVENTS * 100.0);
    assertThat(server.metric("indelible_scrub_last_pass_seconds"))
        .isEqualTo(server.now().toEpochMilli() / 1000.0);
    assertThat(server.findSettled("acme", FAILED)).isEmpty();
  }

  @Test
  void aFlippedBitOfTheSearchIndexIsFoundAndTheIndexIsBuiltAgainAtTheNextStart() throws Exception {
    List<String> before = server.find("acme", "action:user.login", EVENTS);
    // One that was there before the start: what comes of the search may be merged away.
    Path original =
        LiveFolder.files(prepared.resolve("data/index")).stream()
            .filter(f -> f.toString().endsWith(".cfs") || f.toString().endsWith(".tim"))
            .findFirst()
            .orElseThrow();
    Path file = folder.resolve(prepared.relativize(original));
    long middle = Files.size(file) / 2;
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(middle);
      int value = bytes.read();
      bytes.seek(middle);
      bytes.write(value ^ 1);
    }
    Eventually.holds("the flip is found", () -> server.metric("indelible_scrub_violations") > 0);
    server.stop();
    server.start();
    assertThat(file).as("the damaged index").doesNotExist();
    assertThat(server.find("acme", "action:user.login", EVENTS)).isEqualTo(before);
    awaitAnotherPass();
    assertThat(server.metric("indelible_scrub_violations")).isZero();
  }

  @Test
  void aFlippedBitIsAnEntryOfTheLogThatItDamagesOnceAndUntilItIsMendedAMetric() throws Exception {
    flip(run());
    Eventually.holds("the flip is found", () -> server.metric("indelible_scrub_violations") > 0);
    JsonNode entry = server.newest("acme", FAILED);
    assertThat(entry.path("actor").path("type").asString()).isEqualTo("system");
    assertThat(entry.path("outcome").asString()).isEqualTo("failure");
    assertThat(entry.path("outcome_reason").asString()).contains("cannot be read");
    assertThat(entry.path("security_relevant").asBoolean()).isTrue();
    awaitAnotherPass();
    assertThat(server.findSettled("acme", FAILED)).as("once, however often it is seen").hasSize(1);
    assertThat(server.findSettled("bolt", FAILED)).as("whose entries are whole").isEmpty();
    flip(run());
    Eventually.holds("it is mended", () -> server.metric("indelible_scrub_violations") == 0);
  }

  @Test
  void aRunThatIsReplacedByOneThatAgreesWithItselfIsFound() throws Exception {
    ForgedRun.replaceText(run(), new TenantId("bolt"), 17, "\"u_1", "\"x_1");
    Eventually.holds(
        "the other run is found", () -> server.metric("indelible_scrub_violations") > 0);
    // A pass that had read the run before tells first that the history is another.
    Eventually.see(
        "an entry that says which one was replaced",
        () -> server.get("/v1/tenants/bolt/events?q=" + FAILED).path("entries"),
        entries ->
            entries
                .valueStream()
                .map(entry -> entry.path("outcome_reason").asString())
                .anyMatch(
                    reason ->
                        reason.startsWith("Entry 17, as it is in run/")
                            && reason.endsWith("is not the one that was recorded.")));
    assertThat(server.findSettled("acme", FAILED)).isEmpty();
  }

  @Test
  void aRunThatIsGoneIsFound() throws Exception {
    Files.delete(run());
    Eventually.holds(
        "the missing run is found", () -> server.metric("indelible_scrub_violations") > 0);
  }

  @Test
  void whatDoesNotHoldIsAWarningOfTheReadyServer() throws Exception {
    assertThat(server.get("/health/ready").has("warnings")).isFalse();
    flip(run());
    Eventually.holds("the flip is found", () -> server.get("/health/ready").has("warnings"));
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
        Eventually.holds(
            journal + " is found", () -> server.metric("indelible_scrub_violations") > 0);
        bytes.seek(4096 + 40);
        bytes.write(value);
        Eventually.holds(
            journal + " is mended", () -> server.metric("indelible_scrub_violations") == 0);
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
    assertThat(server.metric("indelible_scrub_violations")).isZero();
    assertThat(server.metric("indelible_scrub_progress")).isBetween(0.0, 1.0);
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
