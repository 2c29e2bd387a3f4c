package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A tenant's admin records no less than the profile promises; the operator may, and it is seen. */
class RecordingFloorTest {

  @TempDir static Path directory;
  private static GovernedServer server;
  private String path = "";
  private String tenant = "";
  private AccessCalls admin;

  @BeforeAll
  static void begin() throws Exception {
    server = new GovernedServer(directory);
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @BeforeEach
  void asNobody() {
    admin = AccessCalls.nobody(server);
  }

  private void tenant(String profile) throws Exception {
    tenant = server.newTenant(profile);
    path = "/v1/tenants/" + tenant;
    admin =
        AccessCalls.operator(server)
            .key(tenant, "'settings.manage','retention.manage','erasures.manage','audit.view'");
  }

  private AccessCalls.Answer changes(AccessCalls who, String action) throws Exception {
    return changes(who, "data_changes", action);
  }

  private AccessCalls.Answer changes(AccessCalls who, String category, String action)
      throws Exception {
    return put(who, "{'categories':[{'id':'" + category + "','actions':[" + action + "]}]}");
  }

  private AccessCalls.Answer put(AccessCalls who, String changes) throws Exception {
    long version = server.get(path + "/profile/changes").path("version").asLong();
    return who.call(
        "PUT",
        path + "/profile/changes",
        ("{'version':" + version + ",'reason':'r','changes':" + changes + "}").replace('\'', '"'));
  }

  private JsonNode weaknesses() throws Exception {
    return server.get(path + "/oversight").path("weaknesses");
  }

  @Test
  void nobodyButTheOperatorLeavesOutWhatIsSecurityRelevant() throws Exception {
    tenant("standard");
    for (String action :
        new String[] {
          "{'action':'user.role_changed','recorded':false}",
          "{'action':'vault.token_read','verb':'read','says':'x','recorded':false}",
          "{'action':'iam.create_access_key','verb':'create','says':'x','recorded':false}",
          "{'action':'vault.*','verb':'read','says':'x','recorded':false}",
          "{'action':'support.impersonated','reason_required':false}",
          "{'action':'user.role_changed','details':{'type':'object','required':['never']}}",
        }) {
      AccessCalls.Answer answer = changes(admin, action);
      assertThat(answer.status()).as(action).isEqualTo(403);
      assertThat(answer.code()).as(action).isEqualTo("operator_only");
    }
    assertThat(weaknesses()).isEmpty();
    // Routine that nobody promised may go, and a reason may be required where none was.
    changes(
            admin,
            "{'action':'record.viewed','recorded':false},{'action':'user.logout','reason_required':true}")
        .expect(200);
    AccessCalls operator = AccessCalls.operator(server);
    changes(operator, "{'action':'user.role_changed','recorded':false}").expect(200);
    assertThat(weaknesses().toString())
        .isEqualTo("[{\"kind\":\"not_recorded\",\"action\":\"user.role_changed\"}]");
    JsonNode change = server.newest(tenant, "action:audit.profile.change role:operator");
    assertThat(change.at("/actor/roles/0").asString()).isEqualTo("operator");
    // What the operator decided the admin may leave as it is.
    changes(
            admin,
            "{'action':'user.role_changed','recorded':false},{'action':'record.viewed','recorded':false}")
        .expect(200);
    put(admin, "{}").expect(200);
    assertThat(weaknesses()).isEmpty();
  }

  @Test
  void nobodyButTheOperatorShowsWhatIsSecurityRelevantAsSomethingElse() throws Exception {
    tenant("standard");
    for (String action :
        new String[] {
          "{'action':'user.role_changed','security_relevant':false}",
          "{'action':'user.role_changed','security_relevant':null}",
          "{'action':'user.role_changed','says':'{actor} looked at {target}'}",
        }) {
      AccessCalls.Answer answer = changes(admin, action);
      assertThat(answer.status()).as(action).isEqualTo(403);
      assertThat(answer.code()).as(action).isEqualTo("operator_only");
    }
    // Routine reads as the tenant likes, and more may be security-relevant.
    changes(
            admin,
            "{'action':'record.viewed','says':'{actor} opened {target}','security_relevant':true}")
        .expect(200);
    changes(
            AccessCalls.operator(server),
            "{'action':'user.role_changed','says':'{actor} looked at {target}','security_relevant':false}")
        .expect(200);
    assertThat(weaknesses().toString())
        .isEqualTo(
            "[{\"kind\":\"relevance_removed\",\"action\":\"user.role_changed\"},{\"kind\":\"sentence_changed\",\"action\":\"user.role_changed\"}]");
  }

  @Test
  void nobodyButTheOperatorHidesMoreOfWhatCounts() throws Exception {
    tenant("standard");
    for (String changes :
        new String[] {
          "{'secret_keys':['role']}",
          "{'personal_fields':['email','name','first_name','last_name','phone','address','role']}",
          "{'personal_details':['/*']}",
          ofAction("{'action':'user.role_changed','personal_fields':['role']}"),
          ofAction("{'action':'user.role_changed','personal_details':['/ticket']}"),
          ofAction(
              "{'action':'vault.token_read','verb':'read','says':'x','personal_details':['/*']}"),
          ofAction("{'action':'vault.*','verb':'read','says':'x','personal_details':['/*']}"),
        }) {
      AccessCalls.Answer answer = put(admin, changes);
      assertThat(answer.status()).as(changes).isEqualTo(403);
      assertThat(answer.code()).as(changes).isEqualTo("operator_only");
    }
    // What the list of the program has is secret anyway, and an action of one's own is one's own.
    put(admin, "{'secret_keys':['password','session_token']}").expect(200);
    changes(
            admin,
            "{'action':'plant.watered','verb':'update','says':'x','personal_fields':['owner']}")
        .expect(200);
    AccessCalls operator = AccessCalls.operator(server);
    put(operator, "{'secret_keys':['door_code'],'personal_details':['/owner']}").expect(200);
    assertThat(weaknesses().toString())
        .isEqualTo(
            "[{\"kind\":\"secret_added\",\"field\":\"door_code\"},{\"kind\":\"personal_added\",\"field\":\"/owner\"}]");
    put(admin, "{'secret_keys':['door_code','role'],'personal_details':['/owner']}").expect(403);
    put(admin, "{'secret_keys':['door_code']}").expect(200);
    tenant("msp"); // marks no secrets, and promises what it lists
    put(admin, "{'secret_keys':['role']}").expect(200);
    changes(admin, "rules_engine", "{'action':'rule_fired','personal_details':['/rule']}")
        .expect(403);
  }

  private static String ofAction(String action) {
    return "{'categories':[{'id':'data_changes','actions':[" + action + "]}]}";
  }

  @Test
  void whatAPageListsIsRecorded() throws Exception {
    tenant("msp");
    assertThat(changes(admin, "rules_engine", "{'action':'rule_fired','recorded':false}").code())
        .isEqualTo("operator_only");
    assertThat(
            changes(admin, "rules_engine", "{'action':'rule_fired','reason_required':true}")
                .status())
        .isEqualTo(200);
    assertThat(changes(admin, "feedback", "{'action':'feedback_submitted','author':[]}").code())
        .isEqualTo("operator_only");
    tenant("rapidesq");
    assertThat(put(admin, "{'reason_for_exports':false}").code()).isEqualTo("operator_only");
    assertThat(
            changes(admin, "data_access", "{'action':'data.export','reason_required':false}")
                .code())
        .isEqualTo("operator_only");
  }

  @Test
  void nobodyButTheOperatorHasEventsRefusedOrReasonsLeftOut() throws Exception {
    tenant("rapidesq");
    patch(admin, "{'missing_reasons':'accept_and_flag'}", 403);
    patch(admin, "{'unknown_actions':'reject'}", 403);
    patch(AccessCalls.operator(server), "{'missing_reasons':'accept_and_flag'}", 200);
    assertThat(weaknesses().toString()).contains("missing_reasons_accepted");
    patch(admin, "{'missing_reasons':null}", 200);
    tenant("standard");
    patch(admin, "{'missing_reasons':'reject'}", 403);
    patch(admin, "{'record_views':false}", 200);
  }

  private void patch(AccessCalls who, String body, int status) throws Exception {
    who.call("PATCH", path, body.replace('\'', '"')).expect(status);
  }

  @Test
  void unknownActionsThatSeemToNeedAReasonAreFlaggedAndNeverRefused() throws Exception {
    tenant("rapidesq"); // refuses what its catalog says needs a reason
    for (String action :
        new String[] {"report.export", "desk.user_impersonated", "case.hold_placed"}) {
      assertThat(flags(action, "")).as(action).contains("reason_missing", "unknown_action");
      assertThat(flags(action, ",\"reason\":\"why\"")).as(action).doesNotContain("reason_missing");
    }
    assertThat(flags("report.import", "")).doesNotContain("reason_missing");
    assertThat(flags("threshold.changed", "")).doesNotContain("reason_missing");
  }

  private String flags(String action, String more) throws Exception {
    String id =
        server
            .expect(
                201,
                "POST",
                "/v1/events",
                "{\"tenant\":\"%s\",\"action\":\"%s\",\"actor\":{\"type\":\"system\"}%s}"
                    .formatted(tenant, action, more))
            .at("/entries/0/id")
            .asString();
    return server.get(path + "/events/" + id).path("flags").toString();
  }
}
