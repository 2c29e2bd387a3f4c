package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Tests that the evidence of a hold (who, why, when) is kept as long as the hold, and a while
 * after.
 */
class HoldEvidenceTest {

  @TempDir Path directory;

  @Test
  void whoAndWhyStayInTheListAndInTheLogThoughRetentionIsShort() throws Exception {
    try (GovernedServer server = new GovernedServer(directory)) {
      server.tenant("acme", "inbox"); // keeps entries for 90 days
      String holds = "/v1/tenants/acme/holds";
      AccessCalls operator = AccessCalls.operator(server);
      for (String member : new String[] {"ana", "bo"}) {
        operator
            .post(
                "/v1/tenants/acme/members",
                "{'id':'" + member + "','assignments':[{'role':'admin'}]}")
            .expect(201);
      }
      AccessCalls one = operator.signedIn("{'tenant':'acme','user':{'id':'ana'}}");
      server.record("acme", "e1", "user.login", "u_7", "Ana");
      String id =
          one.post(
                  holds,
                  "{'name':'Matter','query':'actor:u_none','reason':'case 17','two_people_to_release':true}")
              .expect(201)
              .json()
              .path("id")
              .asString();
      server.advance(Duration.ofDays(200));
      purge(server);
      assertThat(server.find("acme", "id:e1", 0)).isEmpty();
      JsonNode applied = server.newest("acme", "action:audit.hold.apply");
      assertThat(applied.path("reason").asString()).isEqualTo("case 17");

      one = operator.signedIn("{'tenant':'acme','user':{'id':'ana'}}");
      AccessCalls two = operator.signedIn("{'tenant':'acme','user':{'id':'bo'}}");
      one.delete(holds + "/" + id + "?reason=settled").expect(202);
      two.delete(holds + "/" + id + "?reason=agreed").expect(200);
      server.stop();
      server.start();
      JsonNode hold = server.get(holds + "/" + id);
      assertThat(hold.path("applied_by").asString()).isEqualTo("user:ana");
      assertThat(hold.path("reason").asString()).isEqualTo("case 17");
      assertThat(hold.path("history"))
          .extracting(made -> made.path("state").asString() + " " + made.path("reason").asString())
          .containsExactly("in_force case 17", "release_asked settled", "released agreed");
      assertThat(hold.at("/history/1/by")).isNotEqualTo(hold.at("/history/2/by"));

      server.advance(Duration.ofDays(364));
      purge(server);
      assertThat(server.find("acme", "action:audit.hold.*", 3)).hasSize(3);
      server.advance(Duration.ofDays(2));
      purge(server);
      assertThat(server.find("acme", "action:audit.hold.*", 0)).isEmpty();
      assertThat(server.get(holds + "/" + id).path("history")).hasSize(3);
    }
  }

  private static void purge(GovernedServer server) throws Exception {
    server.expect(200, "POST", "/v1/tenants/acme/retention/purge", "{\"reason\":\"due\"}");
  }
}
