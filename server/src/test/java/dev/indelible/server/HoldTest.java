package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Legal holds over HTTP. */
class HoldTest {

  @TempDir static Path directory;
  private static GovernedServer server;
  private String acme;
  private String holds;
  private String purge;

  @BeforeAll
  static void start() throws Exception {
    server = new GovernedServer(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void record() throws Exception {
    acme = server.newTenant("rapidesq");
    holds = "/v1/tenants/" + acme + "/holds";
    purge = "/v1/tenants/" + acme + "/retention/purge";
    server.record(acme, "ana1", "user.login", "u_ana", "Ana");
    server.record(acme, "bo1", "user.login", "u_bo", "Bo");
    server.record(acme, "ana2", "user.logout", "u_ana", "Ana");
  }

  private String apply(String query, String more) throws Exception {
    return server
        .expect(
            201,
            "POST",
            holds,
            "{\"name\":\"Doe v. Acme\",\"query\":\"%s\",\"reason\":\"matter 17\"%s}"
                .formatted(query, more))
        .path("id")
        .asString();
  }

  private long purge() throws Exception {
    return server.expect(200, "POST", purge, "{\"reason\":\"due\"}").path("entries").asLong();
  }

  @Test
  void aHoldOutlivesRetentionAndShowsOnWhatItKeeps() throws Exception {
    String hold = apply("actor:u_ana", "");
    JsonNode entry = server.newest(acme, "id:ana1");
    assertThat(entry.path("holds").get(0).path("id").asString()).isEqualTo(hold);
    assertThat(entry.path("holds").get(0).path("name").asString()).isEqualTo("Doe v. Acme");
    assertThat(server.newest(acme, "id:bo1").has("holds")).isFalse();
    assertThat(server.get("/v1/tenants/" + acme + "/events/ana1").path("holds")).hasSize(1);
    assertThat(server.get("/v1/tenants/" + acme + "/events/bo1").has("holds")).isFalse();
    assertThat(server.newest(acme, "action:audit.hold.apply").path("reason").asString())
        .isEqualTo("matter 17");
    server.advance(Duration.ofDays(3 * 366));
    JsonNode preview = server.get("/v1/tenants/" + acme + "/retention/preview");
    // Ana's two, and the entry that says who applied the hold and why.
    assertThat(preview.path("kept_by_holds").asLong()).isEqualTo(3);
    assertThat(preview.path("holds").get(0).path("entries").asLong()).isEqualTo(3);
    assertThat(preview.path("holds").get(0).path("name").asString()).isEqualTo("Doe v. Acme");
    assertThat(purge()).as("all but Ana's two").isEqualTo(preview.path("entries").asLong());
    assertThat(server.find(acme, "action:user.*", 2)).containsExactly("ana2", "ana1");
    server.stop();
    assertThat(PurgeTest.audit(server.data).broken()).isFalse();
    server.start();
    server.expect(200, "DELETE", holds + "/" + hold + "?reason=settled", "");
    assertThat(server.get(holds).path("holds")).isEmpty();
    assertThat(server.get(holds + "?released=true").path("holds")).hasSize(1);
    assertThat(purge()).isEqualTo(2);
    assertThat(server.find(acme, "action:user.*", 0)).isEmpty();
    server.stop();
    assertThat(PurgeTest.audit(server.data).broken()).isFalse();
    server.start();
  }

  @Test
  void aHoldByANameDoesNotShowToThoseWhoMayNotSeeIt() throws Exception {
    List<String> named =
        List.of(
            apply("actor:Ana", ""),
            apply("-actor:Ana action:user.*", ""),
            apply("-actor_id:u_bo action:user.*", ""),
            apply("ana", ""),
            apply("-ana action:user.*", ""));
    String ids = apply("actor:u_ana action:user.*", "");
    String facts = apply("-action:user.logout action:user.*", "");
    AccessCalls operator = AccessCalls.operator(server);
    AccessCalls reader = operator.key(acme, "'audit.view','audit.export','retention.manage'");
    String events = "/v1/tenants/" + acme + "/events";
    JsonNode ana = reader.get(events + "/ana1").expect(200).json();
    assertThat(ana.path("actor").has("name")).isFalse();
    assertThat(ids(ana)).containsExactly(ids, facts);
    assertThat(ids(reader.get(events + "/bo1").expect(200).json())).containsExactly(facts);
    assertThat(ids(operator.get(events + "/ana1").json())).hasSize(5).contains(named.get(0));
    assertThat(ids(operator.get(events + "/bo1").json())).hasSize(3).contains(named.get(1));
    server.find(acme, "id:ana1,bo1", 2);
    for (String path :
        List.of(
            events + "?q=id:ana1,bo1",
            "/v1/tenants/" + acme + "/export?format=json&reason=r&q=id:ana1,bo1")) {
      JsonNode answer = reader.get(path).expect(200).json();
      JsonNode entries = answer.isArray() ? answer : answer.path("entries");
      assertThat(entries).hasSize(2);
      for (JsonNode entry : entries) {
        assertThat(ids(entry))
            .as(path)
            .isEqualTo(
                entry.path("id").asString().equals("ana1") ? List.of(ids, facts) : List.of(facts));
      }
    }
    server.advance(Duration.ofDays(3 * 366));
    String preview = "/v1/tenants/" + acme + "/retention/preview";
    assertThat(ids(reader.get(preview).expect(200).json())).containsExactly(facts);
    assertThat(ids(operator.get(preview).json())).hasSize(7);
    for (JsonNode hold : reader.get(holds).expect(200).json().path("holds")) {
      boolean withheld = named.subList(3, 5).contains(hold.path("id").asString());
      assertThat(hold.path("query").isNull()).as("%s", hold).isEqualTo(withheld);
      assertThat(hold.path("query_withheld").asBoolean(false)).isEqualTo(withheld);
    }
    for (JsonNode hold : operator.get(holds).json().path("holds")) {
      assertThat(hold.path("query").asString()).isNotEmpty();
      assertThat(hold.has("query_withheld")).isFalse();
    }
  }

  private static List<String> ids(JsonNode entry) {
    return entry.path("holds").valueStream().map(hold -> hold.path("id").asString()).toList();
  }

  @Test
  void aHoldByAClearIdKeepsHashedActorsTooWhoAreErased() throws Exception {
    server.tenant("desk", "kimondesk");
    server.record("desk", "seven", "ticket.updated", "u_7", "Zelda");
    server.record("desk", "eight", "ticket.updated", "u_8", "Bo");
    erase("desk", "u_7");
    server.expect(
        201,
        "POST",
        "/v1/tenants/desk/holds",
        "{\"name\":\"matter\",\"query\":\"actor:u_7\",\"reason\":\"r\"}");
    assertThat(server.get("/v1/tenants/desk/events/seven").path("holds")).hasSize(1);
    assertThat(server.get("/v1/tenants/desk/events/eight").has("holds")).isFalse();
    server.advance(Duration.ofDays(3 * 366));
    server.expect(200, "POST", "/v1/tenants/desk/retention/purge", "{\"reason\":\"due\"}");
    assertThat(server.find("desk", "id:seven,eight", 1)).containsExactly("seven");
  }

  private void erase(String tenant, String person) throws Exception {
    String path = "/v1/tenants/" + tenant + "/erasures";
    JsonNode erasure =
        server.expect(
            201, "POST", path, "{\"identifiers\":[\"%s\"],\"reason\":\"asked\"}".formatted(person));
    server.expect(
        200,
        "POST",
        path + "/" + erasure.path("id").asString() + "/approve",
        "{\"reason\":\"checked\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "actor:u_ana | 2",
        "target:Gate | 1",
        "category:authentication | 4",
        "action:user.logout | 1",
        "before:SOON action:user.* | 3",
        "after:SOON before:LATER action:user.* | 1",
        "actor:u_ana action:user.login,user.logout -category:billing | 2"
      })
  void aHoldKeepsWhatItsQueryFindsAndNothingElse(String when, long kept) throws Exception {
    String query =
        when.replace("SOON", server.now().plusSeconds(1).toString())
            .replace("LATER", server.now().plus(Duration.ofDays(4)).toString());
    server.advance(Duration.ofDays(3));
    server.expect(
        201,
        "POST",
        "/v1/events",
        """
        {"id":"door","tenant":"%s","action":"user.login","actor":{"type":"user","id":"u_cy"},
         "targets":[{"type":"door","id":"d_1","name":"Gate"}]}"""
            .formatted(acme));
    apply(query, "");
    server.advance(Duration.ofDays(3 * 366));
    JsonNode preview = server.get("/v1/tenants/" + acme + "/retention/preview");
    // And the entry that says who applied it.
    assertThat(preview.path("kept_by_holds").asLong()).isEqualTo(kept + 1);
    assertThat(preview.path("holds").get(0).path("entries").asLong()).isEqualTo(kept + 1);
    assertThat(purge()).isEqualTo(preview.path("entries").asLong());
    server.find(acme, query + " action:user.*", (int) kept);
  }

  @Test
  void twoPeopleReleaseAHoldThatAsksForIt() throws Exception {
    String hold = apply("category:authentication", ",\"two_people_to_release\":true");
    String path = holds + "/" + hold + "?reason=settled";
    assertThat(server.expect(202, "DELETE", path, "").path("state").asString())
        .isEqualTo("release_asked");
    assertThat(server.call("DELETE", path, "").code()).isEqualTo("second_person_needed");
    assertThat(server.get(holds + "/" + hold).path("state").asString()).isEqualTo("release_asked");
    assertThat(server.newest(acme, "id:ana1").has("holds")).as("still kept").isTrue();
    assertThat(server.newest(acme, "action:audit.hold.release_request").path("reason").asString())
        .isEqualTo("settled");
    AccessCalls counsel =
        AccessCalls.operator(server)
            .signedIn(
                "{'tenant':'%s','user':{'id':'counsel'},'roles':['tenant_admin']}".formatted(acme));
    AccessCalls.Answer released = counsel.delete(path).expect(200);
    assertThat(released.json().path("state").asString()).isEqualTo("released");
    assertThat(server.newest(acme, "id:ana1").has("holds")).isFalse();
    assertThat(server.newest(acme, "action:audit.hold.release").path("actor").path("id"))
        .as("another than who asked")
        .isNotEqualTo(
            server.newest(acme, "action:audit.hold.release_request").path("actor").path("id"));
  }

  @Test
  void aHoldNeedsANameAReasonAndAQueryThatIsUnderstood() throws Exception {
    for (String body :
        new String[] {
          "{\"query\":\"actor:u_ana\",\"reason\":\"r\"}",
          "{\"name\":\"n\",\"query\":\"actor:u_ana\"}",
          "{\"name\":\"n\",\"query\":\"nonsense:(\",\"reason\":\"r\"}"
        }) {
      GovernedServer.Answer answer = server.call("POST", holds, body);
      assertThat(answer.status()).as("%s", answer).isEqualTo(422);
      assertThat(answer.code()).isEqualTo("invalid");
    }
    assertThat(server.call("DELETE", holds + "/none?reason=r", "").status()).isEqualTo(404);
    assertThat(server.get(holds).path("holds")).isEmpty();
  }

  @Test
  void aHoldWithoutAQueryKeepsEverything() throws Exception {
    server.expect(201, "POST", holds, "{\"name\":\"all\",\"reason\":\"r\"}");
    server.advance(Duration.ofDays(3 * 366));
    assertThat(purge()).isZero();
    assertThat(server.find(acme, "action:user.*", 3)).hasSize(3);
  }
}
