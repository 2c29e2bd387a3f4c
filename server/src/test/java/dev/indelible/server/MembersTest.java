package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Members, roles, permission sets, accounts and guests, over real HTTP. */
class MembersTest {

  @TempDir static Path directory;
  private static GovernedServer server;
  private String acme;
  private String other;
  private String members;
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
    acme = server.newTenant("automation");
    other = server.newTenant("automation");
    members = "/v1/tenants/" + acme + "/members";
    operator = AccessCalls.operator(server);
    operator
        .post(
            members,
            "{'id':'ana','name':'Ana Admin','assignments':[{'role':'tenant_admin'}],'reason':'first'}")
        .expect(201);
    ana = operator.signedIn("{'tenant':'" + acme + "','user':{'id':'ana','name':'Ana Admin'}}");
  }

  private AccessCalls member(String id, String assignments) throws Exception {
    ana.post(
            members,
            "{'id':'%s','name':'%s the Member','assignments':[%s]}".formatted(id, id, assignments))
        .expect(201);
    return ana.signedIn("{'tenant':'" + acme + "','user':{'id':'" + id + "'}}");
  }

  private void record(String id, String account) throws Exception {
    operator
        .post(
            "/v1/events",
            ("{'tenant':'"
                    + acme
                    + "','id':'%s','account':%s,'action':'flow.updated','actor':{'type':'user','id':'u_1'}}")
                .formatted(id, account.isEmpty() ? "null" : "'" + account + "'"))
        .expect(201);
  }

  @Test
  void amongListedAccountsAMemberHasOneThatThereIs() throws Exception {
    operator.post("/v1/tenants/" + acme + "/accounts", "{'id':'eu'}").expect(201);
    AccessCalls.Answer refused =
        operator
            .post(members, "{'id':'m1','assignments':[{'role':'account_admin','accounts':['ue']}]}")
            .expect(422);
    assertThat(refused.text()).contains("/assignments/0/accounts/0", "there are eu");
    member("m2", "{'role':'account_admin','accounts':['eu']}");
  }

  @Test
  void anEmptyTextIsNoAccount() throws Exception {
    for (String path : List.of("/members", "/viewer-sessions")) {
      String body =
          path.equals("/members")
              ? "{'id':'m3','assignments':[{'role':'account_admin','accounts':['']}]}"
              : "{'user':{'id':'u'},'accounts':['']}";
      assertThat(operator.post("/v1/tenants/" + acme + path, body).expect(422).text())
          .contains("accounts/0", "empty");
    }
  }

  @Test
  void whatIsNoRoleSetOrPermissionIsAnsweredWithTheChoices() throws Exception {
    assertThat(
            operator
                .post(members, "{'id':'m4','assignments':[{'role':'bos'},{'permission_set':'x'}]}")
                .expect(422)
                .text())
        .contains("there are ", "account_admin", "permission_set");
    assertThat(
            operator
                .post(
                    "/v1/tenants/" + acme + "/permission-sets",
                    "{'id':'s','name':'S','permissions':['audit.vew']}")
                .expect(422)
                .text())
        .contains("audit.view, ");
    assertThat(
            operator
                .post(
                    "/v1/tenants/" + acme + "/viewer-sessions",
                    "{'user':{'id':'u'},'permissions':[]}")
                .expect(422)
                .text())
        .contains("/permissions", "audit.view");
  }

  @Test
  void anAccountsAdminSeesItsEntriesAndNoTraceOfOthers() throws Exception {
    record("e-eu", "eu");
    record("e-us", "us");
    record("e-none", "");
    server.find(acme, "id:e-eu,e-us,e-none", 3);
    AccessCalls eve = member("eve", "{'role':'account_admin','accounts':['eu']}");
    String base = "/v1/tenants/" + acme;
    JsonNode page = eve.get(base + "/events").expect(200).json();
    assertThat(page.path("entries")).hasSize(1);
    assertThat(page.path("entries").path(0).path("id").asString()).isEqualTo("e-eu");
    for (String hidden : List.of("e-us", "e-none")) {
      for (String of : List.of("", "/proof")) {
        assertThat(comparable(eve.get(base + "/events/" + hidden + of), hidden))
            .isEqualTo(comparable(eve.get(base + "/events/e-never" + of), "e-never"));
      }
      assertThat(eve.get(base + "/events?q=id:" + hidden).json().path("entries")).isEmpty();
      assertThat(eve.get(base + "/facets?q=id:" + hidden).json().path("count").asInt()).isZero();
      assertThat(
              eve.get(base + "/histogram?q=id:" + hidden + "&from=2020-01-01T00:00:00Z")
                  .json()
                  .path("count")
                  .asInt())
          .isZero();
    }
    assertThat(eve.get(base + "/facets?fields=account").expect(200).text())
        .contains("eu")
        .doesNotContain("\"us\"");
    eve.get(base + "/events/e-eu/proof").expect(200);
    eve.get(base + "/log/tile/0/000.p/1").expect(403);
    // Hashes say nothing of others' entries, and let her see that the log only grew.
    assertThat(
            eve.get(base + "/log/consistency?from_size=1&to_size=2")
                .expect(200)
                .json()
                .path("hashes"))
        .hasSize(1);
    eve.get(base + "/log/entries").expect(403);
    eve.get(base + "/holds").expect(403);
    eve.get(members).expect(403);
    eve.get("/v1/tenants/" + other + "/events").expect(404);
    JsonNode session = eve.get("/v1/session").json().path("tenants").path(0);
    assertThat(session.path("accounts").toString()).isEqualTo("[\"eu\"]");
    assertThat(ana.get("/v1/session").json().path("tenants").path(0).path("accounts").isNull())
        .isTrue();
  }

  private static String comparable(AccessCalls.Answer answer, String id) {
    return answer.status()
        + answer.text().replaceAll("\"request_id\":\"[^\"]*\"", "").replace(id, "ID");
  }

  @Test
  void aChangeOfRolesHoldsAtOnceAndARemovedMemberIsOut() throws Exception {
    AccessCalls bo = member("bo", "{'role':'member','accounts':['eu']}");
    bo.get("/v1/tenants/" + acme + "/events").expect(403);
    ana.call(
            "PATCH",
            members + "/bo",
            "{\"assignments\":[{\"role\":\"tenant_admin\"}],\"reason\":\"promoted\"}")
        .expect(200);
    bo.get("/v1/tenants/" + acme + "/events").expect(200);
    JsonNode change = server.newest(acme, "action:audit.member.update");
    assertThat(change.path("actor").path("id").asString()).isEqualTo("ana");
    assertThat(change.path("reason").asString()).isEqualTo("promoted");
    assertThat(change.path("changes").toString()).contains("tenant_admin", "member");
    assertThat(change.path("actor").path("type").asString()).isEqualTo("user");
    assertThat(change.path("actor").path("roles").toString()).isEqualTo("[\"tenant_admin\"]");
    assertThat(change.path("actor").path("name").asString()).isEqualTo("Ana Admin");
    assertThat(change.path("actor").path("permissions").toString()).contains("members.manage");
    ana.delete(members + "/bo?reason=left").expect(204);
    bo.get("/v1/tenants/" + acme + "/events").expect(401);
    ana.post("/v1/sign-in-links", "{'tenant':'" + acme + "','user':{'id':'bo'}}").expect(422);
    // Added again, the old session stays dead.
    ana.post(members, "{'id':'bo','assignments':[]}").expect(201);
    bo.get("/v1/session").expect(401);
    ana.post(members, "{'id':'bo','assignments':[]}").expect(409);
  }

  @Test
  void aNameIsGoneFromEveryFileWithItsMember() throws Exception {
    ana.post(members, "{'id':'zoe','name':'Zoe-Quux','assignments':[]}").expect(201);
    assertThat(ana.get(members + "/zoe").json().path("name").asString()).isEqualTo("Zoe-Quux");
    ana.delete(members + "/zoe").expect(204);
    server.stop();
    try (var files = Files.walk(server.data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain("Zoe-Quux");
      }
    }
    server.start();
  }

  @Test
  void nobodyGivesMoreThanTheyHave() throws Exception {
    ana.post(
            "/v1/tenants/" + acme + "/permission-sets",
            "{'id':'people','permissions':['members.manage','permission_sets.manage','keys.manage','audit.view']}")
        .expect(201);
    AccessCalls mia = member("mia", "{'permission_set':'people'}");
    String all = "{'role':'tenant_admin'}";
    // By a member, oneself, a link, a set, a key, a guest.
    for (String body :
        List.of(
            "{'id':'new','assignments':[" + all + "]}",
            "{'id':'new','assignments':[{'permission_set':'account_audit'}]}")) {
      assertThat(mia.post(members, body).expect(403).code()).isEqualTo("more_than_own");
    }
    patch(mia, members + "/mia", "{'assignments':[" + all + "]}", 403);
    patch(mia, members + "/ana", "{'name':'Mallory'}", 403);
    mia.delete(members + "/ana").expect(403);
    mia.post("/v1/sign-in-links", "{'tenant':'" + acme + "','user':{'id':'ana'}}").expect(403);
    mia.post(
            "/v1/sign-in-links",
            "{'tenant':'" + acme + "','user':{'id':'x'},'roles':['tenant_admin']}")
        .expect(403);
    mia.post(
            "/v1/tenants/" + acme + "/permission-sets",
            "{'id':'more','permissions':['erasures.manage']}")
        .expect(403);
    patch(
        mia,
        "/v1/tenants/" + acme + "/permission-sets/people",
        "{'permissions':['members.manage','audit.export']}",
        403);
    mia.post("/v1/tenants/" + acme + "/keys", "{'name':'k','scopes':['events.read']}").expect(403);
    mia.post("/v1/tenants/" + acme + "/keys", "{'name':'k','permissions':['audit.view']}")
        .expect(201);
    String strong =
        ana.post("/v1/tenants/" + acme + "/keys", "{'name':'k','scopes':['events.read']}")
            .expect(201)
            .json()
            .path("id")
            .asString();
    mia.post("/v1/tenants/" + acme + "/keys/" + strong + "/rotate", "{}").expect(403);
    mia.post(
            "/v1/tenants/" + acme + "/auditor-links",
            "{'user':{'id':'a'},'reason':'r','permissions':['audit.export']}")
        .expect(403);
    mia.post("/v1/tenants/" + acme + "/support-grants", "{'user':{'id':'a'},'reason':'r'}")
        .expect(403);
    // Nor does she act as somebody who has more, be it with less.
    mia.post(
            "/v1/sign-in-links",
            "{'tenant':'" + acme + "','user':{'id':'ana'},'roles':['member'],'accounts':['eu']}")
        .expect(403);
    JsonNode link = server.newest(acme, "action:audit.sign_in_link_created target:mia");
    assertThat(link.path("actor").path("id").asString()).isEqualTo("ana");
    // Ana signed in, and then Mia.
    server.find(acme, "action:audit.signed_in", 2);
    assertThat(server.newest(acme, "action:audit.signed_in").path("actor").path("id").asString())
        .isEqualTo("mia");
    // What she has, she gives.
    mia.post(members, "{'id':'new','assignments':[{'permission_set':'people'}]}").expect(201);
    // In accounts alone, managing is nothing.
    AccessCalls local = member("loc", "{'permission_set':'people','accounts':['eu']}");
    local.get(members).expect(403);
    local.get("/v1/tenants/" + acme + "/events").expect(200);
  }

  private static void patch(AccessCalls calls, String path, String body, int status)
      throws Exception {
    calls.call("PATCH", path, body.replace('\'', '"')).expect(status);
  }

  @Test
  void aPermissionSetOfTheTenantIsGivenChangedAndTakenAway() throws Exception {
    String sets = "/v1/tenants/" + acme + "/permission-sets";
    ana.post(sets, "{'id':'readers','name':'Readers','permissions':['audit.view']}").expect(201);
    ana.post(sets, "{'id':'readers','permissions':[]}").expect(409);
    ana.post(sets, "{'id':'audit_administration','permissions':[]}").expect(422);
    ana.post(sets, "{'id':'odd','permissions':['audit.everything']}").expect(422);
    AccessCalls ron = member("ron", "{'permission_set':'readers'}");
    ron.get("/v1/tenants/" + acme + "/events").expect(200);
    ron.get("/v1/tenants/" + acme + "/keys").expect(403);
    patch(ana, sets + "/readers", "{'permissions':['audit.view','keys.manage']}", 200);
    ron.get("/v1/tenants/" + acme + "/keys").expect(200);
    assertThat(ron.get(sets).expect(200).text()).contains("\"readers\"", "\"custom\":true");
    ana.delete(sets + "/readers").expect(204);
    ron.get("/v1/tenants/" + acme + "/events").expect(403);
    assertThat(
            server
                .newest(acme, "action:audit.permission_set.remove")
                .path("actor")
                .path("id")
                .asString())
        .isEqualTo("ana");
  }

  @Test
  void accountsHaveNames() throws Exception {
    String accounts = "/v1/tenants/" + acme + "/accounts";
    ana.post(accounts, "{'id':'eu','name':'Europe'}").expect(201);
    ana.post(accounts, "{'id':'us/west'}").expect(201);
    AccessCalls eve = member("eve", "{'role':'account_admin','accounts':['eu']}");
    assertThat(eve.get(accounts).expect(200).json().path("accounts")).hasSize(1);
    assertThat(ana.get(accounts).json().path("accounts")).hasSize(2);
    patch(ana, accounts + "/us%2Fwest", "{'name':'West'}", 200);
    eve.delete(accounts + "/eu").expect(403);
    ana.delete(accounts + "/us%2Fwest").expect(204);
    assertThat(ana.get(accounts).json().path("accounts")).hasSize(1);
  }

  @Test
  void anAuditorReadsForATimeUnderTheirName() throws Exception {
    record("e1", "eu");
    server.find(acme, "id:e1", 1);
    JsonNode link =
        ana.post(
                "/v1/tenants/" + acme + "/auditor-links",
                "{'user':{'id':'a_1','name':'Audrey','email':'a@audit.test'},'reason':'yearly audit','expires_in':'P7D','filter':'action:flow.*'}")
            .expect(201)
            .json();
    String code = link.path("url").asString().split("#", 2)[1];
    AccessCalls nobody = AccessCalls.nobody(server);
    AccessCalls.Answer in = nobody.post("/v1/session", "{'code':'" + code + "'}").expect(201);
    assertThat(in.json().path("kind").asString()).isEqualTo("auditor");
    assertThat(in.json().path("watermark").asString()).isEqualTo("Audrey · a@audit.test");
    assertThat(in.json().path("filter").asString()).isEqualTo("action:flow.*");
    AccessCalls auditor = nobody.browser(in.cookie());
    assertThat(auditor.get("/v1/tenants/" + acme + "/events").expect(200).json().path("entries"))
        .hasSize(1);
    auditor.post("/v1/events", "{'action':'x','actor':{'type':'system'}}").expect(403);
    auditor.get("/v1/tenants/" + acme + "/members").expect(403);
    auditor.get("/v1/tenants/" + other + "/events").expect(404);
    // The link goes on working, until it ends.
    server.advance(Duration.ofDays(6));
    nobody.post("/v1/session", "{'code':'" + code + "'}").expect(201);
    server.advance(Duration.ofDays(1));
    nobody.post("/v1/session", "{'code':'" + code + "'}").expect(401);
    auditor.get("/v1/session").expect(401);
    ana.post("/v1/tenants/" + acme + "/auditor-links", "{'user':{'id':'a'}}").expect(401);
    AccessCalls again = operator.signedIn("{'tenant':'" + acme + "','user':{'id':'ana'}}");
    again.post("/v1/tenants/" + acme + "/auditor-links", "{'user':{'id':'a'}}").expect(422);
    again
        .post(
            "/v1/tenants/" + acme + "/auditor-links",
            "{'user':{'id':'a'},'reason':'r','expires_in':'P91D'}")
        .expect(422);
  }

  @Test
  void supportReadsOnlyWhereTheTenantOptedInAndNoLonger() throws Exception {
    String grants = "/v1/tenants/" + acme + "/support-grants";
    String body = "{'user':{'id':'s_1','name':'Sam'},'reason':'ticket 4711','expires_in':'PT2H'}";
    assertThat(ana.post(grants, body).expect(409).code()).isEqualTo("support_not_wanted");
    patch(operator, "/v1/tenants/" + acme, "{'support_access':true}", 403);
    patch(ana, "/v1/tenants/" + acme, "{'support_access':true,'reason':'we need help'}", 200);
    assertThat(ana.post(grants, "{'user':{'id':'s_1'}}").expect(422).text()).contains("/reason");
    JsonNode grant = ana.post(grants, body).expect(201).json();
    String code = grant.path("url").asString().split("#", 2)[1];
    AccessCalls nobody = AccessCalls.nobody(server);
    AccessCalls.Answer in = nobody.post("/v1/session", "{'code':'" + code + "'}").expect(201);
    assertThat(in.json().path("kind").asString()).isEqualTo("support");
    AccessCalls sam = nobody.browser(in.cookie());
    sam.get("/v1/tenants/" + acme + "/events").expect(200);
    sam.get("/v1/tenants/" + acme + "/log/entries").expect(403);
    sam.get("/v1/tenants/" + other + "/events").expect(404);
    JsonNode granted = server.newest(acme, "action:audit.support_access_granted");
    assertThat(granted.path("reason").asString()).isEqualTo("ticket 4711");
    // Opting out throws them out for good.
    patch(operator, "/v1/tenants/" + acme, "{'support_access':false}", 200);
    sam.get("/v1/tenants/" + acme + "/events").expect(401);
    nobody.post("/v1/session", "{'code':'" + code + "'}").expect(401);
    patch(ana, "/v1/tenants/" + acme, "{'support_access':true}", 200);
    sam.get("/v1/tenants/" + acme + "/events").expect(401);
    ana.delete(grants + "/" + grant.path("id").asString() + "?reason=done").expect(404);
    sam.get("/v1/tenants/" + acme + "/events").expect(401);
    nobody.post("/v1/session", "{'code':'" + code + "'}").expect(401);
    assertThat(ana.get(grants).json().path("support_grants")).isEmpty();
  }

  @Test
  void aSlowRequestTakesBackNothingThatWasChangedMeanwhile() throws Exception {
    patch(ana, "/v1/tenants/" + acme, "{'support_access':true}", 200);
    String body = "{\"name\":\"Acme Ltd\"}";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.server().port())) {
      socket.setSoTimeout((int) Eventually.LIMIT.toMillis());
      String head =
          """
          PATCH /v1/tenants/%s HTTP/1.1
          Host: localhost
          Authorization: Bearer %s
          Content-Type: application/json
          Content-Length: %d
          Expect: 100-continue
          Connection: close

          """
              .formatted(acme, server.key, body.length())
              .replace("\n", "\r\n");
      socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
      // It is let in, and asks for the rest.
      String goOn = "HTTP/1.1 100 Continue\r\n\r\n";
      assertThat(
              new String(socket.getInputStream().readNBytes(goOn.length()), StandardCharsets.UTF_8))
          .isEqualTo(goOn);
      patch(ana, "/v1/tenants/" + acme, "{'support_access':false}", 200);
      socket.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 200").contains("Acme Ltd");
    }
    JsonNode tenant = operator.get("/v1/tenants/" + acme).json();
    assertThat(tenant.path("name").asString()).isEqualTo("Acme Ltd");
    assertThat(tenant.path("support_access").asBoolean(true)).isFalse();
  }

  @Test
  void aKeyIsRotatedWithAnOverlapAndSaysWhenItWasUsed() throws Exception {
    String keys = "/v1/tenants/" + acme + "/keys";
    JsonNode old =
        ana.post(keys, "{'name':'shop','scopes':['events.write'],'networks':['127.0.0.0/8']}")
            .expect(201)
            .json();
    AccessCalls nobody = AccessCalls.nobody(server);
    AccessCalls first = nobody.bearer(old.path("secret").asString());
    assertThat(ana.get(keys).json().path("keys").path(0).has("last_used_at")).isFalse();
    first.get("/v1/whoami").expect(200);
    assertThat(ana.get(keys).json().path("keys").path(0).path("last_used_at").asString())
        .startsWith(server.now().toString().substring(0, 11));
    JsonNode next =
        ana.post(
                keys + "/" + old.path("id").asString() + "/rotate",
                "{'overlap':'PT1H','reason':'yearly'}")
            .expect(201)
            .json();
    assertThat(next.path("networks").toString()).isEqualTo("[\"127.0.0.0/8\"]");
    AccessCalls second = nobody.bearer(next.path("secret").asString());
    first.get("/v1/whoami").expect(200);
    second.get("/v1/whoami").expect(200);
    server.advance(Duration.ofHours(1));
    first.get("/v1/whoami").expect(401);
    second.get("/v1/whoami").expect(200);
    ana.post(keys + "/" + old.path("id").asString() + "/rotate", "{}").expect(409);
    AccessCalls elsewhere =
        nobody.bearer(
            ana.post(keys, "{'name':'far','scopes':['events.write'],'networks':['10.0.0.0/8']}")
                .expect(201)
                .json()
                .path("secret")
                .asString());
    elsewhere.get("/v1/whoami").expect(401);
    ana.post(keys, "{'name':'x','scopes':['events.write'],'networks':['nowhere']}").expect(422);
    ana.post(keys, "{'name':'x','scopes':['operator']}").expect(422);
    server.stop();
    server.start();
    assertThat(
            AccessCalls.operator(server).get(keys).json().path("keys").path(0).has("last_used_at"))
        .isTrue();
  }
}
