package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The schedule carries out what one person alone received and approved, once its time is over. */
class ErasureWaitTest {

  @TempDir Path directory;

  @Test
  void aRequestThatWaitedIsCarriedOutByTheSchedule() throws Exception {
    try (GovernedServer server = new GovernedServer(directory)) {
      server.expect(201, "POST", "/v1/tenants", "{\"id\":\"acme\"}");
      server.record("acme", "e1", "user.login", "u_7", "Anastasia");
      String request =
          "/v1/tenants/acme/erasures/"
              + server
                  .expect(201, "POST", "/v1/tenants/acme/erasures", "{\"identifiers\":[\"u_7\"]}")
                  .path("id")
                  .asString();
      server.expect(202, "POST", request + "/approve", "{\"reason\":\"checked\"}");
      server.stop();
      server.advance(Duration.ofDays(6));
      server.start();
      assertThat(server.get(request).path("state").asString()).isEqualTo("waiting");
      server.stop();
      server.advance(Duration.ofDays(2));
      server.start();
      JsonNode done =
          Eventually.see(
              "the request is fulfilled",
              () -> server.get(request),
              found -> found.path("state").asString().equals("fulfilled"));
      assertThat(done.path("approved_by").asString()).startsWith("operator:");
      assertThat(server.get("/v1/tenants/acme/events/e1").toString()).doesNotContain("Anastasia");
      JsonNode entry = server.newest("acme", "action:audit.erasure.processing");
      assertThat(entry.path("actor").path("type").asString()).isEqualTo("system");
      assertThat(entry.path("reason").asString()).isEqualTo("the waiting time is over");
    }
  }
}
