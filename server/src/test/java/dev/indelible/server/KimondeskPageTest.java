package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The scenarios of KimonDesk's page, played over HTTP. */
class KimondeskPageTest {

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
    product = new Product(server, "kimondesk");
  }

  @Test
  void everythingThatThePageRecordsIsAnEntry() throws Exception {
    product.hasCategory("authentication", "user.login");
    product.hasCategory("views", "ticket.viewed");
    product.hasCategory("tickets", "ticket.field_changed ticket.merged tag.deleted");
    product.hasCategory("automation", "macro.fired workflow.edited");
    product.hasCategory("data_exports", "data.exported");
    product.hasCategory("api", "api.called");
    product.hasCategory("access_control", "sso.group_changed user.role_changed permission.updated");
  }

  @Test
  void theServersClockStampsWhateverTheCallerSays() throws Exception {
    product.does("u_1", "ticket.viewed", ",'id':'e','occurred_at':'2001-01-01T00:00:00Z'");
    JsonNode entry = product.entries("id:e", 1).getFirst();
    assertThat(Instant.parse(entry.path("recorded_at").asString())).isEqualTo(product.server.now());
    assertThat(entry.path("flags").toString()).contains("late");
  }

  @Test
  void theActorIsAHashInWhatNobodyMayErase() throws Exception {
    String ticket = ",'targets':[{'type':'ticket','id':'t_1'}]";
    product.does("u-anna", "ticket.viewed", ticket + ",'id':'v1'");
    product.does("u-anna", "ticket.field_changed", ticket + ",'id':'v2'");
    product.does("u-bert", "ticket.viewed", ticket + ",'id':'v3'");
    product.entries("id:v1,v2,v3", 3);
    AccessCalls admin = product.member("admin", "");
    product
        .operator
        .post(
            product.path + "/members",
            "{'id':'m-inv','name':'Ivy','assignments':[{'permission_set':'investigator'}]}")
        .expect(201);
    AccessCalls investigator =
        product.operator.signedIn(
            "{'tenant':'%s','user':{'id':'m-inv'}}".formatted(product.tenant));
    // Those who may find people by their clear ids, and are shown them.
    assertThat(product.seen(admin, "actor:u-anna target:t_1")).containsExactly("v2", "v1");
    assertThat(admin.get(product.events + "/v1").expect(200).text())
        .contains("u-anna")
        .contains("U-ANNA");
    // Those who may not are refused the question, and are shown hashes.
    for (String question : List.of("actor:u-anna", "anna")) {
      assertThat(investigator.get(product.path(question)).expect(403).code())
          .isEqualTo("personal_withheld");
    }
    AccessCalls.Answer withheld = investigator.get(product.events + "/v1").expect(200);
    assertThat(withheld.text()).doesNotContain("u-anna").doesNotContain("U-ANNA");
    String hash = withheld.json().path("actor").path("id_hash").asString();
    assertThat(hash).isNotBlank().isNotEqualTo("u-anna");
    // The hash links what one person did, without saying who it was.
    assertThat(product.seen(investigator, "target:t_1 actor:" + hash)).containsExactly("v2", "v1");
    assertThat(
            investigator
                .get(product.events + "/v3")
                .json()
                .path("actor")
                .path("id_hash")
                .asString())
        .isNotEqualTo(hash);
    assertThat(product.member("agent", "").get(product.events).status()).isEqualTo(403);
  }

  @Test
  void whoSawWhatWhenIsOneQuestion() throws Exception {
    for (String who : List.of("u-a", "u-b")) {
      product.does(who, "ticket.viewed", ",'targets':[{'type':'ticket','id':'t_7'}]");
      product.server.advance(Duration.ofHours(1));
    }
    product.does("u-c", "ticket.viewed", ",'targets':[{'type':'ticket','id':'t_8'}]");
    List<JsonNode> views = product.entries("target:t_7 verb:read", 2);
    assertThat(views)
        .extracting(e -> e.path("actor").path("id").asString())
        .containsExactly("u-b", "u-a");
    assertThat(product.profile().path("record_views").asBoolean()).isTrue();
  }

  @Test
  void aDeletedTagAndMergedTicketsSayWhatToPutBack() throws Exception {
    product.does(
        "u-new",
        "tag.deleted",
        ",'targets':[{'type':'tag','id':'vip','name':'VIP'}],'changes':[{'field':'tickets','before':['t_1','t_2'],'after':null}]");
    product.does(
        "u-new",
        "ticket.merged",
        ",'targets':[{'type':'ticket','id':'t_1'},{'type':'ticket','id':'t_2'}],'changes':[{'field':'merged_into','before':null,'after':'t_1'}]");
    JsonNode tag = product.entries("action:tag.deleted target:vip", 1).getFirst();
    assertThat(tag.path("actor").path("id").asString()).isEqualTo("u-new");
    assertThat(tag.path("changes").get(0).path("before").toString()).contains("t_1", "t_2");
    JsonNode merge = product.entries("target:t_2 action:ticket.merged", 1).getFirst();
    assertThat(merge.path("changes").get(0).path("after").asString()).isEqualTo("t_1");
  }

  @Test
  void changesOfGroupsRolesAndPermissionsAreHighlighted() throws Exception {
    product.does("u-x", "sso.group_changed", "");
    product.does("u-x", "user.role_changed", "");
    product.does("u-x", "permission.updated", "");
    product.does("u-x", "ticket.viewed", "");
    product.does("u-x", "macro.fired", "");
    assertThat(product.actions("security:true actor:u-x", 3))
        .containsExactly("sso.group_changed", "user.role_changed", "permission.updated");
  }

  @Test
  void everyTierKeepsTwelveMonthsAndHigherOnesThirtySix() throws Exception {
    JsonNode free = product.server.get(product.path + "/retention");
    assertThat(free.path("period").asString()).isEqualTo("P12M");
    assertThat(product.retention("P11M").code()).isEqualTo("retention_too_short");
    assertThat(product.retention("P13M").code()).isEqualTo("retention_too_long");
    JsonNode tiers = product.profile().path("retention").path("tiers");
    for (JsonNode tier : tiers) {
      assertThat(tier.path("period").asString()).isIn("P12M", "P24M", "P36M");
    }
    String highest = tiers.get(tiers.size() - 1).path("name").asString();
    product.server.expect(
        200,
        "PUT",
        product.path + "/retention",
        "{\"version\":0,\"tier\":\"%s\",\"period\":\"P36M\",\"reason\":\"upgrade\"}"
            .formatted(highest));
    product.does("u-1", "user.login", ",'id':'kept'");
    product.entries("id:kept", 1);
    product.server.advance(Duration.ofDays(1000));
    assertThat(product.purge()).isZero();
    product.server.advance(Duration.ofDays(100));
    assertThat(product.purge()).isPositive();
    assertThat(product.server.find(product.tenant, "id:kept", 0)).isEmpty();
  }
}
