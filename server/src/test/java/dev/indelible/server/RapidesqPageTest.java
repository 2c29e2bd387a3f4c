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

/** The scenarios of RapiDesq's page, played over HTTP. */
class RapidesqPageTest {

  @TempDir static Path directory;
  private static GovernedServer server;
  private Product product;

  @BeforeAll
  static void startServer() throws Exception {
    server = new GovernedServer(directory);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void openAccount() throws Exception {
    product = new Product(server, "rapidesq");
  }

  @Test
  void everyCategoryTakesItsExamples() throws Exception {
    product.hasCategory(
        "authentication",
        "user.sign-in user.sign-out user.sign-in.failed sso.config.change user.password.reset session.terminate");
    product.hasCategory(
        "user_management",
        "user.create user.invite user.deactivate user.role.change user.permission-set.assign user.team.add user.team.remove");
    product.hasCategory(
        "configuration_changes",
        "team.create routing.strategy.change channel.configure flow.publish bot.configure knowledge-base.update business-hours.change");
    product.hasCategory(
        "permission_changes",
        "permission-set.create permission-set.update permission-set.assign tenant.access.change");
    product.hasCategory(
        "data_access",
        "data.export dsar.receive legal-hold.apply legal-hold.release support.impersonate");
    product.hasCategory("data_deletion", "contact.delete ticket.delete conversation.delete");
    product.hasCategory(
        "billing_and_account",
        "plan.change payment-method.update credit.top-up auto-refill.change tenant.settings.change");
    product.hasCategory(
        "security_events",
        "auth.failure-pattern activity.suspicious api-key.create api-key.rotate ip-restriction.change");
    product.happens(
        "{'action':'retention.delete','actor':{'type':'system'},'targets':[{'type':'data','id':'tickets'}],'details':{'count':412}}");
    JsonNode aggregated = product.entries("action:retention.delete", 1).getFirst();
    assertThat(aggregated.path("details").path("count").asInt()).isEqualTo(412);
    assertThat(aggregated.path("actor").path("type").asString()).isEqualTo("system");
    assertThat(
            product
                .backend
                .post("/v1/events", "{'action':'retention.delete','actor':{'type':'system'}}")
                .expect(422)
                .json()
                .path("errors")
                .get(0)
                .path("pointer")
                .asString())
        .isEqualTo("/details/count");
  }

  @Test
  void anEntryHasAllThatThePageLists() throws Exception {
    product.happens(
        """
        {'id':'e1','action':'user.role.change','actor':{'type':'api_client','id':'k_7','name':'Directory sync'},
         'targets':[{'type':'user','id':'u_2','name':'Bo'}],'changes':[{'field':'role','before':'agent','after':'supervisor'}],
         'reason':'promotion','context':{'ip':'203.0.113.9','user_agent':'Sync/2','session_id':'s_1'}}""");
    JsonNode entry = product.entries("id:e1", 1).getFirst();
    assertThat(entry.path("recorded_at").asString()).endsWith("Z");
    assertThat(entry.path("actor").path("type").asString()).isEqualTo("api_client");
    assertThat(entry.path("targets").get(0).path("name").asString()).isEqualTo("Bo");
    assertThat(entry.path("changes").get(0).path("before").asString()).isEqualTo("agent");
    assertThat(entry.path("changes").get(0).path("after").asString()).isEqualTo("supervisor");
    assertThat(entry.path("reason").asString()).isEqualTo("promotion");
    assertThat(entry.path("context").path("session_id").asString()).isEqualTo("s_1");
    assertThat(entry.path("context").path("ip").asString()).isEqualTo("203.0.113.9");
    assertThat(entry.path("context").path("user_agent").asString()).isEqualTo("Sync/2");
  }

  @Test
  void routineWorkIsNotRecordedOneByOne() throws Exception {
    for (String routine : List.of("chat.message.send", "ticket.status.update", "message.reply")) {
      assertThat(
              product
                  .backend
                  .post(
                      "/v1/events",
                      "{'action':'%s','actor':{'type':'user','id':'u'}}".formatted(routine))
                  .expect(422)
                  .code())
          .isEqualTo("not_recorded");
    }
  }

  @Test
  void nobodyEditsOrDeletesAnEntry() throws Exception {
    product.does("u_1", "team.create", ",'id':'t1'");
    product.entries("id:t1", 1);
    AccessCalls owner = product.member("tenant_owner", "");
    for (String method : List.of("PUT", "PATCH", "DELETE")) {
      assertThat(owner.call(method, product.events + "/t1", "{}").status()).isEqualTo(405);
      assertThat(product.operator.call(method, product.events + "/t1", "{}").status())
          .isEqualTo(405);
    }
    product.entries("id:t1", 1);
  }

  @Test
  void theNewestHundredOfAllCategoriesComeFirstAndFiltersNarrowThem() throws Exception {
    for (int i = 0; i < 120; i++) {
      product.does(
          "u_" + i % 3, i % 2 == 0 ? "team.create" : "user.sign-in", ",'id':'n%03d'".formatted(i));
    }
    product.entries("id:n*", 120);
    assertThat(product.profile().path("viewer").path("default").asString()).isEqualTo("newest_100");
    List<String> first = new ArrayList<>();
    product
        .backend
        .get(product.events + "?q=-reads:log")
        .expect(200)
        .json()
        .path("entries")
        .forEach(e -> first.add(e.path("id").asString()));
    assertThat(first).hasSize(100);
    assertThat(first.getFirst()).isEqualTo("n119");
    assertThat(first.getLast()).isEqualTo("n020");
    product.entries("category:authentication id:n*", 60);
    product.entries("actor:u_1 id:n*", 40);
    product.does(
        "u_1", "user.role.change", ",'targets':[{'type':'user','id':'u_9','name':'Zora'}]");
    product.entries("target_type:user -actor_type:api_client action:user.role.change", 1);
    product.entries("zora", 1);
    product.server.advance(Duration.ofDays(2));
    product.does("u_1", "team.create", ",'id':'later'");
    product.entries("after:-24h action:team.create", 1);
  }

  @Test
  void supervisorsAndAgentsSeeNothingAndACustomSetLetsACompliancePersonRead() throws Exception {
    product.does("u_1", "team.create", ",'id':'t1'");
    product.entries("id:t1", 1);
    for (String role : List.of("tenant_owner", "tenant_admin")) {
      assertThat(product.seen(product.member(role, ""), "id:t1")).as(role).containsExactly("t1");
    }
    for (String role : List.of("supervisor", "agent")) {
      AccessCalls member = product.member(role, "");
      assertThat(member.get("/v1/whoami").expect(200).json().path("permissions")).isEmpty();
      for (String path :
          List.of("events", "events/t1", "events/t1/proof", "facets", "histogram", "tail")) {
        assertThat(member.get(product.path + "/" + path).status())
            .as(role + " " + path)
            .isEqualTo(403);
      }
    }
    product
        .operator
        .call(
            "POST",
            product.path + "/permission-sets",
            "{\"id\":\"audit_only\",\"name\":\"Audit only\",\"permissions\":[\"audit.view\"],\"reason\":\"segregation\"}")
        .expect(201);
    product
        .operator
        .post(
            product.path + "/members",
            "{'id':'u_comp','name':'Comp','assignments':[{'permission_set':'audit_only'}]}")
        .expect(201);
    AccessCalls officer =
        product.operator.signedIn(
            "{'tenant':'%s','user':{'id':'u_comp'}}".formatted(product.tenant));
    assertThat(product.seen(officer, "id:t1")).containsExactly("t1");
    assertThat(officer.get(product.path + "/keys").status()).isEqualTo(403);
    assertThat(officer.get(product.path + "/members").status()).isEqualTo(403);
    product.entries("action:audit.permission_set.create,audit.member.create", 2);
  }

  @Test
  void anIncidentIsInvestigatedWithThePermissionsHeldAtThatTime() throws Exception {
    String contact = "'targets':[{'type':'contact','id':'c_17','name':'Mara Quill'}]";
    product.happens(
        """
        {'id':'look','action':'contact.view','actor':{'type':'user','id':'u_mal','name':'Mal','roles':['agent'],'permissions':['contacts.read','contacts.all']},
         'context':{'session_id':'s_mal'},%s}"""
            .formatted(contact));
    product.happens(
        """
        {'id':'edit','action':'contact.update','actor':{'type':'user','id':'u_mal','name':'Mal','roles':['agent'],'permissions':['contacts.read','contacts.all']},
         'context':{'session_id':'s_mal'},'changes':[{'field':'phone','before':'1','after':'2'}],%s}"""
            .formatted(contact));
    product.does("u_good", "contact.view", "," + contact);
    product.does("u_mal", "user.sign-in", ",'id':'in','context':{'session_id':'s_mal'}");
    product.server.advance(Duration.ofDays(30));
    // By the time somebody asks, the agent has lost the permission.
    product.does(
        "u_admin",
        "user.permission-set.remove",
        ",'targets':[{'type':'user','id':'u_mal'}],'changes':[{'field':'permissions','before':['contacts.all'],'after':[]}]");
    product.happens(
        "{'action':'contact.view','id':'later','actor':{'type':'user','id':'u_mal','roles':['agent'],'permissions':['contacts.read']},%s}"
            .formatted(contact));
    // Who accessed this record, and when?
    List<JsonNode> accesses = product.entries("target:c_17 verb:read", 3);
    assertThat(accesses)
        .extracting(e -> e.path("actor").path("id").asString())
        .containsExactly("u_mal", "u_good", "u_mal");
    // What could they do then?
    JsonNode look = accesses.getLast();
    assertThat(look.path("actor").path("roles").toString()).isEqualTo("[\"agent\"]");
    assertThat(look.path("actor").path("permissions").toString()).contains("contacts.all");
    assertThat(accesses.getFirst().path("actor").path("permissions").toString())
        .doesNotContain("contacts.all");
    assertThat(product.actions("target:c_17 permission:contacts.all", 2))
        .containsExactly("contact.view", "contact.update");
    // Did they change anything? And what else in that session?
    JsonNode edit = product.entries("target:c_17 actor:u_mal -verb:read", 1).getFirst();
    assertThat(edit.path("changes").get(0).path("before").asString()).isEqualTo("1");
    assertThat(product.actions("session:s_mal", 3))
        .containsExactly("contact.view", "contact.update", "user.sign-in");
  }

  @Test
  void aComplianceReviewGetsThePermissionChangesOfAPeriodAndThePolicy() throws Exception {
    product.does("u_1", "permission-set.update", ",'id':'before'");
    product.server.advance(Duration.ofDays(40));
    String from = product.server.now().toString();
    product.does("u_1", "permission-set.create", ",'id':'within'");
    product.does("u_1", "team.create", ",'id':'unrelated'");
    product.server.advance(Duration.ofDays(40));
    String to = product.server.now().toString();
    product.does("u_1", "permission-set.assign", ",'id':'after'");
    product.entries("id:before,within,after,unrelated", 4);
    JsonNode page =
        product
            .backend
            .get(
                product.path("category:permission_changes actor:u_1")
                    + "&from="
                    + from
                    + "&to="
                    + to)
            .expect(200)
            .json();
    assertThat(page.path("entries")).hasSize(1);
    assertThat(page.path("entries").get(0).path("id").asString()).isEqualTo("within");
    String file =
        product
            .operator
            .get(
                product
                        .path("category:permission_changes actor:u_1")
                        .replace("events?limit=1000&", "export?format=csv&reason=audit&")
                    + "&from="
                    + from
                    + "&to="
                    + to)
            .expect(200)
            .text();
    assertThat(file.split("\r\n")).hasSize(2);
    assertThat(file).contains("permission-set.create");
    assertThat(product.server.get(product.path + "/retention").path("period").asString())
        .isEqualTo("P2Y");
  }

  @Test
  void theHistoryOfOneFlowSaysWhoChangedWhatAndWhatToGoBackTo() throws Exception {
    String[] people = {"u_ana", "u_bo", "u_cy"};
    for (int i = 0; i < 3; i++) {
      product.does(
          people[i],
          "flow.publish",
          ",'targets':[{'type':'flow','id':'f_9','name':'Refunds'}],'changes':[{'field':'steps','before':'v%d','after':'v%d'}]"
              .formatted(i, i + 1));
      product.does("u_ana", "flow.publish", ",'targets':[{'type':'flow','id':'f_10'}]");
      product.server.advance(Duration.ofDays(3));
    }
    List<JsonNode> history = product.entries("target:f_9 action:flow.publish", 3);
    assertThat(history)
        .extracting(
            e ->
                e.path("actor").path("id").asString()
                    + " "
                    + e.path("changes").get(0).path("before").asString()
                    + " "
                    + e.path("changes").get(0).path("after").asString())
        .containsExactly("u_cy v2 v3", "u_bo v1 v2", "u_ana v0 v1");
    product.does(
        "u_admin",
        "flow.revert",
        ",'targets':[{'type':'flow','id':'f_9'}],'changes':[{'field':'steps','before':'v3','after':'v1'}],'reason':'refunds loop'");
    assertThat(product.actions("target:f_9", 4)).endsWith("flow.revert");
  }

  @Test
  void offboardingShowsTheKeyThatWasLeftOver() throws Exception {
    String leaver = "{'type':'user','id':'u_left','name':'Lee'}";
    for (String key : List.of("k_1", "k_2")) {
      product.does(
          "u_left",
          "api-key.create",
          ",'targets':[{'type':'api_key','id':'%s'},%s]".formatted(key, leaver));
    }
    product.server.advance(Duration.ofDays(100));
    product.does("u_hr", "user.deactivate", ",'targets':[%s]".formatted(leaver));
    product.does("u_hr", "permission-set.unassign", ",'targets':[%s]".formatted(leaver));
    product.does(
        "u_hr",
        "session.terminate",
        ",'targets':[{'type':'session','id':'s_1'},%s]".formatted(leaver));
    product.does(
        "u_hr",
        "api-key.revoke",
        ",'targets':[{'type':'api_key','id':'k_1'},%s]".formatted(leaver));
    assertThat(product.actions("target:u_left -action:api-key.create", 4))
        .containsExactly(
            "user.deactivate", "permission-set.unassign", "session.terminate", "api-key.revoke");
    assertThat(leftOver()).containsExactly("k_2");
    product.does(
        "u_hr",
        "api-key.revoke",
        ",'targets':[{'type':'api_key','id':'k_2'},%s]".formatted(leaver));
    product.entries("target:u_left action:api-key.revoke", 2);
    assertThat(leftOver()).isEmpty();
    String pack =
        product
            .profile()
            .path("evidence_packs")
            .valueStream()
            .filter(p -> p.path("id").asString().equals("offboarding"))
            .findFirst()
            .orElseThrow()
            .path("query")
            .asString();
    product.entries(pack + " target:u_left", 5);
  }

  private List<String> leftOver() throws Exception {
    List<String> keys = new ArrayList<>();
    for (JsonNode entry :
        product
            .backend
            .get(product.path("target:u_left action:api-key.create"))
            .json()
            .path("entries")) {
      keys.add(entry.path("targets").get(0).path("id").asString());
    }
    for (JsonNode entry :
        product
            .backend
            .get(product.path("target:u_left action:api-key.revoke"))
            .json()
            .path("entries")) {
      keys.remove(entry.path("targets").get(0).path("id").asString());
    }
    return keys;
  }

  @Test
  void aDataSubjectsRequestHasItsReceiptProcessingAndFulfilment() throws Exception {
    String request = ",'targets':[{'type':'dsar','id':'r_1'}]";
    product.does("u_dpo", "dsar.receive", request);
    product.server.advance(Duration.ofDays(3));
    product.does("u_dpo", "dsar.process", request);
    product.server.advance(Duration.ofDays(20));
    product.does("u_dpo", "dsar.fulfill", request);
    List<JsonNode> timeline = product.entries("target:r_1 action:dsar.*", 3);
    assertThat(product.actions("target:r_1", 3))
        .containsExactly("dsar.receive", "dsar.process", "dsar.fulfill");
    java.time.Instant received =
        java.time.Instant.parse(timeline.getLast().path("recorded_at").asString());
    java.time.Instant fulfilled =
        java.time.Instant.parse(timeline.getFirst().path("recorded_at").asString());
    assertThat(Duration.between(received, fulfilled)).isEqualTo(Duration.ofDays(23));
  }

  @Test
  void aReasonBelongsToHoldsExportsAndImpersonation() throws Exception {
    for (String action : List.of("legal-hold.apply", "data.export", "support.impersonate")) {
      product.does("u_1", action, ",'id':'with-%s','reason':'matter 9'".formatted(action));
      AccessCalls.Answer refused =
          product.backend.post(
              "/v1/events",
              "{'id':'without-%s','action':'%s','actor':{'type':'user','id':'u_1'}}"
                  .formatted(action, action));
      assertThat(refused.expect(422).code()).isEqualTo("reason_required");
    }
    product.entries("-flag:reason_missing id:with-*", 3);
    assertThat(product.server.findSettled(product.tenant, "id:without-*")).isEmpty();
  }

  @Test
  void aTenantMayRatherKeepWhatLacksItsReason() throws Exception {
    product
        .operator
        .call(
            "PATCH",
            product.path,
            "{\"missing_reasons\":\"accept_and_flag\",\"reason\":\"an old client\"}")
        .expect(200);
    product.does("u_1", "data.export", ",'id':'bare'");
    product.entries("flag:reason_missing id:bare", 1);
    assertThat(product.profile().path("missing_reasons").asString()).isEqualTo("accept_and_flag");
    JsonNode change = product.server.newest(product.tenant, "action:audit.tenant.update");
    assertThat(change.path("changes").toString())
        .isEqualTo(
            "[{\"field\":\"missing_reasons\",\"before\":null,\"after\":\"accept_and_flag\"}]");
    product.operator.call("PATCH", product.path, "{\"missing_reasons\":null}").expect(200);
    assertThat(product.profile().path("missing_reasons").asString()).isEqualTo("reject");
    JsonNode batch =
        product
            .backend
            .post(
                "/v1/events",
                """
                [{'action':'data.export','actor':{'type':'user','id':'u_1'}},
                 {'action':'team.create','actor':{'type':'user','id':'u_1'}}]""")
            .expect(201)
            .json();
    assertThat(batch.path("rejected").get(0).path("code").asString()).isEqualTo("reason_required");
    assertThat(batch.path("accepted").asInt()).isEqualTo(1);
  }

  @Test
  void theLogsOwnExportsHoldsAndSupportAccessNeedAReasonToo() throws Exception {
    product.does("u_1", "team.create", ",'id':'one'");
    product.entries("id:one", 1);
    for (String path : List.of("/export?format=json&q=id:one", "/log/entries?to_seq=1")) {
      String url = product.path + path;
      AccessCalls.Answer refused = product.operator.get(url).expect(422);
      assertThat(refused.code()).isEqualTo("reason_required");
      assertThat(product.operator.get(url + "&reason=%20").expect(422).code())
          .isEqualTo("reason_required");
      product.operator.get(url + "&reason=audit%202026").expect(200);
    }
    List<JsonNode> exports = product.entries("action:audit.exported", 2);
    assertThat(exports)
        .allSatisfy(entry -> assertThat(entry.path("reason").asString()).isEqualTo("audit 2026"));
    product.operator.post(product.path + "/holds", "{'name':'Quill v. Acme'}").expect(422);
    AccessCalls owner = product.member("tenant_owner", "");
    owner.call("PATCH", product.path, "{\"support_access\":true}").expect(200);
    assertThat(
            owner
                .post(product.path + "/support-grants", "{'user':{'id':'s_1','name':'Sam'}}")
                .expect(422)
                .text())
        .contains("/reason");
  }

  @Test
  void theLongestRequirementIsKeptAndAHoldOutlivesIt() throws Exception {
    assertThat(product.retention("P1Y").code()).isEqualTo("retention_too_short");
    assertThat(product.retention("P7Y").status()).isEqualTo(200);
    product.does("u_ana", "user.sign-in", ",'id':'held'");
    product.does("u_bo", "user.sign-in", ",'id':'goes'");
    product.entries("id:held,goes", 2);
    JsonNode hold =
        product.server.expect(
            201,
            "POST",
            product.path + "/holds",
            "{\"name\":\"Quill v. Acme\",\"query\":\"actor:u_ana\",\"reason\":\"matter 9\"}");
    product.server.advance(Duration.ofDays(6 * 365));
    assertThat(product.purge()).isZero();
    product.server.advance(Duration.ofDays(2 * 366));
    assertThat(product.purge()).isPositive();
    assertThat(product.server.find(product.tenant, "action:user.sign-in", 1))
        .containsExactly("held");
    product.server.expect(
        200,
        "DELETE",
        product.path + "/holds/" + hold.path("id").asString() + "?reason=settled",
        "");
    assertThat(product.purge()).isPositive();
    assertThat(product.server.find(product.tenant, "action:user.sign-in", 0)).isEmpty();
  }
}
