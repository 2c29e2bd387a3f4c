package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.AccessCalls.Answer;
import dev.indelible.verify.Leaf;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tests the view of readers who may not see personal data, and how hashed actors are found. */
class WithheldTest {

  @TempDir static Path directory;
  private static GovernedServer server;
  private String desk;
  private String plain;
  private String events;
  private AccessCalls reader;
  private AccessCalls officer;

  @BeforeAll
  static void start() throws Exception {
    server = new GovernedServer(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void recordWhatIsPersonal() throws Exception {
    desk = server.newTenant("kimondesk"); // hashes actors
    plain = server.newTenant("standard"); // does not
    events = "/v1/tenants/" + desk + "/events";
    AccessCalls operator = AccessCalls.operator(server);
    for (String tenant : List.of(desk, plain)) {
      operator
          .post(
              "/v1/events",
              """
              {'tenant':'%s','id':'e1','action':'ticket.updated','actor':{'type':'user','id':'u-secret','name':'Zelda','email':'z@q.test'},
               'targets':[{'type':'user','id':'t_1','name':'Targetina'}],'context':{'ip':'203.0.113.9','user_agent':'Quux/1','session_id':'s1'},
               'changes':[{'field':'email','before':'a@q.test','after':'b@q.test'}]}
              """
                  .formatted(tenant))
          .expect(201);
      server.find(tenant, "id:e1", 1);
    }
    reader = operator.key(desk, "'audit.view','audit.verify','audit.export'");
    officer = operator.key(desk, "'audit.view','audit.view_personal'");
  }

  private Answer search(AccessCalls calls, String query) throws Exception {
    return calls.get(events + "?q=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
  }

  @Test
  void noAnswerHoldsWhatIsPersonal() throws Exception {
    for (String path :
        List.of(
            events + "?q=id:e1",
            events + "/e1",
            events + "/e1/proof",
            "/v1/tenants/" + desk + "/facets",
            "/v1/tenants/" + desk + "/log/entries")) {
      assertThat(reader.get(path).expect(200).text())
          .as(path)
          .doesNotContain("u-secret", "Zelda", "z@q.test", "203.0.113.9", "Quux", "Targetina")
          .doesNotContain("a@q.test", "b@q.test");
    }
    JsonNode entry = reader.get(events + "/e1").json();
    assertThat(entry.path("actor").path("id_hash").asString()).hasSize(64);
    assertThat(entry.path("targets").path(0).path("id").asString())
        .as("a person's id is hashed as a target, too")
        .hasSize(64);
    assertThat(entry.has("personal_erased")).isFalse();
    reader.get("/v1/tenants/" + desk + "/log/entries?personal=include").expect(403);
    assertThat(officer.get(events + "/e1").expect(200).text()).contains("Zelda", "203.0.113.9");
  }

  @Test
  void aProofHoldsTheFactsAndNothingPersonal() throws Exception {
    JsonNode proof = reader.get(events + "/e1/proof").expect(200).json();
    assertThat(proof.path("personal_state").asString()).isEqualTo("withheld");
    assertThat(proof.path("personal").isNull()).isTrue();
    Leaf leaf = Leaf.decode(bytes(proof.path("leaf"))).orThrow();
    JsonNode facts = proof.path("facts");
    assertThat(facts.path("text").asString()).contains("id_hash").doesNotContain("u-secret");
    assertThat(
            Leaf.digest(
                bytes(facts.path("salt")),
                facts.path("text").asString().getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(leaf.facts());
    // Who sees no entry gets the proof of its leaf alone.
    AccessCalls verifier = AccessCalls.operator(server).key(desk, "'audit.verify'");
    JsonNode bare = verifier.get(events + "/e1/proof").expect(200).json();
    assertThat(bare.has("facts") || bare.has("personal") || bare.has("personal_state")).isFalse();
    AccessCalls whole =
        AccessCalls.operator(server).key(desk, "'audit.view','audit.view_personal','audit.verify'");
    JsonNode all = whole.get(events + "/e1/proof").expect(200).json();
    assertThat(all.path("personal_state").asString()).isEqualTo("present");
    assertThat(all.path("personal").path("text").asString()).contains("u-secret", "Zelda");
  }

  private static byte[] bytes(JsonNode base64) {
    return Base64.getDecoder().decode(base64.asString());
  }

  @Test
  void noQueryConfirmsAGuess() throws Exception {
    for (String query :
        List.of(
            "zelda",
            "-zelda",
            "\"b@q.test\"",
            "ip:203.0.113.0/24",
            "country:DE",
            "has:ip",
            "actor:u-secret",
            "actor_id:u-secret",
            "actor_id:u*",
            "-actor:u-secret",
            "on_behalf_of:u-secret",
            "action:ticket.* (id:e1 OR -zelda)")) {
      for (String path : List.of("events", "facets", "histogram", "tail")) {
        Answer answer =
            reader.get(
                "/v1/tenants/"
                    + desk
                    + "/"
                    + path
                    + "?q="
                    + URLEncoder.encode(query, StandardCharsets.UTF_8));
        assertThat(answer.expect(403).code()).as(query).isEqualTo("personal_withheld");
      }
    }
    // A target's name is none of what target finds, and neither is the id of a person.
    assertThat(search(reader, "target:Targetina").json().path("entries")).isEmpty();
    assertThat(search(reader, "target:user/t_1").json().path("entries")).isEmpty();
    assertThat(search(officer, "target:user/t_1").json().path("entries")).hasSize(1);
    assertThat(search(officer, "target:Targetina").json().path("entries")).hasSize(1);
    reader.get("/v1/tenants/" + desk + "/facets?fields=country").expect(403);
    reader.get("/v1/tenants/" + desk + "/facets?fields=actor_id").expect(403);
    reader.get("/v1/tenants/" + desk + "/histogram?by=actor_id").expect(403);
    // Where actors are not hashed their ids are no secret, their names are.
    AccessCalls key = AccessCalls.operator(server).key(plain, "'audit.view'");
    String events = "/v1/tenants/" + plain + "/events?q=";
    assertThat(key.get(events + "actor:u-secret").json().path("entries")).hasSize(1);
    assertThat(key.get(events + "actor:Zelda").json().path("entries")).isEmpty();
  }

  @Test
  void aFixedFilterHidesAHashedActorAlsoWithoutThePersonalPart() throws Exception {
    AccessCalls operator = AccessCalls.operator(server);
    server.record(desk, "other", "ticket.updated", "u-other", "Bo");
    AccessCalls viewer =
        operator.viewer(desk, "{'user':{'id':'v'},'filter':'action:ticket.* -actor:u-secret'}");
    AccessCalls only = operator.viewer(desk, "{'user':{'id':'w'},'filter':'actor:u-secret'}");
    assertThat(server.find(desk, "action:ticket.*", 2)).hasSize(2);
    for (boolean erased : new boolean[] {false, true}) {
      if (erased) {
        erase("u-secret");
      }
      assertThat(ids(viewer)).as("erased: %s", erased).containsExactly("other");
      viewer.get(events + "/e1").expect(404);
      assertThat(
              viewer
                  .get("/v1/tenants/" + desk + "/facets")
                  .expect(200)
                  .json()
                  .path("count")
                  .asInt())
          .isEqualTo(1);
      assertThat(ids(only)).as("erased: %s", erased).containsExactly("e1");
      only.get(events + "/e1").expect(200);
    }
  }

  private List<String> ids(AccessCalls calls) throws Exception {
    return calls
        .get(events)
        .expect(200)
        .json()
        .path("entries")
        .valueStream()
        .map(entry -> entry.path("id").asString())
        .toList();
  }

  @Test
  void aFilterSetByWhoeverMayNotSeeWhatIsPersonalMeansWhatTheyMayAsk() throws Exception {
    // Where ids are not hashed a name is no error, and finds by ids alone: so does what is kept.
    AccessCalls operator = AccessCalls.operator(server);
    AccessCalls blind = operator.key(plain, "'audit.view','members.manage','holds.manage'");
    AccessCalls seeing =
        operator.key(plain, "'audit.view','audit.view_personal','members.manage','holds.manage'");
    for (String filter : List.of("actor:Zelda", "actor:Z*", "actor:u-secret")) {
      int seen = filter.endsWith("u-secret") ? 1 : 0;
      String body = "{'user':{'id':'v'},'filter':'%s action:ticket.updated'}".formatted(filter);
      assertThat(entries(blind.viewer(plain, body))).as(filter).isEqualTo(seen);
      assertThat(entries(seeing.viewer(plain, body))).as(filter).isEqualTo(1);
      String link =
          "{'user':{'id':'a'},'filter':'%s action:ticket.updated','permissions':['audit.view'],'reason':'r'}"
              .formatted(filter);
      assertThat(entries(guest(blind, link))).as(filter).isEqualTo(seen);
      assertThat(entries(guest(seeing, link))).as(filter).isEqualTo(1);
      JsonNode hold =
          blind
              .post(
                  "/v1/tenants/" + plain + "/holds",
                  "{'name':'h','query':'%s','reason':'r'}".formatted(filter))
              .expect(201)
              .json();
      JsonNode marks = seeing.get("/v1/tenants/" + plain + "/events/e1").json().path("holds");
      assertThat(marks).as(filter).hasSize(seen);
      blind
          .delete("/v1/tenants/" + plain + "/holds/" + hold.path("id").asString() + "?reason=r")
          .expect(200);
    }
  }

  @Test
  void aFilterThatNamesSomebodyIsShownToThoseAloneWhoMayAskIt() throws Exception {
    AccessCalls operator = AccessCalls.operator(server);
    String path = "/v1/tenants/" + plain;
    AccessCalls viewer =
        operator.viewer(plain, "{'user':{'id':'v'},'filter':'-zelda','accounts':['eu']}");
    operator
        .post(
            path + "/auditor-links",
            "{'user':{'id':'a'},'filter':'zelda','permissions':['audit.view'],'reason':'r'}")
        .expect(201);
    AccessCalls reader = operator.key(plain, "'audit.view','members.manage'");
    for (String list : List.of("/auditor-links", "/viewer-sessions")) {
      assertThat(reader.get(path + list).expect(200).text())
          .contains("\"filter_withheld\":true")
          .doesNotContain("zelda");
      assertThat(operator.get(path + list).expect(200).text())
          .contains("zelda")
          .doesNotContain("filter_withheld");
    }
    assertThat(viewer.get("/v1/session").expect(200).text())
        .contains("\"filter_withheld\":true")
        .doesNotContain("zelda");
  }

  private AccessCalls guest(AccessCalls maker, String body) throws Exception {
    String url =
        maker
            .post("/v1/tenants/" + plain + "/auditor-links", body)
            .expect(201)
            .json()
            .path("url")
            .asString();
    AccessCalls nobody = AccessCalls.nobody(server);
    return nobody.browser(
        nobody
            .post("/v1/session", "{'code':'" + url.substring(url.indexOf('#') + 1) + "'}")
            .expect(201)
            .cookie());
  }

  private int entries(AccessCalls reader) throws Exception {
    return reader.get("/v1/tenants/" + plain + "/events").expect(200).json().path("entries").size();
  }

  private void erase(String person) throws Exception {
    JsonNode erasure =
        server.expect(
            201,
            "POST",
            "/v1/tenants/" + desk + "/erasures",
            "{\"identifiers\":[\"%s\"],\"reason\":\"asked\"}".formatted(person));
    server.expect(
        200,
        "POST",
        "/v1/tenants/" + desk + "/erasures/" + erasure.path("id").asString() + "/approve",
        "{\"reason\":\"checked\"}");
  }

  @Test
  void aHashedActorIsFoundByTheClearIdAlsoWithoutThePersonalPart() throws Exception {
    String hash = reader.get(events + "/e1").json().path("actor").path("id_hash").asString();
    assertThat(search(officer, "actor:u-secret").json().path("entries")).hasSize(1);
    assertThat(search(officer, "actor_id:u-other").json().path("entries")).isEmpty();
    for (AccessCalls calls : List.of(reader, officer)) {
      assertThat(search(calls, "actor:" + hash).json().path("entries")).hasSize(1);
      assertThat(search(calls, "actor:" + "0".repeat(64)).json().path("entries")).isEmpty();
    }
    erase("u-secret");
    JsonNode erased = officer.get(events + "/e1").expect(200).json();
    assertThat(erased.path("personal_erased").asBoolean()).isTrue();
    assertThat(search(officer, "actor:u-secret").json().path("entries")).hasSize(1);
    assertThat(search(reader, "actor:" + hash).json().path("entries")).hasSize(1);
  }
}
