package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Tests that, where actors are hashed, the same person is hashed as a target, and that erasing one
 * erases nobody else.
 */
class HashedTargetsTest {

  private static final String DESK = "/v1/tenants/desk";

  @TempDir Path directory;
  private GovernedServer server;

  @BeforeEach
  void begin() throws Exception {
    server = new GovernedServer(directory);
    server.tenant("desk", "kimondesk");
    send(
        """
        {"id":"self","tenant":"desk","action":"user.login","actor":{"type":"user","id":"u_7","name":"Una"},
         "targets":[{"type":"user","id":"u_7","name":"Una","href":"https://desk.test/users/u_7"}]}""");
    send(
        """
        {"id":"raised","tenant":"desk","action":"user.role_changed","actor":{"type":"user","id":"m_ana","name":"Ana"},
         "targets":[{"type":"user","id":"u_7","name":"Una"},{"type":"role","id":"admin"}]}""");
    send(
        """
        {"id":"odd","tenant":"desk","action":"badge.printed","actor":{"type":"user","id":"u_7"},
         "targets":[{"type":"badge_holder","id":"u_7"},{"type":"badge","id":"b_1"}]}""");
  }

  @AfterEach
  void end() {
    server.close();
  }

  private void send(String event) throws Exception {
    server.expect(201, "POST", "/v1/events", event);
  }

  private JsonNode facts(String id) throws Exception {
    AccessCalls reader = AccessCalls.operator(server).key("desk", "'audit.view'");
    return reader.get(DESK + "/events/" + id).expect(200).json();
  }

  @Test
  void hashAndClearIdNeverStandSideBySide() throws Exception {
    for (String id : List.of("self", "odd")) {
      JsonNode facts = facts(id);
      assertThat(facts.toString()).doesNotContain("u_7", "Una");
      assertThat(facts.at("/targets/0/id")).isEqualTo(facts.at("/actor/id_hash"));
    }
    assertThat(facts("raised").at("/targets/0/id")).isEqualTo(facts("self").at("/actor/id_hash"));
    assertThat(facts("raised").at("/targets/1/id").asString()).isEqualTo("admin");
    assertThat(facts("odd").at("/targets/1/id").asString()).isEqualTo("b_1");
    assertThat(server.get(DESK + "/events/raised").at("/targets/0/id").asString()).isEqualTo("u_7");
    assertThat(server.find("desk", "target:u_7", 3)).hasSize(3);
    // Who may not see what is personal does not confirm a guess by a target either.
    AccessCalls reader = AccessCalls.operator(server).key("desk", "'audit.view'");
    assertThat(reader.get(DESK + "/events?q=target:u_7").expect(200).json().path("entries"))
        .isEmpty();
  }

  @Test
  void theProgramsOwnEntriesHaveNoClearIdsBesideHashes() throws Exception {
    AccessCalls operator = AccessCalls.operator(server);
    operator.post(DESK + "/members", "{'id':'m_bo','assignments':[{'role':'admin'}]}").expect(201);
    AccessCalls bo = operator.signedIn("{'tenant':'desk','user':{'id':'m_bo'}}");
    String hold =
        bo.post(DESK + "/holds", "{'name':'M','reason':'r','two_people_to_release':true}")
            .expect(201)
            .json()
            .path("id")
            .asString();
    bo.delete(DESK + "/holds/" + hold + "?reason=r").expect(202);
    bo.post(DESK + "/erasures", "{'identifiers':['u_9']}").expect(201);
    bo.post(DESK + "/auditor-links", "{'user':{'id':'a'},'reason':'r'}").expect(201);
    AccessCalls reader = operator.key("desk", "'audit.view'");
    server.newest("desk", "action:audit.auditor_link.create");
    assertThat(reader.get(DESK + "/events?q=action:audit.*&limit=1000").expect(200).text())
        .doesNotContain("m_bo");
  }

  @Test
  void erasingATargetLeavesWhoActed() throws Exception {
    JsonNode before = facts("raised");
    String request = erase("u_7");
    JsonNode entry = server.get(DESK + "/events/raised");
    assertThat(entry.toString()).doesNotContain("u_7", "Una");
    assertThat(entry.at("/actor/id_hash")).isEqualTo(before.at("/actor/id_hash"));
    assertThat(entry.at("/actor/id").asString()).isEqualTo("m_ana");
    assertThat(entry.at("/actor/name").asString()).isEqualTo("Ana");
    assertThat(entry.path("personal_erased").asBoolean()).isTrue();
    assertThat(facts("raised").toString()).doesNotContain("m_ana");
    assertThat(server.find("desk", "actor:m_ana action:user.role_changed", 1)).hasSize(1);
    assertThat(server.find("desk", "target:u_7", 3)).as("by the hash").hasSize(3);
    JsonNode record = record(request);
    assertThat(record.at("/details/acted/0/id").asString()).isEqualTo("m_ana");
    assertThat(record.at("/details/acted/0/name").asString()).isEqualTo("Ana");
    assertThat(record.at("/details/acted/0/id_hash")).isEqualTo(before.at("/actor/id_hash"));
    assertThat(record.path("details").path("acted")).hasSize(1);
    assertThat(facts(record.path("id").asString()).toString())
        .as("it is personal")
        .doesNotContain("m_ana");
    // Her own erasure takes it, too, and leaves nobody's.
    erase("m_ana");
    assertThat(server.get(DESK + "/events/raised").toString()).doesNotContain("m_ana");
    server.stop();
    assertThat(
            RawFiles.holdingAtRest(server.data, List.of("m_ana".getBytes(StandardCharsets.UTF_8))))
        .isEmpty();
    assertThat(PurgeTest.audit(server.data).broken()).isFalse();
    server.start();
  }

  private String erase(String person) throws Exception {
    String erasures = DESK + "/erasures";
    String id =
        server
            .expect(201, "POST", erasures, "{\"identifiers\":[\"" + person + "\"]}")
            .path("id")
            .asString();
    assertThat(
            server
                .expect(200, "POST", erasures + "/" + id + "/approve", "{\"reason\":\"r\"}")
                .path("state")
                .asString())
        .isEqualTo("fulfilled");
    return id;
  }

  private JsonNode record(String request) throws Exception {
    return server.get(
        DESK + "/events/" + server.get(DESK + "/erasures/" + request).at("/records/0").asString());
  }
}
