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
import tools.jackson.databind.JsonNode;

/** The scenarios of the automation platform's page, played over HTTP. */
class AutomationPageTest {

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
    product = new Product(server, "automation");
  }

  @Test
  void everyListedActionIsAnEntryOfItsKind() throws Exception {
    product.hasCategory(
        "users_and_members",
        "user.created user.updated member.added member.role_updated member.removed invitation.created invitation.accepted");
    product.hasCategory(
        "processes_and_jobs",
        "process.created process.updated process.deleted job.completed process.member_added process.member_removed");
    product.hasCategory(
        "settings_and_configuration",
        "settings.updated api_key.created api_key.deactivated license.activated");
    product.hasCategory("accounts", "account.created account.updated");
  }

  @Test
  void anEntryHasTheFieldsOfThePage() throws Exception {
    product.happens(
        """
        {'id':'e1','account':'eu','action':'settings.updated','actor':{'type':'user','id':'u_1','name':'Ana','email':'ana@acme.test'},
         'targets':[{'type':'settings','id':'rpa','name':'RPA credentials'}],'changes':[{'field':'rpa.user','before':'old','after':'new'}],
         'details':{'via':'console'}}""");
    JsonNode entry = product.entries("id:e1", 1).getFirst();
    assertThat(entry.path("recorded_at").asString()).endsWith("Z");
    assertThat(entry.path("actor").path("email").asString()).isEqualTo("ana@acme.test");
    assertThat(entry.path("verb").asString()).isEqualTo("update");
    assertThat(entry.path("targets").get(0).path("type").asString()).isEqualTo("settings");
    assertThat(entry.path("targets").get(0).path("id").asString()).isEqualTo("rpa");
    assertThat(entry.path("details").path("via").asString()).isEqualTo("console");
    assertThat(entry.path("account").asString()).isEqualTo("eu");
    assertThat(entry.path("tenant").asString()).isEqualTo(product.tenant);
  }

  @Test
  void theFiltersOfThePageAnswerItsQuestions() throws Exception {
    product.does(
        "u_ana",
        "settings.updated",
        ",'account':'eu','targets':[{'type':'settings','id':'rpa'}],'changes':[{'field':'rpa.password','before':null,'after':null}]");
    product.does(
        "u_bo", "member.removed", ",'account':'eu','targets':[{'type':'user','id':'u_old'}]");
    product.does(
        "u_cy", "api_key.created", ",'account':'us','targets':[{'type':'api_key','id':'k_1'}]");
    product.does(
        "u_cy", "process.created", ",'account':'us','targets':[{'type':'process','id':'p_1'}]");
    assertThat(
            product
                .entries("target_type:settings changed:rpa.password", 1)
                .getFirst()
                .path("actor")
                .path("id")
                .asString())
        .isEqualTo("u_ana");
    assertThat(
            product
                .entries("action:member.removed target:u_old", 1)
                .getFirst()
                .path("actor")
                .path("id")
                .asString())
        .isEqualTo("u_bo");
    assertThat(
            product
                .entries("target_type:api_key target:k_1", 1)
                .getFirst()
                .path("actor")
                .path("id")
                .asString())
        .isEqualTo("u_cy");
    product.entries("verb:create actor:u_cy", 2);
    product.entries("verb:unassign actor:u_bo", 1);
    product.entries("target_type:process", 1);
    product.entries("actor:u_cy", 2);
    product.server.advance(Duration.ofDays(2));
    product.does("u_cy", "process.deleted", ",'account':'us'");
    product.entries("after:-24h actor:u_cy", 1);
    assertThat(product.profile().path("viewer").path("filters").toString())
        .contains("verb", "target_type", "time", "actor");
  }

  @Test
  void accountAdminsSeeTheirAccountAndTenantAdminsAllOfThem() throws Exception {
    for (String account : List.of("eu", "us")) {
      for (int i = 0; i < 3; i++) {
        product.does(
            "u_" + account,
            "process.updated",
            ",'id':'%s%d','account':'%s'".formatted(account, i, account));
      }
    }
    product.does("u_top", "settings.updated", ",'id':'tenant-wide'");
    product.entries("id:eu*,us*,tenant-wide", 7);
    AccessCalls tenantAdmin = product.member("tenant_admin", "");
    AccessCalls european = product.member("account_admin", "eu");
    assertThat(product.seen(tenantAdmin, "id:eu*,us*,tenant-wide")).hasSize(7);
    assertThat(product.seen(european, "")).containsExactly("eu2", "eu1", "eu0");
    assertThat(european.get(product.events + "/us0").status()).isEqualTo(404);
    assertThat(european.get(product.events + "/tenant-wide").status()).isEqualTo(404);
    assertThat(european.get(product.events + "/eu0").status()).isEqualTo(200);
    assertThat(product.seen(european, "account:us")).isEmpty();
    String facets =
        european.get(product.path + "/facets?fields=account,actor_id").expect(200).text();
    assertThat(facets).contains("\"eu\"").doesNotContain("\"us\"").doesNotContain("u_us");
    assertThat(product.member("member", "eu").get(product.events).status()).isEqualTo(403);
  }

  @Test
  void whatIsUnusualCanBeFound() throws Exception {
    product.does("u_new", "member.added", ",'targets':[{'type':'user','id':'u_x'}]");
    product.does(
        "u_new",
        "member.role_updated",
        ",'changes':[{'field':'role','before':'member','after':'tenant_admin'}]");
    product.does("u_new", "api_key.created", "");
    for (int i = 0; i < 25; i++) {
      product.does("u_new", "process.deleted", "");
    }
    product.entries("security:true actor:u_new", 3);
    product.entries("verb:delete actor:u_new after:-1h", 25);
    JsonNode rules = product.profile().path("alert_rules");
    for (JsonNode rule : rules) {
      product.backend.get(product.path(rule.path("query").asString())).expect(200);
    }
    assertThat(rules).hasSize(4);
  }

  @Test
  void entriesAreKeptForTheLifetimeOfTheTenant() throws Exception {
    product.does("u_1", "process.created", ",'id':'first'");
    product.entries("id:first", 1);
    assertThat(product.server.get(product.path + "/retention").path("period").asString())
        .isEqualTo("lifetime");
    assertThat(product.retention("P10Y").code()).isEqualTo("retention_not_configurable");
    product.server.advance(Duration.ofDays(30L * 366));
    assertThat(product.purge()).isZero();
    assertThat(product.server.get(product.path + "/retention/preview").path("entries").asLong())
        .isZero();
    assertThat(product.server.find(product.tenant, "id:first", 1)).containsExactly("first");
    product.server.stop();
    assertThat(PurgeTest.audit(product.server.data).broken()).isFalse();
    product.server.start();
  }
}
