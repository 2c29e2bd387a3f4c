package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Pace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A server whose clock is wrong deletes nothing by schedule before somebody vouches for it. */
class WrongClockTest {

  private static final Duration FAR = Duration.ofDays(4_000);

  @TempDir private Path directory;
  private GovernedServer server;

  @BeforeEach
  void start() throws Exception {
    server = new GovernedServer(directory, Map.of(Setting.PURGE_EVERY, "1s"));
    server.tenant("acme", "standard");
    server.tenant("quiet", "standard");
    server.record("acme", "e1", "user.login", "u_1", "Ana");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private boolean isDoubted() throws Exception {
    JsonNode clock = server.get("/v1/clock");
    boolean doubted = clock.path("doubted").asBoolean();
    assertThat(server.metric("indelible_clock_doubted")).isEqualTo(doubted ? 1 : 0);
    assertThat(server.get("/health/ready").path("warnings").toString().contains("The clock is"))
        .isEqualTo(doubted);
    return doubted;
  }

  /** Longer than the schedule waits, twice. */
  private static void letTheScheduleRun() throws InterruptedException {
    Pace.pause(Duration.ofMillis(2_500));
  }

  private void assertNothingPurgedBeforeItWasAccepted() {
    JsonNode accepted = server.newest("acme", "action:audit.clock.accept");
    JsonNode purged = server.newest("acme", "action:audit.entries.purge");
    assertThat(purged.path("seq").asLong()).isGreaterThan(accepted.path("seq").asLong());
    assertThat(server.find("acme", "action:audit.entries.purge", 1)).hasSize(1);
  }

  @Test
  void aClockThatJumpsWhileTheServerRunsPurgesNothingUntilItIsPutRightOrTheOperatorVouchesForIt()
      throws Exception {
    assertThat(isDoubted()).isFalse();
    assertThat(server.call("POST", "/v1/clock/accept", "").code()).isEqualTo("clock_not_doubted");
    server.advance(FAR);
    assertThat(isDoubted()).isTrue();
    assertThat(server.get("/v1/clock").path("ahead_seconds").asLong())
        .isBetween(FAR.toSeconds() - 600, FAR.toSeconds());
    letTheScheduleRun();
    server.advance(FAR.negated());
    assertThat(isDoubted()).as("it was put right").isFalse();
    assertThat(server.find("acme", "action:user.login", 1)).containsExactly("e1");

    server.advance(FAR);
    assertThat(server.expect(200, "POST", "/v1/clock/accept", "").path("doubted").asBoolean())
        .isFalse();
    assertThat(server.find("acme", "action:user.login", 0)).isEmpty();
    assertNothingPurgedBeforeItWasAccepted();
    JsonNode entry = server.newest("quiet", "action:audit.clock.accept");
    assertThat(entry.path("actor").path("roles").toString()).contains("operator");
    assertThat(entry.path("details").path("ahead_seconds").asLong())
        .isBetween(FAR.toSeconds() - 600, FAR.toSeconds());
    assertThat(entry.path("security_relevant").asBoolean()).isTrue();
  }

  @Test
  @Tag("long")
  void aServerThatWasOffForYearsSaysSoAndIsConfirmedOnceByTheDoctor() throws Exception {
    ServerConfig config =
        ServerConfig.of(
            Settings.resolve(
                Map.of(Setting.DATA, server.data.toString(), Setting.PORT, "0"), Map.of(), null));
    assertThat(Diagnosis.acceptClock(config, server.clock).detail()).contains("a server runs");
    server.stop();
    server.advance(FAR);
    server.start();
    assertThat(isDoubted()).isTrue();
    server.record("acme", "e2", "user.login", "u_1", "Ana");
    letTheScheduleRun();
    server.stop();
    assertThat(Diagnosis.of(config, server.clock))
        .as("neither a start nor an entry of that time vouches")
        .anySatisfy(
            finding -> {
              assertThat(finding.subject()).isEqualTo("clock");
              assertThat(finding.severity()).isEqualTo(Diagnosis.Severity.WARNING);
              assertThat(finding.detail()).contains(" days ahead", "--accept-clock");
            })
        .noneMatch(finding -> finding.severity() == Diagnosis.Severity.FAILURE);
    assertThat(Diagnosis.acceptClock(config, server.clock).detail()).contains("believed now");
    assertThat(Diagnosis.acceptClock(config, server.clock).detail()).contains("not doubted");
    server.start();
    assertThat(isDoubted()).isFalse();
    assertThat(server.find("acme", "action:user.login", 1)).containsExactly("e2");
    assertNothingPurgedBeforeItWasAccepted();
    server.stop();
    server.start();
    assertThat(isDoubted()).as("once").isFalse();
    assertThat(server.find("acme", "action:audit.clock.accept", 1)).hasSize(1);
  }
}
