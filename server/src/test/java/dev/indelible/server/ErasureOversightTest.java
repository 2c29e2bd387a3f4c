package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import dev.indelible.verify.audit.ErasureReceipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An erasure takes two; what it finds is a person, and what it was about can be shown later. */
class ErasureOversightTest {

  private static final String APPROVAL = "{'reason':'checked'}";

  @TempDir static Path directory;
  private static GovernedServer server;
  private String tenant = "";
  private String path = "";
  private String erasures = "";
  private AccessCalls operator;
  private AccessCalls ana;

  @BeforeAll
  static void begin() throws Exception {
    server = new GovernedServer(directory);
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @BeforeEach
  void aNewTenantWithOneAdmin() throws Exception {
    operator = AccessCalls.operator(server);
    ana = operator;
    tenant("standard", "owner");
    server.record(tenant, "e1", "user.login", "u_7", "Anastasia");
  }

  private void tenant(String profile, String role) throws Exception {
    // A tenant as whoever creates one gets it, beside those that other tests have.
    tenant = server.newTenant(profile) + "x";
    server.expect(
        201,
        "POST",
        "/v1/tenants",
        "{\"id\":\"%s\",\"profile\":\"%s\"}".formatted(tenant, profile));
    path = "/v1/tenants/" + tenant;
    erasures = path + "/erasures";
    ana = member("ana", role);
  }

  private AccessCalls member(String id, String role) throws Exception {
    operator
        .post(path + "/members", "{'id':'" + id + "','assignments':[{'role':'" + role + "'}]}")
        .expect(201);
    return operator.signedIn("{'tenant':'" + tenant + "','user':{'id':'" + id + "'}}");
  }

  private JsonNode ask(AccessCalls who, String... identifiers) throws Exception {
    return who.post(
            erasures,
            "{'identifiers':['" + String.join("','", identifiers) + "'],'reason':'ticket 9'}")
        .expect(201)
        .json();
  }

  private String of(JsonNode request) {
    return erasures + "/" + request.path("id").asString();
  }

  private AccessCalls patch(AccessCalls who, String body, int status) throws Exception {
    who.call("PATCH", path, body.replace('\'', '"')).expect(status);
    return who;
  }

  @Test
  void whoeverApprovesIsAnotherThanWhoReceived() throws Exception {
    AccessCalls bo = member("bo", "owner");
    String request = of(ask(ana, "u_7"));
    AccessCalls.Answer alone = ana.post(request + "/approve", APPROVAL).expect(409);
    assertThat(alone.code()).isEqualTo("second_person_needed");
    assertThat(server.get(path + "/events/e1").toString()).contains("Anastasia");
    JsonNode done = bo.post(request + "/approve", APPROVAL).expect(200).json();
    assertThat(done.path("asked_by").toString()).isEqualTo("[\"user:ana\"]");
    assertThat(done.path("approved_by").asString()).isEqualTo("user:bo");
    assertThat(server.get(path + "/events/e1").toString()).doesNotContain("Anastasia");
  }

  @Test
  void aKeyCountsAsWhoMadeItAndWhoIsSignedInBySomebodyAsBoth() throws Exception {
    member("bo", "owner");
    String request = of(ask(ana, "u_7"));
    String secret =
        ana.post(
                path + "/keys",
                "{'name':'k','permissions':['erasures.manage','keys.manage','audit.view_personal']}")
            .expect(201)
            .json()
            .path("secret")
            .asString();
    AccessCalls key = AccessCalls.nobody(server).bearer(secret);
    key.post(request + "/approve", APPROVAL).expect(409);
    String second =
        key.post(
                path + "/keys",
                "{'name':'k2','permissions':['erasures.manage','audit.view_personal']}")
            .expect(201)
            .json()
            .path("secret")
            .asString();
    AccessCalls.nobody(server).bearer(second).post(request + "/approve", APPROVAL).expect(409);
    for (String user : List.of("{'id':'bo'}", "{'id':'x'},'roles':['owner']")) {
      ana.signedIn("{'tenant':'" + tenant + "','user':" + user + "}")
          .post(request + "/approve", APPROVAL)
          .expect(409);
    }
    // And the other way round: as somebody else they ask, as themselves they approve.
    AccessCalls asBo = ana.signedIn("{'tenant':'" + tenant + "','user':{'id':'bo'}}");
    ana.post(of(ask(asBo, "u_7")) + "/approve", APPROVAL).expect(409);
    ana.post(of(ask(key, "u_7")) + "/approve", APPROVAL).expect(409);
    // The operator is another.
    operator.post(request + "/approve", APPROVAL).expect(200);
  }

  @Test
  void whereOnePersonMayTheOperatorOrAWaitingTimeIsTheSecond() throws Exception {
    JsonNode first = ask(ana, "u_7");
    JsonNode waiting = ana.post(of(first) + "/approve", APPROVAL).expect(202).json();
    assertThat(waiting.path("state").asString()).isEqualTo("waiting");
    assertThat(waiting.path("waits_until").asString())
        .isEqualTo(server.now().plus(Duration.ofDays(7)).toString().replace("Z", ".000Z"));
    assertThat(server.get(path + "/events/e1").toString()).contains("Anastasia");
    JsonNode entry = server.newest(tenant, "action:audit.erasure.waiting");
    assertThat(entry.path("actor").path("id").asString()).isEqualTo("ana");
    assertThat(ana.get(path + "/oversight").expect(200).json().path("waiting_erasures").toString())
        .contains(first.path("id").asString());
    assertThat(ana.post(of(first) + "/approve", APPROVAL).expect(409).code())
        .isEqualTo("second_person_needed");
    operator.post(of(first) + "/approve", APPROVAL).expect(200);
    assertThat(server.get(path + "/oversight").path("waiting_erasures")).isEmpty();

    server.record(tenant, "e2", "user.login", "u_8", "Boleslav");
    JsonNode second = ask(ana, "u_8");
    ana.post(of(second) + "/approve", APPROVAL).expect(202);
    server.pass(Duration.ofDays(6));
    operator
        .signedIn("{'tenant':'" + tenant + "','user':{'id':'ana'}}")
        .post(of(second) + "/approve", APPROVAL)
        .expect(409);
    server.pass(Duration.ofDays(1));
    operator
        .signedIn("{'tenant':'" + tenant + "','user':{'id':'ana'}}")
        .post(of(second) + "/approve", APPROVAL)
        .expect(200);
    assertThat(server.get(path + "/events/e2").toString()).doesNotContain("Boleslav");
  }

  @Test
  void whoeverMayTurnsDownWhatWaits() throws Exception {
    JsonNode request = ask(ana, "u_7");
    ana.post(of(request) + "/approve", APPROVAL).expect(202);
    operator.post(of(request) + "/reject", "{'reason':'no'}").expect(200);
    server.pass(Duration.ofDays(8));
    assertThat(operator.post(of(request) + "/approve", APPROVAL).expect(409).code())
        .isEqualTo("erasure_settled");
    assertThat(server.get(path + "/events/e1").toString()).contains("Anastasia");
  }

  @Test
  void aTenantAsksForMoreItselfAndOnlyTheOperatorForLess() throws Exception {
    assertThat(server.get(path).path("erasures_take_two").asBoolean()).isTrue();
    assertThat(server.get(path).path("erasure_wait_days").asInt()).isEqualTo(7);
    patch(ana, "{'erasure_wait_days':14,'reason':'policy'}", 200);
    patch(ana, "{'erasure_wait_days':13}", 403);
    patch(ana, "{'erasures_take_two':false}", 403);
    for (String wrong : List.of("0", "31", "'seven'")) {
      patch(ana, "{'erasure_wait_days':" + wrong + "}", 422);
    }
    patch(operator, "{'erasures_take_two':false,'erasure_wait_days':null,'reason':'r'}", 200);
    Eventually.see(
        "the entry of the change",
        () -> server.newest(tenant, "changed:erasures_take_two").path("changes").toString(),
        changes -> changes.contains("\"before\":true,\"after\":false"));
    assertThat(server.get(path + "/oversight").path("erasures_take_two").asBoolean()).isFalse();
    ana.post(of(ask(ana, "u_7")) + "/approve", APPROVAL).expect(200);
    patch(ana, "{'erasures_take_two':true}", 200);
    AccessCalls settings = operator.key(tenant, "'settings.manage'");
    patch(settings, "{'erasure_wait_days':20}", 403);
  }

  @Test
  void aThingsIdIsNobodys() throws Exception {
    tenant("msp", "admin");
    send(
        """
        {"id":"t1","action":"user_role_changed","actor":{"type":"user","id":"u_1","name":"Mallory"},
         "targets":[{"type":"user","id":"4711","name":"Victim"}]}""");
    send(
        """
        {"id":"t2","action":"rule_updated","actor":{"type":"user","id":"u_1","name":"Mallory"},
         "targets":[{"type":"rule","id":"4712","name":"Escalate"}]}""");
    send(
        """
        {"id":"t3","action":"feedback_deleted","actor":{"type":"user","id":"u_1","name":"Mallory"},
         "targets":[{"type":"feedback","id":"4712","name":"Escalate"},{"type":"user","id":"u_2"}]}""");
    String hold =
        operator
            .post(path + "/holds", "{'name':'Matter','query':'actor:u_9','reason':'r'}")
            .expect(201)
            .json()
            .path("id")
            .asString();
    JsonNode things = ask(operator, "4712", "rule/4712", "Escalate", hold);
    assertThat(preview(things).path("entries").asInt()).isZero();
    assertThat(preview(things).path("as_target").asInt()).isZero();
    assertThat(preview(ask(operator, "4711")).path("entries").asInt()).isEqualTo(1);
    assertThat(preview(ask(operator, "u_2")).path("entries").asInt()).isEqualTo(1);
  }

  private JsonNode preview(JsonNode request) throws Exception {
    return server.get(of(request) + "/preview");
  }

  private void send(String event) throws Exception {
    server.expect(
        201,
        "POST",
        "/v1/events",
        event.stripLeading().replaceFirst("\\{", "{\"tenant\":\"" + tenant + "\","));
  }

  @Test
  void whatSomebodyElseWroteStays() throws Exception {
    tenant("msp", "admin");
    String mine =
        """
        {"id":"%s","action":"feedback_submitted","actor":{"type":"user","id":"%s"},
         "targets":[{"type":"feedback","id":"f_1"},{"type":"user","id":"u_about"}],
         "details":{"email":"%s","name":"Ann","message":"about %s"}}""";
    send(mine.formatted("f1", "u_writer", "writer@a.test", "Zoe"));
    send(mine.formatted("f2", "u_desk", "zoe@a.test", "me"));
    JsonNode about = ask(operator, "u_about", "zoe@a.test");
    assertThat(preview(about).path("entries").asInt()).isEqualTo(1);
    assertThat(preview(about).path("kept_for_author").asInt()).isEqualTo(1);
    ana.post(of(about) + "/approve", APPROVAL).expect(200);
    assertThat(server.get(path + "/events/f1").toString()).contains("about Zoe");
    assertThat(server.get(path + "/events/f2").toString()).doesNotContain("about me");
    ana.post(of(ask(operator, "u_writer")) + "/approve", APPROVAL).expect(200);
    assertThat(server.get(path + "/events/f1").toString()).doesNotContain("about Zoe");
  }

  @Test
  void theLogKeepsACommitmentThatTheReceiptAloneOpens() throws Exception {
    JsonNode received = ask(ana, "u_7", "anastasia@acme.test");
    ErasureReceipt receipt = receipt(received.path("receipt"));
    assertThat(receipt.agrees()).isTrue();
    assertThat(receipt.identifiers()).containsExactly("u_7", "anastasia@acme.test");
    assertThat(ana.get(of(received) + "/receipt").expect(200).json())
        .isEqualTo(received.path("receipt"));
    JsonNode entry = server.newest(tenant, "action:audit.erasure.received");
    assertThat(entry.toString())
        .contains(receipt.commitment())
        .doesNotContain("anastasia@acme.test", receipt.salt());
    JsonNode done = operator.post(of(received) + "/approve", APPROVAL).expect(200).json();
    assertThat(receipt(done.path("receipt"))).isEqualTo(receipt);
    JsonNode certificate =
        server.get(path + "/deletions/" + done.at("/records/0").asString() + "/certificate");
    assertThat(certificate.at("/deleted/commitment").asString()).isEqualTo(receipt.commitment());
    assertThat(ana.get(of(received) + "/receipt").expect(409).code()).isEqualTo("erasure_settled");
    // The same person in another request gives another commitment.
    assertThat(ask(ana, "u_7", "anastasia@acme.test").path("commitment").asString())
        .isNotEqualTo(receipt.commitment());
    Eventually.holds(
        "the salt is in no file",
        () ->
            RawFiles.holding(server.data, List.of(receipt.salt().getBytes(StandardCharsets.UTF_8)))
                .isEmpty());
  }

  private static ErasureReceipt receipt(JsonNode json) throws IOException {
    return ErasureReceipt.read(JsonMapper.shared().writeValueAsBytes(json));
  }
}
