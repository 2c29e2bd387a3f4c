package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The scenarios of the rules engine's page, played over HTTP. */
class MspPageTest {

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
    product = new Product(server, "msp");
  }

  @Test
  void everythingThatThePageLogsIsAnEntryOfItsCategory() throws Exception {
    product.hasCategory(
        "authentication",
        "login_succeeded login_failed password_changed mfa_enrolled session_invalidated sso_callback");
    product.hasCategory(
        "admin_changes",
        "integration_credentials_updated user_role_changed branding_updated customer_matching_changed rule_updated");
    product.hasCategory("feedback", "feedback_submitted support_submitted");
  }

  @Test
  void aRulesFiringHasItsTriggerItsPayloadAndItsOutcome() throws Exception {
    String rule =
        "{'action':'rule_fired','actor':{'type':'system'},'targets':[{'type':'rule','id':'r_1'}]%s}";
    JsonNode refused =
        product
            .backend
            .post("/v1/events", rule.formatted(",'details':{'trigger':{'alert':7},'outcome':3}"))
            .expect(422)
            .json();
    Map<String, String> codes = new LinkedHashMap<>();
    refused
        .path("errors")
        .forEach(e -> codes.put(e.path("pointer").asString(), e.path("code").asString()));
    assertThat(codes)
        .containsOnly(
            Map.entry("/details/payload", "missing"), Map.entry("/details/outcome", "wrong_type"));
    product.happens(
        rule.formatted(
            ",'details':{'trigger':{'alert':7,'host':'srv-1'},'payload':{'action':'create_ticket'},'outcome':'ticket created'}"));
    JsonNode entry = product.entries("action:rule_fired target:r_1", 1).getFirst();
    assertThat(entry.path("details").path("trigger").path("host").asString()).isEqualTo("srv-1");
    assertThat(entry.path("details").path("outcome").asString()).isEqualTo("ticket created");
  }

  @Test
  void aWriteBackHasTheWholeRequestAndTheResponse() throws Exception {
    for (String action :
        List.of(
            "create_ticket",
            "ticket_created",
            "update_ticket_status",
            "acknowledge_alert",
            "create_time_entry",
            "write_back_note")) {
      String target = ",'targets':[{'type':'ticket','id':'T-%s'}]".formatted(action);
      product.does(
          "u_tech",
          action,
          target
              + ",'details':{'request':{'method':'POST','url':'https://psa.test/tickets','body':{'summary':'Disk full','nested':{'deep':[1,2]}}},'response_status':201}");
      JsonNode entry = product.entries("target:T-" + action, 1).getFirst();
      assertThat(entry.path("category").asString()).isEqualTo("write_backs");
      assertThat(
              entry.path("details").path("request").path("body").path("nested").path("deep").size())
          .isEqualTo(2);
      assertThat(entry.path("details").path("response_status").asInt()).isEqualTo(201);
      assertThat(
              product
                  .backend
                  .post(
                      "/v1/events",
                      "{'action':'%s','actor':{'type':'system'},'details':{'request':{'a':1}}}"
                          .formatted(action))
                  .expect(422)
                  .code())
          .as("%s without what was answered", action)
          .isEqualTo("invalid_event");
    }
  }

  @Test
  void feedbackOutlivesItsRow() throws Exception {
    product.does(
        "c_1",
        "feedback_submitted",
        ",'targets':[{'type':'feedback','id':'f_1'}],'details':{'message':'Nobody called back.','rating':1}");
    product.does("u_admin", "feedback_deleted", ",'targets':[{'type':'feedback','id':'f_1'}]");
    List<JsonNode> entries = product.entries("target:f_1", 2);
    assertThat(entries.getLast().path("details").path("message").asString())
        .isEqualTo("Nobody called back.");
  }

  @Test
  void aMaliciousAdminCannotDeleteTheEntryThatIncriminatesThem() throws Exception {
    product.does("u_evil", "integration_credentials_updated", ",'id':'proof'");
    product.entries("id:proof", 1);
    AccessCalls admin = product.member("admin", "");
    for (String method : List.of("DELETE", "PUT", "PATCH", "POST")) {
      assertThat(admin.call(method, product.events + "/proof", "{}").status()).isEqualTo(405);
    }
    // Nor by shortening retention below the floor.
    assertThat(product.retention("P59D").code()).isEqualTo("retention_too_short");
    assertThat(product.purge()).isZero();
    product.entries("id:proof", 1);
  }

  @Test
  void theFiltersOfThePageFindByActionUserTargetAndTheLastSevenDays() throws Exception {
    product.does(
        "u_1",
        "integration_credentials_updated",
        ",'id':'old','targets':[{'type':'integration','id':'psa','name':'PSA'}]");
    product.server.advance(Duration.ofDays(8));
    product.does(
        "u_1",
        "integration_credentials_updated",
        ",'id':'new','targets':[{'type':'integration','id':'psa','name':'PSA'}]");
    product.does("u_2", "rule_updated", ",'id':'rule','targets':[{'type':'rule','id':'r_9'}]");
    product.entries("id:old,new,rule", 3);
    assertThat(product.profile().path("viewer").path("default").asString())
        .isEqualTo("last_7_days");
    AccessCalls admin = product.member("admin", "");
    assertThat(product.seen(admin, "after:-7d id:old,new,rule")).containsExactly("rule", "new");
    assertThat(product.seen(admin, "action:integration_credentials_updated"))
        .containsExactly("new", "old");
    assertThat(product.seen(admin, "actor:u_2")).containsExactly("rule");
    assertThat(product.seen(admin, "target:psa after:-7d")).containsExactly("new");
    assertThat(product.seen(admin, "target:r_9")).containsExactly("rule");
    assertThat(product.member("technician", "").get(product.events).status()).isEqualTo(403);
  }

  @Test
  void evidencePacksSelectWhatThePageSays() throws Exception {
    product.does("u_1", "login_succeeded", ",'id':'login'");
    product.does("u_1", "login_failed", ",'id':'failed','outcome':'failure'");
    product.does("u_1", "rate_limited", ",'id':'limited'");
    product.does("u_1", "user_role_changed", ",'id':'role'");
    product.does("u_1", "integration_updated", ",'id':'integration'");
    product.does("u_1", "rule_updated", ",'id':'rule'");
    product.entries("actor:u_1", 6);
    Map<String, String> queries = new LinkedHashMap<>();
    product
        .profile()
        .path("evidence_packs")
        .forEach(p -> queries.put(p.path("id").asString(), p.path("query").asString()));
    AccessCalls auditor = product.member("auditor", "");
    assertThat(product.seen(auditor, queries.get("access_review") + " actor:u_1"))
        .containsExactlyInAnyOrder("login", "failed", "role");
    assertThat(product.seen(auditor, queries.get("change_management") + " actor:u_1"))
        .containsExactlyInAnyOrder("role", "integration", "rule");
    assertThat(product.seen(auditor, queries.get("incident_response") + " actor:u_1"))
        .containsExactlyInAnyOrder("failed", "limited");
  }

  @Test
  void thirteenMonthsAreKeptAndSixtyDaysAreTheFloor() throws Exception {
    assertThat(product.server.get(product.path + "/retention").path("period").asString())
        .isEqualTo("P13M");
    GovernedServer.Answer refused = product.retention("P59D");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.code()).isEqualTo("retention_too_short");
    assertThat(refused.body().path("detail").asString()).contains("P60D");
    assertThat(product.retention("P60D").status()).isEqualTo(200);
    product.does("u_1", "login_succeeded", ",'id':'e'");
    product.entries("id:e", 1);
    product.server.advance(Duration.ofDays(59));
    product.purge();
    product.entries("id:e", 1);
    product.server.advance(Duration.ofDays(2));
    assertThat(product.purge()).isPositive();
    assertThat(product.server.find(product.tenant, "id:e", 0)).isEmpty();
  }
}
