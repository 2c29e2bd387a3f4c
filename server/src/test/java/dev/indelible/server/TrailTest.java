package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.client.StreamedAnswer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The log of who looked at the log, over real HTTP. */
class TrailTest {

  @TempDir static Path directory;
  private static GovernedServer server;
  private String desk;
  private String plain;
  private String adminLink;
  private AccessCalls operator;
  private AccessCalls ana;

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
    desk = server.newTenant("kimondesk"); // records views
    plain = server.newTenant("standard"); // does not
    adminLink = "{'tenant':'" + desk + "','user':{'id':'ana','name':'Ana'},'roles':['admin']}";
    operator = AccessCalls.operator(server);
    ana = operator.signedIn(adminLink);
  }

  /** The entries of a tenant's log that record looks, by the export, which is recorded once. */
  private List<JsonNode> looks(String tenant) throws Exception {
    return looks(tenant, "category:audit_access verb:read");
  }

  private List<JsonNode> looks(String tenant, String query) throws Exception {
    String last = server.record(tenant, "m" + System.nanoTime(), "marker.set", "u", "U");
    assertThat(server.find(tenant, "id:" + last, 1)).hasSize(1);
    // Read through the program's own eyes: an operator's look is one of those that are counted.
    JsonNode page =
        operator
            .get("/v1/tenants/%s/events?limit=1000&q=%s".formatted(tenant, query.replace(' ', '+')))
            .expect(200)
            .json();
    return page.path("entries").valueStream().toList();
  }

  private static List<String> actions(List<JsonNode> looks, String actor) {
    return looks.stream()
        .filter(look -> look.path("actor").path("id").asString("").equals(actor))
        .map(look -> look.path("action").asString())
        .sorted()
        .toList();
  }

  @Test
  void readingIsRecordedOncePerSessionFilterAndFiveMinutes() throws Exception {
    String events = "/v1/tenants/" + desk + "/events";
    server.record(desk, "e1", "ticket.viewed", "u_1", "Una");
    server.record(desk, "e2", "ticket.viewed", "u_1", "Una");
    server.find(desk, "id:e1,e2", 2);
    for (int i = 0; i < 5; i++) {
      ana.get(events + "?q=id:e1,e2&limit=1").expect(200);
      ana.get("/v1/tenants/" + desk + "/facets?q=id:e1,e2").expect(200);
      ana.get("/v1/tenants/" + desk + "/histogram?q=id:e1,e2").expect(200);
      ana.get(events).expect(200);
      ana.get(events + "/e1").expect(200);
    }
    assertThat(actions(looks(desk), "ana"))
        .containsExactly("audit.entry_viewed", "audit.searched", "audit.viewed");
    AccessCalls again = operator.signedIn(adminLink);
    again.get(events + "?q=id:e1,e2").expect(200);
    assertThat(actions(looks(desk), "ana")).hasSize(4);
    server.advance(Duration.ofMinutes(5));
    ana.get(events).expect(200);
    assertThat(actions(looks(desk), "ana")).hasSize(5);
    JsonNode searched = server.newest(desk, "action:audit.searched actor:ana");
    assertThat(searched.path("details").path("filter").asString()).isEqualTo("id:e1,e2");
    assertThat(searched.path("details").path("result_count").asInt()).isEqualTo(2);
    assertThat(searched.path("context").path("ip").asString()).isEqualTo("127.0.0.1");
    assertThat(searched.path("actor").path("permissions").toString()).contains("audit.view");
    assertThat(searched.path("actor").path("roles").toString()).contains("admin");
    assertThat(searched.path("category").asString()).isEqualTo("audit_access");
  }

  @Test
  void aChartThatBeginsElsewhereIsTheSameLook() throws Exception {
    server.record(desk, "e1", "ticket.viewed", "u_1", "Una");
    server.find(desk, "id:e1", 1);
    ana.get("/v1/tenants/" + desk + "/events").expect(200);
    ana.get("/v1/tenants/" + desk + "/histogram?interval=month&begin=2017-01-01T00:00:00Z")
        .expect(200);
    ana.get("/v1/tenants/" + desk + "/histogram?by=outcome&begin=2026-01-01T00:00:00Z").expect(200);
    assertThat(actions(looks(desk), "ana")).containsExactly("audit.viewed");
    // So are figures of another time, which name nobody; rows of it are a look of their own.
    String lately = "from=2026-01-01T00:00:00Z";
    ana.get("/v1/tenants/" + desk + "/histogram?" + lately + "&begin=2017-01-01T00:00:00Z")
        .expect(200);
    assertThat(actions(looks(desk), "ana")).containsExactly("audit.viewed");
    ana.get("/v1/tenants/" + desk + "/events?" + lately).expect(200);
    assertThat(server.newest(desk, "action:audit.searched actor:ana").path("details").toString())
        .contains("from:2026-01-01T00:00:00Z");
  }

  @Test
  void viewsAreRecordedWhereTheProfileOrTheTenantSaysSo() throws Exception {
    AccessCalls key =
        operator.key(plain, "'audit.view','audit.view_personal','audit.verify','audit.export'");
    String id = key.get("/v1/whoami").json().path("key_id").asString();
    server.record(plain, "e1", "user.login", "u_1", "Una");
    server.find(plain, "id:e1", 1);
    key.get("/v1/tenants/" + plain + "/events").expect(200);
    key.get("/v1/tenants/" + plain + "/events/e1").expect(200);
    assertThat(actions(looks(plain), id)).isEmpty();
    // What is taken away, and what is proven, always is.
    key.get("/v1/tenants/" + plain + "/events/e1/proof").expect(200);
    key.get("/v1/tenants/" + plain + "/log/entries").expect(200);
    assertThat(actions(looks(plain), id)).containsExactly("audit.verified");
    assertThat(server.newest(plain, "action:audit.exported").path("actor").path("id").asString())
        .isEqualTo(id);
    operator
        .call("PATCH", "/v1/tenants/" + plain, "{\"record_views\":true,\"reason\":\"policy\"}")
        .expect(200);
    key.get("/v1/tenants/" + plain + "/events").expect(200);
    assertThat(actions(looks(plain), id)).containsExactly("audit.verified", "audit.viewed");
    operator.call("PATCH", "/v1/tenants/" + desk, "{\"record_views\":false}").expect(200);
    ana.get("/v1/tenants/" + desk + "/events").expect(200);
    assertThat(actions(looks(desk), "ana")).isEmpty();
    JsonNode changed = server.newest(plain, "action:audit.tenant.update");
    assertThat(changed.path("reason").asString()).isEqualTo("policy");
  }

  @Test
  void whatSupportReadsIsRecordedOnBehalfOfWhoLetThemIn() throws Exception {
    AccessCalls bo =
        operator.signedIn("{'tenant':'" + plain + "','user':{'id':'bo'},'roles':['admin']}");
    bo.call("PATCH", "/v1/tenants/" + plain, "{\"support_access\":true}").expect(200);
    String url =
        bo.post(
                "/v1/tenants/" + plain + "/support-grants",
                "{'user':{'id':'s_1','name':'Sam'},'reason':'ticket 7'}")
            .expect(201)
            .json()
            .path("url")
            .asString();
    AccessCalls nobody = AccessCalls.nobody(server);
    AccessCalls sam =
        nobody.browser(
            nobody
                .post("/v1/session", "{'code':'" + url.split("#", 2)[1] + "'}")
                .expect(201)
                .cookie());
    sam.get("/v1/tenants/" + plain + "/events?q=action:user.*").expect(200);
    JsonNode look = server.newest(plain, "action:audit.searched actor_type:support");
    assertThat(look.path("actor").path("id").asString()).isEqualTo("s_1");
    assertThat(look.path("actor").path("on_behalf_of").path("id").asString()).isEqualTo("bo");
    assertThat(look.path("actor").path("on_behalf_of").path("type").asString()).isEqualTo("user");
  }

  /** Values of path parameters with which everything of the contract can be read. */
  private static final Map<String, String> NAMES =
      Map.of("id", "RECORD", "hold_id", "HOLD", "path*", "0/000.p/1", "path", "0/000.p/1");

  /** Operations behind what every page shows: they are part of coming in, which is recorded. */
  private static final Set<String> ON_EVERY_PAGE =
      Set.of(
          "getTenant",
          "getTenantProfile",
          "getRetention",
          "getOversight",
          "getCheckpoint",
          "getConsistency",
          "getLogKey",
          "getLogKeyPem",
          "listLogKeys",
          "getWitnesses");

  @Test
  void everyOperationThatSupportReadsByIsRecorded() throws Exception {
    AccessCalls bo =
        operator.signedIn("{'tenant':'" + plain + "','user':{'id':'bo'},'roles':['admin']}");
    bo.call("PATCH", "/v1/tenants/" + plain, "{\"support_access\":true}").expect(200);
    String url =
        bo.post(
                "/v1/tenants/" + plain + "/support-grants",
                "{'user':{'id':'s_1','name':'Sam'},'reason':'ticket 7','permissions':['audit.view','audit.view_personal','audit.verify','audit.export']}")
            .expect(201)
            .json()
            .path("url")
            .asString();
    String hold =
        operator
            .post("/v1/tenants/" + plain + "/holds", "{'name':'h','query':'id:none','reason':'r'}")
            .expect(201)
            .json()
            .path("id")
            .asString();
    String record = erasedRecord();
    AccessCalls nobody = AccessCalls.nobody(server);
    Map<String, String> asked = new TreeMap<>();
    Set<String> notThere = new TreeSet<>();
    for (Map.Entry<String, JsonNode> path :
        operator.get("/openapi.json").json().path("paths").properties()) {
      JsonNode operation = path.getValue().path("get");
      String id = operation.path("operationId").asString("");
      // A tail goes on for ever, and has a test of its own.
      if (!path.getKey().startsWith("/v1/tenants/{tenant}")
          || id.isEmpty()
          || id.equals("tailEvents")) {
        continue;
      }
      String target = path.getKey().replace("{tenant}", plain);
      for (Map.Entry<String, String> name : NAMES.entrySet()) {
        target = target.replace("{" + name.getKey() + "}", name.getValue());
      }
      target =
          target
              .replace("RECORD", record)
              .replace("HOLD", hold)
              .replaceAll("\\{[a-z_*]+\\}", "none");
      if (id.equals("getConsistency")) {
        target += "?from_size=1&to_size=2";
      } else if (id.equals("getStory") || id.equals("getOffboarding")) {
        target += "?person=u_1";
      }
      // Each in a session of its own: what one session reads twice is recorded once.
      AccessCalls sam =
          nobody.browser(
              nobody
                  .post("/v1/session", "{'code':'" + url.split("#", 2)[1] + "'}")
                  .expect(201)
                  .cookie());
      AccessCalls.Answer answer = sam.get(target);
      assertThat(answer.status()).as("%s %s", id, answer.text()).isIn(200, 403, 404);
      if (ON_EVERY_PAGE.contains(id)) {
        assertThat(answer.status()).as("%s %s", id, answer.text()).isEqualTo(200);
      } else if (answer.status() == 200) {
        asked.put(answer.header("X-Request-Id"), id);
      } else {
        assertThat(target).as("%s: %s", id, answer.text()).doesNotContain("events", "log", "hold");
        if (answer.status() == 404) {
          notThere.add(answer.header("X-Request-Id"));
        }
      }
    }
    assertThat(asked.values())
        .contains(
            "listHolds",
            "getHold",
            "getTile",
            "listSavedViews",
            "listUnknownActions",
            "getDeletionCertificate",
            "getEvent",
            "getProof",
            "searchEvents",
            "getFacets",
            "getHistogram",
            "exportLogEntries");
    Map<String, String> recorded = new TreeMap<>();
    for (JsonNode look : looks(plain, "actor_type:support -action:audit.signed_in")) {
      recorded.put(
          look.path("context").path("request_id").asString(), look.path("action").asString());
      assertThat(look.path("actor").path("on_behalf_of").path("id").asString()).isEqualTo("bo");
      assertThat(look.path("flags").toString()).doesNotContain("unknown_action");
    }
    Map<String, String> missing = new TreeMap<>(asked);
    missing.keySet().removeAll(recorded.keySet());
    assertThat(missing).as("read and not recorded").isEmpty();
    // Asking for something that is not there may be recorded as a look at its kind.
    recorded.keySet().removeAll(notThere);
    assertThat(recorded).hasSameSizeAs(asked);
    JsonNode settings =
        server.newest(plain, "action:audit.settings_viewed target:holds actor_type:support");
    assertThat(settings.path("targets").get(0).path("id").asString()).isEqualTo("holds");
    assertThat(settings.path("category").asString()).isEqualTo("audit_access");
  }

  /** The id of the entry that records an erasure, which has a certificate. */
  private String erasedRecord() throws Exception {
    server.record(plain, "e1", "user.login", "u_1", "Una");
    String path = "/v1/tenants/" + plain + "/erasures";
    String erasure =
        operator
            .post(path, "{'identifiers':['u_1'],'reason':'asked'}")
            .expect(201)
            .json()
            .path("id")
            .asString();
    return operator
        .post(path + "/" + erasure + "/approve", "{'reason':'checked'}")
        .expect(200)
        .json()
        .path("records")
        .get(0)
        .asString();
  }

  @Test
  void aMirrorThatComesBackForItsOwnEntryMakesOneADay() throws Exception {
    AccessCalls key = operator.key(plain, "'audit.verify'");
    String id = key.get("/v1/whoami").json().path("key_id").asString();
    operator
        .post(
            "/v1/events?wait=sealed",
            "{'tenant':'" + plain + "','action':'a.b','actor':{'type':'system'}}")
        .expect(201);
    for (int i = 0; i < 10; i++) {
      key.get("/v1/tenants/" + plain + "/log/checkpoint").expect(200);
      key.get("/v1/tenants/" + plain + "/log/tile/0/000.p/1").expect(200);
      server.advance(Duration.ofMinutes(20));
    }
    assertThat(actions(looks(plain), id)).containsExactly("audit.verified");
  }

  @Test
  void aTailIsALookToo() throws Exception {
    try (StreamedAnswer tail = ana.open("/v1/tenants/" + desk + "/tail?q=action:nothing.*")) {
      assertThat(tail.body().read()).isNotNegative();
      JsonNode look = server.newest(desk, "action:audit.searched actor:ana");
      assertThat(look.path("details").path("filter").asString()).isEqualTo("action:nothing.*");
    }
  }

  @Test
  void nobodyElseSaysThatTheLogWasLookedAt() throws Exception {
    for (String action : List.of("audit.viewed", "audit.member.create", "audit.x")) {
      assertThat(
              operator
                  .post(
                      "/v1/events",
                      ("{'tenant':'"
                              + plain
                              + "','action':'%s','actor':{'type':'user','id':'ana'}}")
                          .formatted(action))
                  .expect(422)
                  .code())
          .isEqualTo("reserved_action");
    }
  }
}
