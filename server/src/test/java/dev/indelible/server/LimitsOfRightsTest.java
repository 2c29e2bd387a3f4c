package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.profile.Permission;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Tests over real HTTP that nobody gives more than they have, counts as two people, or keeps what
 * was taken back.
 */
class LimitsOfRightsTest {

  @TempDir static Path directory;
  private static GovernedServer server;
  private String tenant;
  private String path;
  private String keys;
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
  void makeTenant() throws Exception {
    tenant = server.newTenant("rapidesq");
    path = "/v1/tenants/" + tenant;
    keys = path + "/keys";
    operator = AccessCalls.operator(server);
    ana = member("ana");
  }

  /** An admin whom the product lets in. */
  private AccessCalls member(String id) throws Exception {
    operator
        .post(
            path + "/members", "{'id':'%s','assignments':[{'role':'tenant_admin'}]}".formatted(id))
        .expect(201);
    return operator.signedIn("{'tenant':'%s','user':{'id':'%s'}}".formatted(tenant, id));
  }

  private JsonNode key(AccessCalls maker, String names, String more) throws Exception {
    return maker
        .post(keys, "{'name':'k','permissions':[%s]%s}".formatted(names, more))
        .expect(201)
        .json();
  }

  private AccessCalls bearer(JsonNode key) {
    return AccessCalls.nobody(server).bearer(key.path("secret").asString());
  }

  private String later(Duration duration) {
    return server.now().plus(duration).toString();
  }

  private JsonNode bounded() throws Exception {
    return key(
        operator,
        "'keys.manage','members.manage','audit.view'",
        ",'expires_at':'%s','networks':['127.0.0.0/8']".formatted(later(Duration.ofDays(10))));
  }

  @Test
  void aKeyMakesNoKeyThatLastsLongerOrWorksElsewhere() throws Exception {
    AccessCalls key = bearer(bounded());
    String soon = ",'expires_at':'" + later(Duration.ofDays(9)) + "'";
    for (String more :
        List.of(
            "",
            soon,
            ",'networks':['127.0.0.0/8']",
            ",'networks':['127.0.0.0/8'],'expires_at':'" + later(Duration.ofDays(11)) + "'",
            ",'networks':['127.0.0.0/7']" + soon,
            ",'networks':['127.0.0.1','10.0.0.1']" + soon)) {
      assertThat(
              key.post(keys, "{'name':'k','permissions':['audit.view']%s}".formatted(more))
                  .expect(403)
                  .code())
          .as(more)
          .isEqualTo("more_than_own");
    }
    key(key, "'audit.view'", ",'networks':['127.1.0.0/16']" + soon);
    key(
        key,
        "'audit.view'",
        ",'networks':['127.0.0.1'],'expires_at':'%s'".formatted(later(Duration.ofDays(10))));
  }

  @Test
  void aKeyRotatesNothingBeyondItsOwnEnd() throws Exception {
    JsonNode own = bounded();
    AccessCalls key = bearer(own);
    String rotate = keys + "/" + own.path("id").asString() + "/rotate";
    assertThat(key.post(rotate, "{'expires_at':'2099-01-01T00:00:00Z'}").expect(403).code())
        .isEqualTo("more_than_own");
    JsonNode unbounded = key(operator, "'audit.view'", "");
    key.post(keys + "/" + unbounded.path("id").asString() + "/rotate", "{}").expect(403);
    JsonNode next = key.post(rotate, "{}").expect(201).json();
    assertThat(next.path("expires_at").asString()).isEqualTo(own.path("expires_at").asString());
    // Whoever has no end may give a later one.
    operator
        .post(
            keys + "/" + next.path("id").asString() + "/rotate",
            "{'expires_at':'2099-01-01T00:00:00Z'}")
        .expect(201);
  }

  @Test
  void nobodyGetsRoundTheEndOfAKeyBySigningInByIt() throws Exception {
    JsonNode own = bounded();
    AccessCalls session =
        AccessCalls.nobody(server)
            .browser(
                AccessCalls.nobody(server)
                    .post("/v1/session", "{'key':'" + own.path("secret").asString() + "'}")
                    .expect(201)
                    .cookie());
    session.post(keys, "{'name':'k','permissions':['audit.view']}").expect(403);
    // Nor by a link in somebody's name, nor by a link of theirs.
    AccessCalls strong =
        bearer(
            key(
                operator,
                "'keys.manage','members.manage'",
                ",'expires_at':'%s'".formatted(later(Duration.ofHours(2)))));
    operator
        .post(
            path + "/permission-sets",
            "{'id':'keys','permissions':['keys.manage','members.manage']}")
        .expect(201);
    operator
        .post(path + "/members", "{'id':'kim','assignments':[{'permission_set':'keys'}]}")
        .expect(201);
    AccessCalls kim = strong.signedIn("{'tenant':'%s','user':{'id':'kim'}}".formatted(tenant));
    JsonNode sessions = kim.get("/v1/session").expect(200).json();
    assertThat(sessions.path("expires_at").asString())
        .as("a session lasts no longer than the key that let it in")
        .startsWith(later(Duration.ofHours(2)).substring(0, 19));
    kim.post(keys, "{'name':'k','permissions':['keys.manage']}").expect(403);
    AccessCalls again = kim.signedIn("{'tenant':'%s','user':{'id':'kim'}}".formatted(tenant));
    again.post(keys, "{'name':'k','permissions':['keys.manage']}").expect(403);
    operator
        .signedIn("{'tenant':'%s','user':{'id':'kim'}}".formatted(tenant))
        .post(keys, "{'name':'k','permissions':['keys.manage']}")
        .expect(201);
  }

  @Test
  void aGuestIsLetInNoLongerThanTheKeyThatDoesSoAndNotByOneOfSomeNetworks() throws Exception {
    String links = path + "/auditor-links";
    String body = "{'user':{'id':'a'},'permissions':['audit.view'],'reason':'r'%s}";
    AccessCalls key =
        bearer(
            key(
                operator,
                "'members.manage','audit.view'",
                ",'expires_at':'%s'".formatted(later(Duration.ofDays(10)))));
    assertThat(key.post(links, body.formatted("")).expect(403).code()).isEqualTo("more_than_own");
    key.post(links, body.formatted(",'expires_in':'P10D'")).expect(201);
    assertThat(
            bearer(bounded())
                .post(links, body.formatted(",'expires_in':'PT1H'"))
                .expect(403)
                .code())
        .isEqualTo("more_than_own");
  }

  @Test
  void aKeyWithMoreThanOnesOwnIsRevokedButNotRotated() throws Exception {
    JsonNode strong = key(operator, "'holds.manage','audit.view_personal'", "");
    AccessCalls weak = bearer(key(operator, "'keys.manage'", ""));
    String one = keys + "/" + strong.path("id").asString();
    assertThat(weak.post(one + "/rotate", "{}").expect(403).code()).isEqualTo("more_than_own");
    bearer(strong).get("/v1/whoami").expect(200);
    weak.delete(one + "?reason=leaked").expect(204);
    bearer(strong).get("/v1/whoami").expect(401);
  }

  @Test
  void whomAKeyLetInGoesWithIt() throws Exception {
    JsonNode key = key(operator, "'members.manage','audit.view','audit.verify'", "");
    operator
        .post(
            path + "/permission-sets",
            "{'id':'reading','permissions':['audit.view','audit.verify']}")
        .expect(201);
    operator
        .post(path + "/members", "{'id':'bo','assignments':[{'permission_set':'reading'}]}")
        .expect(201);
    String bo = "{'tenant':'%s','user':{'id':'bo'}}".formatted(tenant);
    AccessCalls in = bearer(key).signedIn(bo);
    String open = bearer(key).code(bo);
    AccessCalls other = operator.signedIn(bo);
    in.get(path + "/events").expect(200);
    ana.delete(keys + "/" + key.path("id").asString()).expect(204);
    in.get(path + "/events").expect(401);
    AccessCalls.nobody(server).post("/v1/session", "{'code':'" + open + "'}").expect(401);
    other.get(path + "/events").expect(200);
  }

  private String hold() throws Exception {
    return ana.post(
            path + "/holds",
            "{'name':'matter','query':'action:x','reason':'r','two_people_to_release':true}")
        .expect(201)
        .json()
        .path("id")
        .asString();
  }

  private void release(AccessCalls by, String hold, int status) throws Exception {
    AccessCalls.Answer answer = by.delete(path + "/holds/" + hold + "?reason=settled");
    answer.expect(status);
    if (status == 409) {
      assertThat(answer.code()).isEqualTo("second_person_needed");
    }
  }

  @Test
  void aKeyCountsAsWhoeverMadeItWhereTwoPeopleAreNeeded() throws Exception {
    AccessCalls bo = member("bo");
    String hold = hold();
    JsonNode first = key(ana, "'holds.manage','keys.manage'", "");
    release(bearer(first), hold, 202);
    release(ana, hold, 409);
    JsonNode second = key(bearer(first), "'holds.manage'", "");
    release(bearer(second), hold, 409);
    JsonNode rotated =
        bearer(first)
            .post(keys + "/" + first.path("id").asString() + "/rotate", "{}")
            .expect(201)
            .json();
    release(bearer(rotated), hold, 409);
    release(bearer(key(ana, "'holds.manage'", "")), hold, 409);
    assertThat(ana.get(path + "/holds/" + hold).json().path("release_asked_by").asString())
        .isEqualTo("user:ana");
    release(bearer(key(bo, "'holds.manage'", "")), hold, 200);

    String next = hold();
    release(ana, next, 202);
    release(bearer(rotated), next, 409);
    release(bo, next, 200);
  }

  @Test
  void nobodyIsASecondPersonByALinkOfTheirOwn() throws Exception {
    String hold = hold();
    AccessCalls puppet =
        ana.signedIn(
            "{'tenant':'%s','user':{'id':'puppet'},'roles':['tenant_admin']}".formatted(tenant));
    release(puppet, hold, 202);
    release(ana, hold, 409);
    release(puppet, hold, 409);
    AccessCalls byKey =
        bearer(
                key(
                    ana,
                    Arrays.stream(Permission.values())
                        .map(permission -> "'" + permission.jsonName() + "'")
                        .collect(Collectors.joining(",")),
                    ""))
            .signedIn(
                "{'tenant':'%s','user':{'id':'another'},'roles':['tenant_admin']}"
                    .formatted(tenant));
    release(byKey, hold, 409);
    // All keys of the operator's are the operator's.
    AccessCalls one = bearer(key(operator, "'holds.manage'", ""));
    String other = hold();
    release(operator, other, 202);
    release(one, other, 409);
    release(ana, other, 200);
  }

  @Test
  void aDeletedPermissionSetTakesItsAssignmentsAlong() throws Exception {
    String sets = path + "/permission-sets";
    operator.post(sets, "{'id':'ours','permissions':['audit.view']}").expect(201);
    operator
        .post(
            path + "/members",
            "{'id':'cy','assignments':[{'permission_set':'ours'},{'role':'tenant_admin'}]}")
        .expect(201);
    operator
        .post(path + "/members", "{'id':'di','assignments':[{'permission_set':'ours'}]}")
        .expect(201);
    AccessCalls di = operator.signedIn("{'tenant':'%s','user':{'id':'di'}}".formatted(tenant));
    di.get(path + "/events").expect(200);
    operator.delete(sets + "/ours?reason=unused").expect(204);
    operator.post(sets, "{'id':'ours','permissions':['audit.view','keys.manage']}").expect(201);
    di.get(path + "/events").expect(403);
    di.get(keys).expect(403);
    assertThat(operator.get(path + "/members/di").json().path("assignments")).isEmpty();
    assertThat(operator.get(path + "/members/cy").json().path("assignments"))
        .hasSize(1)
        .allSatisfy(left -> assertThat(left.path("role").asString()).isEqualTo("tenant_admin"));
    JsonNode taken = server.newest(tenant, "action:audit.member.update target:member/di");
    assertThat(taken.path("reason").asString()).isEqualTo("unused");
  }

  @Test
  void optingInAgainRevivesNoSupportSession() throws Exception {
    AccessCalls nobody = AccessCalls.nobody(server);
    String grants = path + "/support-grants";
    patch("{'support_access':true}");
    String body = "{'user':{'id':'sam','name':'Sam-X'},'reason':'ticket','expires_in':'PT2H'}";
    String code = ana.post(grants, body).expect(201).json().path("url").asString().split("#", 2)[1];
    AccessCalls sam =
        nobody.browser(nobody.post("/v1/session", "{'code':'" + code + "'}").expect(201).cookie());
    sam.get(path + "/events").expect(200);
    patch("{'support_access':false}");
    sam.get(path + "/events").expect(401);
    patch("{'support_access':true}");
    for (int restart = 0; restart < 2; restart++) {
      sam.get(path + "/events").expect(401);
      nobody.post("/v1/session", "{'code':'" + code + "'}").expect(401);
      assertThat(ana.get(grants).json().path("support_grants")).isEmpty();
      server.stop();
      server.start();
    }
    ana.post(grants, body).expect(201);
  }

  private void patch(String body) throws Exception {
    ana.call("PATCH", path, body.replace('\'', '"')).expect(200);
  }

  @Test
  void aListGoesOnWhereItWasThoughItsLastRowIsGone() throws Exception {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      made.add(
          ana.post(path + "/holds", "{'name':'h%d','query':'action:x','reason':'r'}".formatted(i))
              .expect(201)
              .json()
              .path("id")
              .asString());
    }
    JsonNode first = ana.get(path + "/holds?limit=2").json();
    ana.delete(path + "/holds/" + made.get(1) + "?reason=r").expect(200);
    JsonNode second = ana.get(path + "/holds?limit=2&cursor=" + cursor(first)).json();
    assertThat(ids(second.path("holds"))).isEqualTo(made.subList(2, 4));
    JsonNode last = ana.get(path + "/holds?limit=2&cursor=" + cursor(second)).json();
    assertThat(ids(last.path("holds"))).isEqualTo(made.subList(4, 5));
    assertThat(last.path("next_cursor").isNull()).isTrue();

    for (String id : List.of("m1", "m2", "m3")) {
      operator.post(path + "/members", "{'id':'" + id + "','assignments':[]}").expect(201);
    }
    JsonNode members = operator.get(path + "/members?limit=3").json();
    operator.delete(path + "/members/m2").expect(204);
    assertThat(
            ids(
                operator
                    .get(path + "/members?limit=3&cursor=" + cursor(members))
                    .json()
                    .path("members")))
        .containsExactly("m3");
  }

  private static String cursor(JsonNode page) {
    return page.path("next_cursor").asString();
  }

  private static List<String> ids(JsonNode list) {
    return list.valueStream().map(one -> one.path("id").asString()).toList();
  }

  @Test
  void aNonsenseCursorIsRefusedByEveryList() throws Exception {
    server.newTenant("standard");
    for (int i = 0; i < 2; i++) {
      key(ana, "'audit.view'", "");
      hold();
      operator.post(path + "/erasures", "{'identifiers':['x%d']}".formatted(i)).expect(201);
    }
    member("bo");
    List<String> lists =
        List.of(
            "/v1/tenants",
            path + "/keys",
            path + "/members",
            path + "/holds",
            path + "/erasures",
            path + "/events");
    server.find(tenant, "action:audit.key.create", 2);
    List<String> cursors = new ArrayList<>(List.of("nonsense", "x.y", "MA", "MA.00000000", "."));
    for (String list : lists) {
      cursors.add(cursor(operator.get(list + "?limit=1").expect(200).json()));
      assertThat(cursors.getLast()).as(list).isNotEmpty();
    }
    for (int list = 0; list < lists.size(); list++) {
      for (int cursor = 0; cursor < cursors.size(); cursor++) {
        AccessCalls.Answer answer =
            operator.get(lists.get(list) + "?limit=1&cursor=" + cursors.get(cursor));
        boolean own = cursor - 5 == list;
        answer.expect(own ? 200 : 400);
        assertThat(answer.code()).isEqualTo(own ? "" : "invalid_cursor");
      }
    }
  }

  @Test
  void whatAMemberMadeIsListedAndGoesWithThemIfWanted() throws Exception {
    AccessCalls bo = member("bo");
    JsonNode key = key(bo, "'audit.view','keys.manage'", "");
    JsonNode grandchild = key(bearer(key), "'audit.view'", "");
    JsonNode others = key(ana, "'audit.view'", "");
    JsonNode link =
        bo.post(path + "/auditor-links", "{'user':{'id':'a'},'reason':'r'}").expect(201).json();
    AccessCalls guest =
        bo.signedIn("{'tenant':'%s','user':{'id':'g'},'roles':['tenant_admin']}".formatted(tenant));
    JsonNode made = ana.get(path + "/members/bo/made").expect(200).json();
    assertThat(ids(made.path("keys")))
        .containsExactly(key.path("id").asString(), grandchild.path("id").asString());
    assertThat(ids(made.path("auditor_links"))).containsExactly(link.path("id").asString());
    assertThat(made.path("support_grants")).isEmpty();
    assertThat(made.path("sessions")).hasSize(1);
    assertThat(made.path("session_count").asInt()).isEqualTo(1);
    assertThat(made.path("sessions").path(0).path("user").path("id").asString()).isEqualTo("g");
    for (JsonNode listed : ana.get(keys).json().path("keys")) {
      assertThat(listed.path("made_by").asString())
          .isEqualTo(
              listed.path("id").equals(others.path("id"))
                  ? "user:ana"
                  : listed.path("id").equals(key.path("id"))
                      ? "user:bo"
                      : "api_key:" + key.path("id").asString());
    }

    AccessCalls weak =
        bearer(
            key(
                operator,
                Arrays.stream(Permission.values())
                    .map(Permission::jsonName)
                    .filter(name -> !name.equals("keys.manage"))
                    .map(name -> "'" + name + "'")
                    .collect(Collectors.joining(",")),
                ""));
    weak.delete(path + "/members/bo?revoke_made=true").expect(403);
    ana.delete(path + "/members/bo?reason=left&revoke_made=true").expect(204);
    bearer(key).get("/v1/whoami").expect(401);
    bearer(grandchild).get("/v1/whoami").expect(401);
    bearer(others).get("/v1/whoami").expect(200);
    guest.get(path + "/events").expect(401);
    assertThat(ana.get(path + "/auditor-links").json().path("auditor_links")).isEmpty();
    JsonNode left = ana.get(path + "/members/bo/made").expect(200).json();
    assertThat(left.path("keys")).isEmpty();
    assertThat(left.path("sessions")).isEmpty();
  }

  @Test
  void removingAMemberAloneLeavesWhatTheyMadeToBeListed() throws Exception {
    AccessCalls bo = member("bo");
    JsonNode key = key(bo, "'audit.view'", "");
    ana.delete(path + "/members/bo").expect(204);
    bearer(key).get("/v1/whoami").expect(200);
    assertThat(ids(ana.get(path + "/members/bo/made").json().path("keys")))
        .containsExactly(key.path("id").asString());
  }
}
