package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The schedule carries out what one person alone received and approved, once its time is over; a
 * clock that jumps takes nothing off that time.
 */
class ErasureWaitTest {

  private static final Duration FAR = Duration.ofDays(4_000);

  @TempDir Path directory;
  private GovernedServer server;
  private AccessCalls ana;

  @BeforeEach
  void start() throws Exception {
    server = new GovernedServer(directory, Map.of(Setting.PURGE_EVERY, "1s"));
    server.expect(201, "POST", "/v1/tenants", "{\"id\":\"acme\"}");
    ana =
        AccessCalls.operator(server)
            .key("acme", "'erasures.manage','audit.view','audit.view_personal'");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** A request that one person received and approved; returns its path. */
  private String waiting(String user, String name) throws Exception {
    server.record("acme", "of-" + user, "user.login", user, name);
    String request =
        "/v1/tenants/acme/erasures/"
            + ana.post("/v1/tenants/acme/erasures", "{'identifiers':['" + user + "']}")
                .expect(201)
                .json()
                .path("id")
                .asString();
    ana.post(request + "/approve", "{'reason':'checked'}").expect(202);
    return request;
  }

  private Instant until(String request) throws Exception {
    return Instant.parse(server.get(request).path("waits_until").asString());
  }

  private void assertWaits(String request) throws Exception {
    assertThat(ana.post(request + "/approve", "{'reason':'now'}").expect(409).code())
        .isEqualTo("second_person_needed");
    assertThat(server.get(request).path("state").asString()).isEqualTo("waiting");
  }

  private JsonNode fulfilled(String request) {
    return Eventually.see(
        "the request is fulfilled",
        () -> server.get(request),
        found -> found.path("state").asString().equals("fulfilled"));
  }

  @Test
  void aRequestThatWaitedIsCarriedOutByTheSchedule() throws Exception {
    String request = waiting("u_7", "Anastasia");
    server.pass(Duration.ofDays(6));
    assertWaits(request);
    server.stop();
    server.start();
    assertWaits(request);
    server.pass(Duration.ofDays(2));
    JsonNode done = fulfilled(request);
    assertThat(done.path("approved_by").asString()).isNotEqualTo("system");
    assertThat(server.get("/v1/tenants/acme/events/of-u_7").toString()).doesNotContain("Anastasia");
    JsonNode entry = server.newest("acme", "action:audit.erasure.processing");
    assertThat(entry.path("actor").path("type").asString()).isEqualTo("system");
    assertThat(entry.path("reason").asString()).isEqualTo("the waiting time is over");
  }

  @Test
  @Tag("long")
  void aClockThatIsSetAheadOrBackTakesNothingOffTheTime() throws Exception {
    String request = waiting("u_7", "Anastasia");
    Instant until = until(request);
    server.advance(FAR);
    assertWaits(request);
    String meanwhile = waiting("u_8", "Boleslav");
    assertThat(until(meanwhile)).as("by the believed time").isEqualTo(until);
    server.stop();
    server.start();
    assertWaits(request);
    server.advance(FAR.negated());
    assertWaits(request);

    server.advance(Duration.ofDays(-8));
    String early = waiting("u_9", "Cassandra");
    server.advance(Duration.ofDays(8));
    assertWaits(early);
    server.pass(Duration.ofDays(7));
    assertThat(Instant.parse(fulfilled(early).path("processing_at").asString()))
        .isAfterOrEqualTo(until);
    fulfilled(meanwhile);
  }

  @Test
  void whatWasLeftCountsFromWhenSomebodyVouchesForAClockThatJumped() throws Exception {
    String request = waiting("u_7", "Anastasia");
    server.pass(Duration.ofDays(2));
    server.stop();
    server.pass(Duration.ofDays(30)); // nobody could turn anything down
    server.start();
    assertWaits(request);
    server.expect(200, "POST", "/v1/clock/accept", "");
    Instant until = server.now().plus(Duration.ofDays(5));
    Eventually.see("the time is put off", () -> until(request), until::equals);
    Eventually.see(
        "the entry that says why",
        () -> server.newest("acme", "action:audit.erasure.waiting").path("reason").asString(),
        reason -> reason.contains("when the clock was accepted"));
    server.newest("acme", "action:audit.clock.accept");
    assertWaits(request);
    String later = waiting("u_8", "Boleslav");
    assertThat(until(later)).isEqualTo(server.now().plus(Duration.ofDays(7)));
    server.stop();
    server.start();
    assertThat(until(request)).as("once").isEqualTo(until);
    server.pass(Duration.ofDays(5));
    assertThat(Instant.parse(fulfilled(request).path("processing_at").asString()))
        .isAfterOrEqualTo(until);
    assertWaits(later);
  }
}
