package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.AccessCalls.Answer;
import dev.indelible.server.control.ProfileChanges;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tests tenants' changes of their profile, over HTTP. */
class ProfileChangesTest {

  @TempDir static Path directory;
  private static GovernedServer server;
  private String acme;
  private String other;
  private String profilePath;
  private String changesPath;
  private AccessCalls operator;

  @BeforeAll
  static void start() throws Exception {
    server = new GovernedServer(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void makeTenants() throws Exception {
    acme = server.newTenant("standard");
    other = server.newTenant("standard");
    profilePath = "/v1/tenants/" + acme + "/profile";
    changesPath = "/v1/tenants/" + acme + "/profile/changes";
    operator = AccessCalls.operator(server);
  }

  private Answer put(AccessCalls caller, long version, String changes) throws Exception {
    return caller.call(
        "PUT",
        changesPath,
        "{'version':%d,'reason':'our product','changes':%s}"
            .formatted(version, changes)
            .replace('\'', '"'));
  }

  private Answer send(String tenant, String action, String more) throws Exception {
    return operator.post(
        "/v1/events",
        "{'tenant':'%s','action':'%s','actor':{'type':'user','id':'u'}%s}"
            .formatted(tenant, action, more));
  }

  private JsonNode action(String tenant, String name) throws Exception {
    for (JsonNode action : server.get("/v1/tenants/" + tenant + "/profile").path("actions")) {
      if (action.path("action").asString().equals(name)) {
        return action;
      }
    }
    return server.get("/health/live").path("none");
  }

  @Test
  void anActionOfOnesOwnIsKnownFromThenOnAndToNobodyElse() throws Exception {
    put(
            operator,
            0,
            """
            {'categories':[{'id':'greenhouse','title':'Greenhouse','actions':[
              {'action':'plant.watered','verb':'update','says':'{actor} watered {target}','targets':['plant'],'security_relevant':true}]}]}""")
        .expect(200);
    assertThat(action(acme, "plant.watered").path("sentence").path("en").asString())
        .isEqualTo("{actor} watered {target}");
    assertThat(action(other, "plant.watered").isMissingNode()).isTrue();
    send(acme, "plant.watered", ",'id':'w1'").expect(201);
    send(other, "plant.watered", ",'id':'w1'").expect(201);
    server.find(acme, "category:greenhouse id:w1 security:true", 1);
    JsonNode known = server.get("/v1/tenants/" + acme + "/events/w1");
    assertThat(known.path("category").asString()).isEqualTo("greenhouse");
    assertThat(known.path("flags").toString()).doesNotContain("unknown_action");
    assertThat(server.find(other, "flag:unknown_action id:w1", 1)).containsExactly("w1");
  }

  @Test
  void whatTheProfileSaysOfAnActionCanBeChangedPieceByPiece() throws Exception {
    JsonNode before = action(acme, "record.viewed");
    put(
            operator,
            0,
            """
            {'categories':[{'id':'data_changes','actions':[
                {'action':'record.viewed','says':'{actor} opened {target}','recorded':false}]},
              {'id':'billing','title':'Money'}],
             'viewer':{'last':'P7D','newest':50},'export_formats':['csv'],
             'personal_fields':['email','nickname'],
             'alert_rules':[{'id':'failed_logins','title':'Sign-ins that fail'},{'id':'mine','title':'Mine','query':'verb:delete'}]}""")
        .expect(200);
    JsonNode changed = action(acme, "record.viewed");
    assertThat(before.path("category").asString()).isEqualTo("data_access");
    assertThat(changed.path("category").asString()).isEqualTo("data_changes");
    assertThat(changed.path("sentence").path("en").asString()).isEqualTo("{actor} opened {target}");
    assertThat(changed.path("verb")).isEqualTo(before.path("verb"));
    assertThat(changed.path("target_types")).isEqualTo(before.path("target_types"));
    JsonNode profile = server.get(profilePath);
    assertThat(profile.path("viewer").path("default").asString()).isEqualTo("last_7_days");
    assertThat(profile.path("viewer").path("newest").asInt()).isEqualTo(50);
    assertThat(profile.path("viewer").path("columns").size()).isPositive();
    assertThat(profile.path("exports").toString()).isEqualTo("[\"csv\"]");
    assertThat(profile.path("alert_rules").toString())
        .contains("Sign-ins that fail")
        .contains("action:user.login_failed")
        .contains("\"mine\"");
    assertThat(profile.path("categories").toString()).contains("Money");
    // Routine from now on: refused with a code of its own, and counted.
    String metric = "indelible_events_rejected_total{code=\"not_recorded\"}";
    double counted = server.count(metric);
    assertThat(send(acme, "record.viewed", "").expect(422).code()).isEqualTo("not_recorded");
    send(other, "record.viewed", "").expect(201);
    assertThat(server.count(metric)).isEqualTo(counted + 1);
    // A field that is personal now is kept out of what those see who may not see such.
    send(
            acme,
            "user.updated",
            ",'id':'n1','changes':[{'field':'nickname','before':'Zaza','after':'Zuzu'}]")
        .expect(201);
    server.find(acme, "id:n1", 1);
    AccessCalls reader = operator.key(acme, "'audit.view'");
    assertThat(reader.get("/v1/tenants/" + acme + "/events/n1").expect(200).text())
        .contains("nickname")
        .doesNotContain("Zaza");
  }

  @Test
  void aChangeIsAnEntryWithWhatWasBeforeAndTheReasonAndSurvivesAStart() throws Exception {
    put(operator, 0, "{'viewer':{'newest':50}}").expect(200);
    JsonNode set =
        put(
                operator,
                1,
                """
                {'viewer':{'newest':20},'categories':[{'id':'data_access','actions':[{'action':'record.viewed','recorded':false}]}]}""")
            .expect(200)
            .json();
    assertThat(set.path("version").asLong()).isEqualTo(2);
    assertThat(set.path("in_force").asBoolean()).isTrue();
    server.find(acme, "action:audit.profile.change", 2);
    JsonNode entry = server.newest(acme, "action:audit.profile.change");
    assertThat(entry.path("reason").asString()).isEqualTo("our product");
    JsonNode changes = entry.path("changes");
    assertThat(changes).hasSize(2);
    assertThat(changes.get(0).toString())
        .isEqualTo("{\"field\":\"viewer.newest\",\"before\":50,\"after\":20}");
    assertThat(changes.get(1).path("field").asString()).isEqualTo("actions.record.viewed");
    assertThat(changes.get(1).path("after").path("recorded").asBoolean(true)).isFalse();
    server.stop();
    server.start();
    assertThat(server.get(changesPath)).isEqualTo(set);
    assertThat(send(acme, "record.viewed", "").expect(422).code()).isEqualTo("not_recorded");
    put(operator, 2, "{}").expect(200);
    send(acme, "record.viewed", "").expect(201);
    server.find(acme, "action:audit.profile.change", 3);
    JsonNode undone = server.newest(acme, "action:audit.profile.change");
    assertThat(undone.path("changes").toString())
        .contains("{\"field\":\"viewer.newest\",\"before\":20,\"after\":null}");
    assertThat(put(operator, 2, "{}").expect(409).code()).isEqualTo("version_moved");
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnceWithPointers() throws Exception {
    Answer refused =
        put(
                operator,
                0,
                """
                {'roles':[],'colour':'red','unknown_actions':'reject',
                 'categories':[{'id':'data_access','actions':[
                    {'action':'record.viewed','recorded':'no','verb':'look'},
                    {'action':'Mine','says':'{acteur} did','verb':'read'},
                    {'action':'audit.viewed','recorded':false},
                    {'action':'a*','verb':'read','says':'x'},
                    {'action':'bare.action'},
                    {'action':'deep.details','verb':'read','says':'x','details':{'type':'objekt','pattern':'(a+)+$'}}]},
                   {'id':'Bad Id','title':'x'}],
                 'viewer':{'newest':100000,'last':'a week','columns':['time','colour']},
                 'retention':{'least':'P1D','default':'P1D'},
                 'export_formats':['xls'],'personal_details':['no-slash'],
                 'alert_rules':[{'id':'mine','title':'Mine','query':'actor:('}]}""")
            .expect(422);
    assertThat(refused.code()).isEqualTo("invalid");
    Map<String, String> codes = new LinkedHashMap<>();
    refused
        .json()
        .path("errors")
        .forEach(e -> codes.put(e.path("pointer").asString(), e.path("code").asString()));
    String actions = "/changes/categories/0/actions/";
    assertThat(codes)
        .containsEntry("/changes/roles", "unknown_field")
        .containsEntry("/changes/colour", "unknown_field")
        .containsEntry("/changes/unknown_actions", "unknown_field")
        .containsEntry(actions + "0/recorded", "wrong_type")
        .containsEntry(actions + "0/verb", "unknown_value")
        .containsEntry(actions + "1/action", "bad_format")
        .containsEntry(actions + "1/says", "unknown_value")
        .containsEntry(actions + "2/action", "invalid")
        .containsEntry(actions + "3/action", "invalid")
        .containsEntry(actions + "4", "missing")
        .containsEntry(actions + "5/details/type", "wrong_type")
        .containsEntry(actions + "5/details/pattern", "unknown_field")
        .containsEntry("/changes/categories/1/id", "bad_format")
        .containsEntry("/changes/viewer/newest", "out_of_range")
        .containsEntry("/changes/viewer/last", "bad_format")
        .containsEntry("/changes/viewer/columns/1", "unknown_value")
        .containsEntry("/changes/retention/least", "out_of_range")
        .containsEntry("/changes/retention/default", "unknown_field")
        .containsEntry("/changes/export_formats/0", "unknown_value")
        .containsEntry("/changes/personal_details/0", "bad_format")
        .containsEntry("/changes/alert_rules/0/query", "bad_format");
    assertThat(server.get(changesPath).path("version").asLong()).isZero();
    send(acme, "record.viewed", "").expect(201);
  }

  @Test
  void theBoundsOfRetentionCanBeNarrowedAndNothingIsDeletedByWideningThemAgain() throws Exception {
    put(operator, 0, "{'retention':{'least':'P12M','most':'P3Y'}}").expect(200);
    assertThat(
            operator
                .call(
                    "PUT",
                    "/v1/tenants/" + acme + "/retention",
                    "{\"version\":0,\"reason\":\"r\",\"period\":\"P90D\"}")
                .expect(422)
                .code())
        .isEqualTo("retention_too_short");
    server.expect(
        200,
        "PUT",
        "/v1/tenants/" + acme + "/retention",
        "{\"version\":0,\"reason\":\"r\",\"period\":\"P13M\"}");
    put(operator, 1, "{'retention':{'least':'P12M','most':'P2Y'}}").expect(200);
    server.record(acme, "old", "user.login", "u", "U");
    AccessCalls settings = operator.key(acme, "'settings.manage','audit.view'");
    assertThat(put(settings, 2, "{}").expect(403).code()).isEqualTo("forbidden");
    put(settings, 2, "{'retention':{'least':'P12M','most':'P2Y'},'viewer':{'newest':5}}")
        .expect(200);
    // What was raised above the period that the tenant set keeps entries, and cannot just vanish.
    put(operator, 3, "{'retention':{'least':'P10M'}}").expect(200);
    server.tenant("short", "standard");
    String shortChanges = "/v1/tenants/short/profile/changes";
    server.expect(
        200,
        "PUT",
        "/v1/tenants/short/retention",
        "{\"version\":0,\"reason\":\"r\",\"period\":\"P60D\",\"confirm_entries\":0,\"confirm_at\":\"%s\"}"
            .formatted(server.now()));
    server.expect(
        200,
        "PUT",
        shortChanges,
        "{\"version\":0,\"reason\":\"r\",\"changes\":{\"retention\":{\"least\":\"P6M\"}}}");
    assertThat(server.get("/v1/tenants/short/retention").path("period").asString())
        .isEqualTo("P6M");
    server.record("short", "kept", "user.login", "u", "U");
    server.advance(Duration.ofDays(90));
    Answer widened =
        operator
            .call("PUT", shortChanges, "{\"version\":1,\"reason\":\"r\",\"changes\":{}}")
            .expect(422);
    assertThat(widened.json().path("errors").get(0).path("pointer").asString())
        .isEqualTo("/changes/retention");
    assertThat(server.find("short", "id:kept", 1)).containsExactly("kept");
  }

  @Test
  void detailsAreCheckedAgainstTheSchemaOfTheirAction() throws Exception {
    put(
            operator,
            0,
            """
            {'categories':[{'id':'configuration','actions':[
              {'action':'feature.enabled','details':{'type':'object','required':['flag','percent'],'additionalProperties':false,
                'properties':{'flag':{'type':'string','maxLength':10},'percent':{'type':'integer','minimum':0,'maximum':100},'in':{'enum':['eu','us']}}}}]}]}""")
        .expect(200);
    send(acme, "feature.enabled", ",'details':{'flag':'dark','percent':5,'in':'eu'}").expect(201);
    send(other, "feature.enabled", "").expect(201);
    Answer refused =
        send(
                acme,
                "feature.enabled",
                ",'details':{'percent':500,'in':'mars','nonsense':1,'flag':7}")
            .expect(422);
    assertThat(refused.code()).isEqualTo("invalid_event");
    Map<String, String> codes = new LinkedHashMap<>();
    refused
        .json()
        .path("errors")
        .forEach(e -> codes.put(e.path("pointer").asString(), e.path("code").asString()));
    assertThat(codes)
        .containsOnly(
            Map.entry("/details/percent", "out_of_range"),
            Map.entry("/details/in", "unknown_value"),
            Map.entry("/details/nonsense", "unknown_field"),
            Map.entry("/details/flag", "wrong_type"));
    // In a batch each event is judged by itself.
    JsonNode batch =
        operator
            .post(
                "/v1/events",
                """
                [{'tenant':'%1$s','id':'good','action':'feature.enabled','actor':{'type':'system'},'details':{'flag':'a','percent':1}},
                 {'tenant':'%1$s','id':'bad','action':'feature.enabled','actor':{'type':'system'}},
                 {'tenant':'%1$s','id':'free','action':'feature.disabled','actor':{'type':'system'}}]"""
                    .formatted(acme))
            .expect(201)
            .json();
    assertThat(batch.path("rejected")).hasSize(1);
    assertThat(batch.path("rejected").get(0).path("index").asInt()).isEqualTo(1);
    assertThat(batch.path("rejected").toString()).contains("/details/flag").contains("missing");
    assertThat(action(acme, "feature.enabled").path("details").path("required").size())
        .isEqualTo(2);
  }

  @Test
  void changesAreBounded() throws Exception {
    String filler = "x".repeat(ProfileChanges.MAX_BYTES);
    String large = "{'categories':[{'id':'billing','title':'" + filler + "'}]}";
    assertThat(
            put(operator, 0, large)
                .expect(422)
                .json()
                .path("errors")
                .get(0)
                .path("code")
                .asString())
        .isEqualTo("too_large");
    StringBuilder wrong = new StringBuilder("{'export_formats':['csv'");
    for (int i = 0; i < 500; i++) {
      wrong.append(",'f").append(i).append('\'');
    }
    JsonNode refused = put(operator, 0, wrong + "]}").expect(422).json();
    assertThat(refused.path("errors")).hasSize(100);
  }
}
