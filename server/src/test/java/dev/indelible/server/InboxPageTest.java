package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The scenarios of the shared inbox's page, played over HTTP. */
class InboxPageTest {

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
    product = new Product(server, "inbox");
  }

  @Test
  void everyTrackedActivityIsAnEntryOfItsCategory() throws Exception {
    product.hasCategory(
        "authentication",
        "user.login user.logout user.login_failed user.password_changed mfa.set_up mfa.changed");
    product.hasCategory(
        "conversations",
        "conversation.accessed message.sent message.edited message.deleted conversation.assigned conversation.closed");
    product.hasCategory(
        "settings",
        "settings.changed feature.enabled feature.disabled integration.changed workflow.updated");
    product.hasCategory(
        "agents",
        "agent.added agent.removed agent.modified agent.role_changed agent.permissions_updated agent.team_assigned");
    product.hasCategory(
        "labels", "label.created label.edited label.deleted label.assigned category.changed");
    product.hasCategory("automation", "automation_rule.changed bot.configuration_updated");
  }

  @Test
  void aMacroIsRecordedWithItsEffects() throws Exception {
    assertThat(
            product
                .backend
                .post("/v1/events", "{'action':'macro.executed','actor':{'type':'user','id':'u'}}")
                .expect(422)
                .json()
                .path("errors")
                .get(0)
                .path("pointer")
                .asString())
        .isEqualTo("/details/effects");
    product.does(
        "u_ana",
        "macro.executed",
        ",'targets':[{'type':'macro','id':'m_1'},{'type':'conversation','id':'c_1'}],'details':{'effects':['reply sent','label added']},'changes':[{'field':'status','before':'open','after':'solved'}]");
    JsonNode entry = product.entries("target:c_1 action:macro.executed", 1).getFirst();
    assertThat(entry.path("details").path("effects").toString()).contains("label added");
    assertThat(entry.path("category").asString()).isEqualTo("automation");
  }

  @Test
  void activitiesAreFilteredByDateByUserOrRoleAndByTypeOfAction() throws Exception {
    product.happens(
        "{'id':'a','action':'user.login','actor':{'type':'user','id':'u_ana','roles':['admin']}}");
    product.server.advance(Duration.ofDays(10));
    product.happens(
        "{'id':'b','action':'user.login','actor':{'type':'user','id':'u_bo','roles':['agent']}}");
    product.happens(
        "{'id':'c','action':'conversation.closed','actor':{'type':'user','id':'u_bo','roles':['agent','lead']}}");
    product.entries("id:a,b,c", 3);
    AccessCalls admin = product.member("admin", "");
    assertThat(product.seen(admin, "role:agent")).containsExactly("c", "b");
    assertThat(product.seen(admin, "role:admin id:a,b,c")).containsExactly("a");
    assertThat(product.seen(admin, "role:lead actor:u_bo")).containsExactly("c");
    assertThat(product.seen(admin, "actor:u_ana")).containsExactly("a");
    assertThat(product.seen(admin, "category:conversations")).containsExactly("c");
    assertThat(product.seen(admin, "after:-7d id:a,b,c")).containsExactly("c", "b");
    assertThat(product.seen(admin, "id:a,b,c before:-7d")).containsExactly("a");
    assertThat(product.profile().path("viewer").path("filters").toString()).contains("\"role\"");
    for (String role : new String[] {"supervisor", "agent"}) {
      assertThat(product.member(role, "").get(product.events).status()).isEqualTo(403);
    }
  }

  @Test
  void anEntryHasTheDetailsOfThePage() throws Exception {
    product.happens(
        """
        {'id':'ok','action':'agent.role_changed','actor':{'type':'user','id':'u_1','name':'Ana'},'outcome':'success',
         'targets':[{'type':'agent','id':'u_2'}],'changes':[{'field':'role','before':'agent','after':'admin'}],
         'context':{'ip':'203.0.113.9','location':{'country':'NL','city':'Utrecht'}}}""");
    product.happens(
        """
        {'id':'bad','action':'user.login_failed','actor':{'type':'user','id':'u_1'},'outcome':'failure','outcome_reason':'wrong password',
         'context':{'ip':'198.51.100.7','location':{'country':'KP','city':'Pyongyang'}}}""");
    JsonNode ok = product.entries("id:ok", 1).getFirst();
    assertThat(ok.path("context").path("ip").asString()).isEqualTo("203.0.113.9");
    assertThat(ok.path("context").path("location").path("city").asString()).isEqualTo("Utrecht");
    assertThat(ok.path("changes").get(0).path("before").asString()).isEqualTo("agent");
    assertThat(ok.path("outcome").asString()).isEqualTo("success");
    JsonNode bad = product.entries("outcome:failure actor:u_1", 1).getFirst();
    assertThat(bad.path("outcome_reason").asString()).isEqualTo("wrong password");
    product.entries("ip:198.51.100.0/24", 1);
    product.entries("country:KP action:user.login_failed", 1);
    product.entries("action:agent.role_changed,agent.permissions_updated security:true", 1);
  }

  @Test
  void entriesAreKeptForNinetyDaysNoMoreAndNoLess() throws Exception {
    product.does("u_1", "user.login", ",'id':'first'");
    product.entries("id:first", 1);
    JsonNode retention = product.server.get(product.path + "/retention");
    assertThat(retention.path("period").asString()).isEqualTo("P90D");
    for (String other : new String[] {"P89D", "P91D"}) {
      assertThat(product.retention(other).code()).isEqualTo("retention_not_configurable");
    }
    product.server.advance(Duration.ofDays(89));
    assertThat(product.purge()).isZero();
    product.does("u_1", "user.login", ",'id':'second'");
    product.entries("id:first,second", 2);
    product.server.advance(Duration.ofDays(2));
    assertThat(product.purge()).isPositive();
    assertThat(product.server.find(product.tenant, "action:user.login", 1))
        .containsExactly("second");
  }

  @Test
  void accessForRegulatorsIsDocumentedAndRulesAreQueries() throws Exception {
    product.does("u_1", "conversation.accessed", ",'targets':[{'type':'conversation','id':'c_1'}]");
    product.does("u_1", "data.exported", "");
    product.does("u_1", "label.created", "");
    for (JsonNode pack : product.profile().path("evidence_packs")) {
      if (pack.path("id").asString().equals("access_documentation")) {
        product.entries(pack.path("query").asString() + " actor:u_1", 2);
      }
    }
    for (JsonNode rule : product.profile().path("alert_rules")) {
      product.backend.get(product.path(rule.path("query").asString())).expect(200);
    }
  }
}
