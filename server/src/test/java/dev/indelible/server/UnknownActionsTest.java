package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Actions that a tenant's catalog lacks, and those that it leaves out. */
class UnknownActionsTest {

  @TempDir static Path directory;
  private static GovernedServer server;
  private String acme;
  private String other;
  private String list;
  private AccessCalls operator;

  @BeforeAll
  static void start() throws Exception {
    server = new GovernedServer(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void makeTenants() throws Exception {
    acme = server.newTenant("rapidesq");
    other = server.newTenant("rapidesq");
    list = "/v1/tenants/" + acme + "/unknown-actions";
    operator = AccessCalls.operator(server);
  }

  private AccessCalls.Answer send(String tenant, String action) throws Exception {
    return operator.post(
        "/v1/events",
        "{'tenant':'%s','action':'%s','actor':{'type':'system'}}".formatted(tenant, action));
  }

  @Test
  void theyAreListedFromRealTrafficWithWhenTheyCame() throws Exception {
    String first = server.now().toString();
    server.record(acme, "n0", "gadget.frobbed", "u", "U");
    server.advance(Duration.ofHours(1));
    server.record(acme, "n1", "gadget.polished", "u", "U");
    server.record(other, "n9", "gadget.elsewhere", "u", "U");
    server.advance(Duration.ofHours(1));
    String last = server.now().toString();
    server.record(acme, "n2", "gadget.frobbed", "u", "U");
    server.record(acme, "known", "team.create", "u", "U");
    server.find(acme, "flag:unknown_action", 3);
    JsonNode listed = server.get(list);
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
  void whatAnotherProgramSaysNewIsListedAndCountedByTheProgram() throws Exception {
    String keycloak = "indelible_events_unknown_actions_total{source=\"keycloak\"}";
    String none = "indelible_events_unknown_actions_total{source=\"none\"}";
    double before = server.count(keycloak);
    double others = server.count(none);
    server.record(acme, "k0", "keycloak.login", "u", "U");
    server.record(acme, "k1", "keycloak.a_type_of_tomorrow", "u", "U");
    server.record(acme, "k2", "gadget.frobbed", "u", "U");
    server.find(acme, "flag:unknown_action", 2);
    assertThat(server.get(list).path("unknown_actions").valueStream())
        .extracting(unknown -> unknown.path("action").asString())
        .containsExactlyInAnyOrder("keycloak.a_type_of_tomorrow", "gadget.frobbed");
    assertThat(server.count(keycloak)).isEqualTo(before + 1);
    assertThat(server.count(none)).isEqualTo(others + 1);
  }

  @Test
  void aTenantRefusesThemFromNowOnAndTheChangeIsAnEntry() throws Exception {
    operator
        .call(
            "PATCH",
            "/v1/tenants/" + acme,
            "{\"unknown_actions\":\"reject\",\"reason\":\"the catalog is complete\"}")
        .expect(200);
    assertThat(send(acme, "gadget.frobbed").expect(422).code()).isEqualTo("unknown_action");
    send(other, "gadget.frobbed").expect(201);
    JsonNode entry = server.newest(acme, "action:audit.tenant.update");
    assertThat(entry.path("reason").asString()).isEqualTo("the catalog is complete");
    assertThat(entry.path("changes").toString())
        .isEqualTo(
            "[{\"field\":\"unknown_actions\",\"before\":\"accept_and_flag\",\"after\":\"reject\"}]");
    AccessCalls viewer = operator.key(acme, "'audit.view'");
    assertThat(
            viewer
                .call("PATCH", "/v1/tenants/" + acme, "{\"unknown_actions\":\"accept_and_flag\"}")
                .expect(403)
                .code())
        .isEqualTo("forbidden");
    operator
        .call("PATCH", "/v1/tenants/" + acme, "{\"unknown_actions\":\"accept_and_flag\"}")
        .expect(200);
    send(acme, "gadget.frobbed").expect(201);
  }

  @Test
  void routineIsRefusedWithACodeOfItsOwnAndCounted() throws Exception {
    String metric = "indelible_events_rejected_total{code=\"not_recorded\"}";
    double before = server.count(metric);
    assertThat(send(acme, "message.reply").expect(422).code()).isEqualTo("not_recorded");
    JsonNode batch =
        operator
            .post(
                "/v1/events",
                """
                [{'tenant':'%1$s','action':'ticket.status.update','actor':{'type':'system'}},
                 {'tenant':'%1$s','action':'team.create','actor':{'type':'system'}}]"""
                    .formatted(acme))
            .expect(201)
            .json();
    assertThat(batch.path("rejected").get(0).path("code").asString()).isEqualTo("not_recorded");
    assertThat(server.count(metric)).isEqualTo(before + 2);
  }
}
