package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Actions that a tenant's catalog lacks, and those that it leaves out. */
class UnknownActionsTest {

  private static final String LIST = "/v1/tenants/acme/unknown-actions";

  @TempDir Path directory;
  private GovernedServer server;
  private AccessCalls operator;

  @BeforeEach
  void start() throws Exception {
    server = new GovernedServer(directory);
    server.tenant("acme", "rapidesq");
    server.tenant("other", "rapidesq");
    operator = AccessCalls.operator(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private AccessCalls.Answer send(String tenant, String action) throws Exception {
    return operator.post(
        "/v1/events",
        "{'tenant':'%s','action':'%s','actor':{'type':'system'}}".formatted(tenant, action));
  }

  @Test
  void theyAreListedFromRealTrafficWithWhenTheyCame() throws Exception {
    String first = server.now().toString();
    server.record("acme", "n0", "gadget.frobbed", "u", "U");
    server.advance(Duration.ofHours(1));
    server.record("acme", "n1", "gadget.polished", "u", "U");
    server.record("other", "n9", "gadget.elsewhere", "u", "U");
    server.advance(Duration.ofHours(1));
    String last = server.now().toString();
    server.record("acme", "n2", "gadget.frobbed", "u", "U");
    server.record("acme", "known", "team.create", "u", "U");
    server.find("acme", "flag:unknown_action", 3);
    JsonNode listed = server.get(LIST);
    assertThat(listed.path("count").asLong()).isEqualTo(3);
    List<String> actions = new ArrayList<>();
    listed.path("unknown_actions").forEach(a -> actions.add(a.path("action").asString()));
    assertThat(actions).containsExactly("gadget.frobbed", "gadget.polished");
    JsonNode most = listed.path("unknown_actions").get(0);
    assertThat(most.path("count").asLong()).isEqualTo(2);
    assertThat(java.time.Instant.parse(most.path("first_seen").asString()))
        .isEqualTo(java.time.Instant.parse(first));
    assertThat(java.time.Instant.parse(most.path("last_seen").asString()))
        .isEqualTo(java.time.Instant.parse(last));
    assertThat(most.path("example_id").asString()).isEqualTo("n2");
  }

  @Test
  void aTenantRefusesThemFromNowOnAndTheChangeIsAnEntry() throws Exception {
    operator
        .call(
            "PATCH",
            "/v1/tenants/acme",
            "{\"unknown_actions\":\"reject\",\"reason\":\"the catalog is complete\"}")
        .expect(200);
    assertThat(send("acme", "gadget.frobbed").expect(422).code()).isEqualTo("unknown_action");
    send("other", "gadget.frobbed").expect(201);
    JsonNode entry = server.newest("acme", "action:audit.tenant.update");
    assertThat(entry.path("reason").asString()).isEqualTo("the catalog is complete");
    assertThat(entry.path("changes").toString())
        .isEqualTo(
            "[{\"field\":\"unknown_actions\",\"before\":\"accept_and_flag\",\"after\":\"reject\"}]");
    AccessCalls viewer = operator.key("acme", "'audit.view'");
    assertThat(
            viewer
                .call("PATCH", "/v1/tenants/acme", "{\"unknown_actions\":\"accept_and_flag\"}")
                .expect(403)
                .code())
        .isEqualTo("forbidden");
    operator
        .call("PATCH", "/v1/tenants/acme", "{\"unknown_actions\":\"accept_and_flag\"}")
        .expect(200);
    send("acme", "gadget.frobbed").expect(201);
  }

  @Test
  void routineIsRefusedWithACodeOfItsOwnAndCounted() throws Exception {
    assertThat(send("acme", "message.reply").expect(422).code()).isEqualTo("not_recorded");
    JsonNode batch =
        operator
            .post(
                "/v1/events",
                """
                [{'tenant':'acme','action':'ticket.status.update','actor':{'type':'system'}},
                 {'tenant':'acme','action':'team.create','actor':{'type':'system'}}]""")
            .expect(201)
            .json();
    assertThat(batch.path("rejected").get(0).path("code").asString()).isEqualTo("not_recorded");
    assertThat(operator.get("/metrics").expect(200).text())
        .contains("indelible_events_rejected_total{code=\"not_recorded\"} 2.0");
  }
}
