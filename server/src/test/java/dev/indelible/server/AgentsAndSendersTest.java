package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.AccessCalls.Answer;
import dev.indelible.testing.Eventually;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** AI agents that act for people, and who handed events over, over real HTTP. */
class AgentsAndSendersTest {

  @TempDir Path directory;
  private GovernedServer server;
  private AccessCalls operator;

  @BeforeEach
  void start() throws Exception {
    server = new GovernedServer(directory);
    server.tenant("acme", "standard");
    server.tenant("desk", "kimondesk"); // hashes actors
    operator = AccessCalls.operator(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String event(String tenant, String id) {
    return """
        {'id':'%s','tenant':'%s','action':'ticket.updated',
         'actor':{'type':'ai_agent','id':'triage','model':'acme-large-3','version':'1.4',
           'on_behalf_of':{'type':'ai_agent','id':'planner','name':'Planner of Nadia',
             'on_behalf_of':{'type':'user','id':'u_nadia','name':'Nadia Q','email':'nadia@q.test'}}},
         'context':{'producer':'desk-3','producer_seq':4711}}"""
        .formatted(id, tenant);
  }

  private JsonNode entry(String tenant, String id) throws Exception {
    return operator.get("/v1/tenants/" + tenant + "/events/" + id).expect(200).json();
  }

  private static long found(AccessCalls calls, String tenant, String query) throws Exception {
    return calls
        .get(
            "/v1/tenants/%s/facets?fields=outcome&q=%s"
                .formatted(tenant, URLEncoder.encode(query, StandardCharsets.UTF_8)))
        .expect(200)
        .json()
        .path("count")
        .asLong();
  }

  private void awaitFound(String tenant, String query, long count) {
    Eventually.see(
        query, () -> found(operator, tenant, query), seen -> seen != null && seen == count);
  }

  private static String tokenOf(AccessCalls calls) {
    return calls.headers().get(1).substring("Bearer ".length());
  }

  /** The public part of a token: {@code ik_<12 characters>_<secret>}. */
  private static String idOf(String token) {
    return token.substring(3, 15);
  }

  @Test
  void anEntrySaysWhichKeyOrSessionHandedItOver() throws Exception {
    AccessCalls key = operator.key("acme", "'events.write','events.read'");
    AccessCalls browser = operator.signedIn("{'user':{'id':'op','name':'Olga'}}");
    operator.post("/v1/events", event("acme", "by-operator")).expect(201);
    key.post("/v1/events", event("acme", "by-key")).expect(201);
    browser.post("/v1/events", event("acme", "by-session")).expect(201);
    JsonNode byOperator = entry("acme", "by-operator").path("recorded_by");
    assertThat(byOperator.path("type").asString()).isEqualTo("operator_key");
    assertThat(byOperator.path("id").asString()).isEqualTo(idOf(server.key()));
    JsonNode byKey = entry("acme", "by-key").path("recorded_by");
    assertThat(byKey.path("type").asString()).isEqualTo("api_key");
    assertThat(byKey.path("id").asString()).isEqualTo(idOf(tokenOf(key)));
    JsonNode bySession = entry("acme", "by-session").path("recorded_by");
    assertThat(bySession.path("type").asString()).isEqualTo("session");
    String cookie = browser.headers().get(1).split("=", 2)[1];
    assertThat(bySession.path("id").asString()).isEqualTo(idOf(cookie));
    awaitFound("acme", "recorded_by:" + idOf(tokenOf(key)), 1);
    awaitFound("acme", "action:ticket.updated", 3);
    JsonNode made = server.newest("acme", "action:audit.key.create");
    assertThat(made.path("recorded_by").toString()).isEqualTo("{\"type\":\"server\"}");
    // Each look is an entry more, which may be searchable before the second one.
    Eventually.passes(
        "all are the server's",
        () ->
            assertThat(found(operator, "acme", "recorded_by:server action:audit.*"))
                .isEqualTo(found(operator, "acme", "action:audit.*")));
  }

  @Test
  void noSecretOfAnyKeyIsInWhatATenantReads() throws Exception {
    AccessCalls key = operator.key("acme", "'events.write','events.read'");
    operator.post("/v1/events", event("acme", "by-operator")).expect(201);
    key.post("/v1/events", event("acme", "by-key")).expect(201);
    awaitFound("acme", "action:ticket.updated", 2);
    for (String path : List.of("events", "events/by-operator/proof", "facets")) {
      Eventually.see(
          path,
          () -> key.get("/v1/tenants/acme/" + path),
          answer -> answer != null && answer.status() == 200);
      assertThat(key.get("/v1/tenants/acme/" + path).text())
          .as(path)
          .contains(idOf(server.key()))
          .doesNotContain(server.key().substring(16), tokenOf(key).substring(16));
    }
  }

  @Test
  void aCallerCannotSayWhoHandsItOver() throws Exception {
    Answer answer =
        operator.post(
            "/v1/events",
            event("acme", "forged").replaceFirst("\\{", "{'recorded_by':{'type':'server'},"));
    assertThat(answer.expect(422).code()).isEqualTo("invalid_event");
    assertThat(answer.json().path("errors").path(0).path("pointer").asString())
        .isEqualTo("/recorded_by");
    assertThat(answer.json().path("errors").path(0).path("code").asString())
        .isEqualTo("unknown_field");
  }

  @Test
  void anotherKeyMaySendTheSameAgain() throws Exception {
    AccessCalls key = operator.key("acme", "'events.write'");
    operator.post("/v1/events", event("acme", "twice")).expect(201);
    JsonNode again = key.post("/v1/events", event("acme", "twice")).expect(201).json();
    assertThat(again.path("entries").path(0).path("duplicate").asBoolean()).isTrue();
    assertThat(entry("acme", "twice").path("recorded_by").path("type").asString())
        .isEqualTo("operator_key");
  }

  @Test
  void everyStepIsFoundAndCounted() throws Exception {
    operator.post("/v1/events", event("acme", "e1")).expect(201);
    for (String query :
        List.of(
            "actor_type:ai_agent model:acme-large-3 version:1.4",
            "on_behalf_of:planner",
            "on_behalf_of:u_nadia",
            "on_behalf_of:\"nadia q\"",
            "producer:desk-3 producer_seq:4711")) {
      awaitFound("acme", query, 1);
    }
    JsonNode facets =
        operator
            .get("/v1/tenants/acme/facets?fields=model,producer,recorded_by&q=action:ticket.*")
            .expect(200)
            .json()
            .path("facets");
    assertThat(facets.path("model").path(0).path("value").asString()).isEqualTo("acme-large-3");
    assertThat(facets.path("producer").path(0).path("value").asString()).isEqualTo("desk-3");
    assertThat(facets.path("recorded_by").path(0).path("value").asString())
        .isEqualTo(idOf(server.key()));
  }

  @Test
  void whoSeesNothingPersonalSeesTheChainWithoutNamesAndWhoHandedItOver() throws Exception {
    for (String tenant : List.of("acme", "desk")) {
      operator.post("/v1/events", event(tenant, "e1")).expect(201);
      AccessCalls reader = operator.key(tenant, "'audit.view'");
      Answer seen = reader.get("/v1/tenants/" + tenant + "/events/e1").expect(200);
      assertThat(seen.text()).doesNotContain("Nadia", "nadia@");
      assertThat(seen.json().path("recorded_by").path("id").asString())
          .isEqualTo(idOf(server.key()));
      assertThat(seen.json().has("personal_erased")).isFalse();
      JsonNode actor = seen.json().path("actor");
      assertThat(actor.path("model").asString()).isEqualTo("acme-large-3");
      JsonNode last = actor.path("on_behalf_of").path("on_behalf_of");
      assertThat(last.path("type").asString()).isEqualTo("user");
      if (tenant.equals("desk")) {
        assertThat(seen.text()).doesNotContain("u_nadia", "planner", "triage");
        assertThat(last.path("id_hash").asString()).hasSize(64);
      } else {
        assertThat(last.path("id").asString()).isEqualTo("u_nadia");
      }
    }
  }

  @Test
  void anErasureFindsThePersonAtTheEndOfAChain() throws Exception {
    for (String tenant : List.of("acme", "desk")) {
      operator.post("/v1/events", event(tenant, "e1")).expect(201);
      String erasures = "/v1/tenants/" + tenant + "/erasures";
      String erasure =
          erasures
              + "/"
              + operator
                  .post(erasures, "{'identifiers':['u_nadia'],'reason':'asked'}")
                  .expect(201)
                  .json()
                  .path("id")
                  .asString();
      assertThat(server.get(erasure + "/preview").path("entries").asInt()).isEqualTo(1);
      operator.post(erasure + "/approve", "{'reason':'checked'}").expect(200);
      JsonNode erased = entry(tenant, "e1");
      assertThat(erased.toString()).doesNotContain("Nadia", "nadia@");
      assertThat(erased.path("personal_erased").asBoolean()).isTrue();
      assertThat(erased.at("/actor/on_behalf_of/on_behalf_of/type").asString()).isEqualTo("user");
    }
  }
}
