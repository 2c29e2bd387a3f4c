package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import dev.indelible.verify.access.AccessReviewVerifier;
import dev.indelible.verify.audit.Finding;
import dev.indelible.verify.audit.Trust;
import java.io.ByteArrayInputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Reviews of access and offboarding checks over HTTP. */
class AccessReviewTest {

  @TempDir static Path directory;
  private static GovernedServer server;
  private String tenant = "";

  @BeforeAll
  static void start() throws Exception {
    server = new GovernedServer(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void newTenant() throws Exception {
    tenant = server.newTenant("standard");
  }

  private void send(String action, String rest) throws Exception {
    send("{'type':'user','id':'u_admin','name':'Ada'}", action, rest);
  }

  private void send(String actor, String action, String rest) throws Exception {
    String event =
        "{'tenant':'%s','action':'%s','actor':%s%s}"
            .formatted(tenant, action, actor, rest.isEmpty() ? "" : "," + rest);
    server.expect(201, "POST", "/v1/events?wait=sealed", event.replace('\'', '"'));
  }

  private static String user(String id) {
    return "'targets':[{'type':'user','id':'" + id + "','name':'Name of " + id + "'}]";
  }

  private static String actor(String id) {
    return "{'type':'user','id':'" + id + "'}";
  }

  private JsonNode review(String query) throws Exception {
    return server.get("/v1/tenants/" + tenant + "/access-review" + query).path("review");
  }

  private static List<String> grants(JsonNode review, String realm) {
    List<String> grants = new ArrayList<>();
    for (JsonNode person : review.path("people")) {
      for (JsonNode grant : person.path("grants")) {
        if (person.path("realm").asString().equals(realm)) {
          grants.add(
              person.path("id").asString()
                  + " "
                  + grant.path("kind").asString()
                  + " "
                  + grant.path("what").asString());
        }
      }
    }
    return grants;
  }

  private void anaJoinsAndBoLeaves() throws Exception {
    send("user.created", user("u_ana"));
    send("user.created", user("u_bo"));
    send("user.role_changed", user("u_ana") + ",'changes':[{'field':'role','after':'admin'}]");
    send("role.assigned", "'targets':[{'type':'user','id':'u_bo'},{'type':'role','id':'agent'}]");
    send(actor("u_bo"), "api_key.created", "'targets':[{'type':'api_key','id':'k_1'}]");
    send(actor("u_bo"), "user.login", "'context':{'session_id':'s_1'}");
    server.advance(Duration.ofHours(1));
    send("role.unassigned", "'targets':[{'type':'user','id':'u_bo'},{'type':'role','id':'agent'}]");
    send("user.deactivated", user("u_bo"));
  }

  @Test
  void everybodyWhoHasSomethingIsListedWithTheEntryThatGaveIt() throws Exception {
    anaJoinsAndBoLeaves();
    JsonNode review = review("");
    assertThat(grants(review, "product"))
        .containsExactly("u_ana sign_in sign-in", "u_ana role admin", "u_bo key k_1");
    JsonNode ana = review.path("people").get(0);
    assertThat(ana.path("name").asString()).isEqualTo("Name of u_ana");
    JsonNode role = ana.path("grants").get(1);
    JsonNode entry =
        server.get("/v1/tenants/" + tenant + "/events/" + role.path("entry").asString());
    assertThat(entry.path("action").asString()).isEqualTo("user.role_changed");
    assertThat(role.path("granted_by").asString()).isEqualTo("user/u_admin");
    assertThat(review.path("completeness").path("complete").asBoolean()).isTrue();
    JsonNode left = review.path("leavers").get(0);
    assertThat(left.path("id").asString()).isEqualTo("u_bo");
    assertThat(left.path("grants")).hasSize(2);
    assertThat(left.has("hours")).isFalse();
    server.newest(tenant, "action:audit.searched reads:log");
  }

  @Test
  void membersOfTheLogAreReviewedToo() throws Exception {
    AccessCalls operator = AccessCalls.operator(server);
    operator
        .post(
            "/v1/tenants/" + tenant + "/members",
            "{'id':'m_1','name':'Mo','assignments':[{'permission_set':'audit_viewer'}]}")
        .expect(201);
    Eventually.see(
        "a review of the members",
        () -> grants(review(""), "log"),
        found ->
            found.contains("m_1 sign_in read the log")
                && found.contains("m_1 permission_set permission_set=audit_viewer"));
  }

  @Test
  void asOfADateAndSinceAnother() throws Exception {
    send("user.created", user("u_ana"));
    Instant before = server.now();
    server.advance(Duration.ofHours(2));
    send("user.created", user("u_bo"));
    assertThat(grants(review("?as_of=" + before), "product")).hasSize(1);
    JsonNode changed = review("?since=" + before).path("differences");
    assertThat(changed.path("people_added").get(0).asString()).isEqualTo("product/user/u_bo");
    assertThat(changed.path("grants_added")).hasSize(1);
    assertThat(
            server
                .call(
                    "GET",
                    "/v1/tenants/%s/access-review?since=%s&as_of=%s"
                        .formatted(tenant, server.now(), before),
                    "")
                .code())
        .isEqualTo("invalid_parameter");
  }

  @Test
  void theOffboardingCheckShowsTheLeftoverKey() throws Exception {
    anaJoinsAndBoLeaves();
    String path = "/v1/tenants/" + tenant + "/offboarding?person=";
    JsonNode check = server.get(path + "u_bo");
    assertThat(check.path("done").asBoolean()).isFalse();
    assertThat(states(check)).containsExactly("done", "done", "missing", "missing");
    JsonNode key = check.path("steps").get(2).path("remaining").get(0);
    assertThat(key.path("what").asString()).isEqualTo("k_1");
    send("api_key.revoked", "'targets':[{'type':'api_key','id':'k_1'}]");
    send("session.revoked", "'targets':[{'type':'session','id':'s_1'}]");
    JsonNode done = server.get(path + encoded("product/user/u_bo"));
    assertThat(states(done)).containsOnly("done");
    assertThat(done.path("done").asBoolean()).isTrue();
    assertThat(done.path("left").has("hours")).isTrue();
    assertThat(server.call("GET", path + "nobody", "").status()).isEqualTo(404);
    assertThat(server.call("GET", path, "").code()).isEqualTo("invalid_parameter");
  }

  private static List<String> states(JsonNode check) {
    return check.path("steps").valueStream().map(step -> step.path("state").asString()).toList();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Test
  void whoeverSeesAPartReviewsThatPartAndNamesArePersonal() throws Exception {
    AccessCalls operator = AccessCalls.operator(server);
    operator.post("/v1/tenants/" + tenant + "/accounts", "{'id':'eu'}").expect(201);
    send("user.created", user("u_ana") + ",'account':'eu'");
    send("user.created", user("u_bo"));
    AccessCalls plain = operator.key(tenant, "'audit.view'");
    JsonNode whole =
        plain.get("/v1/tenants/" + tenant + "/access-review").expect(200).json().path("review");
    assertThat(grants(whole, "product")).hasSize(2);
    assertThat(whole.path("people").get(0).has("name")).isFalse();
    plain.call("GET", "/v1/tenants/" + tenant + "/access-review/file", "").expect(403);
    operator
        .post(
            "/v1/tenants/" + tenant + "/members",
            "{'id':'m','assignments':[{'role':'account_admin','accounts':['eu']}]}")
        .expect(201);
    AccessCalls part = operator.signedIn("{'tenant':'" + tenant + "','user':{'id':'m'}}");
    JsonNode ours =
        part.get("/v1/tenants/" + tenant + "/access-review").expect(200).json().path("review");
    assertThat(grants(ours, "product")).containsExactly("u_ana sign_in sign-in");
    assertThat(grants(ours, "log")).isEmpty();
    assertThat(ours.path("accounts").get(0).asString()).isEqualTo("eu");
    part.get("/v1/tenants/" + tenant + "/offboarding?person=u_bo").expect(404);
  }

  @Test
  void theFileIsVerifiedWithAnExportAlsoWhenAnotherReviewIsMade() throws Exception {
    anaJoinsAndBoLeaves();
    byte[] review = file("");
    send("user.created", user("u_later"));
    assertThat(breaking(review)).isEmpty();
    String left = new String(review, StandardCharsets.UTF_8).replace("u_ana", "u_eve");
    assertThat(breaking(left.getBytes(StandardCharsets.UTF_8)))
        .anyMatch(finding -> finding instanceof Finding.LeftOut)
        .anyMatch(finding -> finding instanceof Finding.MadeUp);
    server.newest(tenant, "action:audit.exported");
  }

  private byte[] file(String query) throws Exception {
    return server.bytes("/v1/tenants/" + tenant + "/access-review/file" + query);
  }

  private List<Finding> breaking(byte[] review) throws Exception {
    byte[] export = server.bytes("/v1/tenants/" + tenant + "/log/entries?header=true");
    return AccessReviewVerifier.of(review)
        .verify(new ByteArrayInputStream(export), Trust.NOTHING, _ -> {})
        .findings()
        .stream()
        .filter(Finding::breaks)
        .toList();
  }

  @Test
  void retentionDoesNotEndAReview() throws Exception {
    anaJoinsAndBoLeaves();
    JsonNode before = review("");
    server.advance(Duration.ofDays(500));
    send("user.login", user("u_ana"));
    String purge = "/v1/tenants/" + tenant + "/retention/purge";
    assertThat(server.expect(200, "POST", purge, "{\"reason\":\"due\"}").path("entries").asLong())
        .isGreaterThan(7);
    JsonNode after = review("");
    for (String list : List.of("people", "leavers")) {
      // Names were in what is gone.
      assertThat(after.path(list).valueStream().map(one -> one.path("grants")).toList())
          .isEqualTo(before.path(list).valueStream().map(one -> one.path("grants")).toList());
    }
    assertThat(grants(after, "product")).isEqualTo(grants(before, "product"));
    JsonNode completeness = after.path("completeness");
    assertThat(completeness.path("complete").asBoolean()).isTrue();
    assertThat(completeness.path("since_seq").asLong()).isZero();
    assertThat(completeness.path("carried").asLong())
        .isEqualTo(completeness.path("purged").asLong())
        .isPositive();
    assertThat(breaking(file(""))).isEmpty();
    JsonNode entry = server.newest(tenant, "action:audit.access.snapshot");
    assertThat(entry.path("security_relevant").asBoolean()).isTrue();
  }

  @Test
  void aProducerStatesWhoHasWhat() throws Exception {
    send("user.role_changed", user("u_old") + ",'changes':[{'field':'role','after':'admin'}]");
    send(
        "access.snapshot",
        user("u_ana")
            + ",'details':{'snapshot':'s1','part':1,'parts':1,"
            + "'grants':[{'kind':'role','what':'owner'}]}");
    assertThat(grants(review(""), "product")).containsExactly("u_ana role owner");
    server.expect(
        422,
        "POST",
        "/v1/events",
        "{\"tenant\":\"%s\",\"action\":\"access.snapshot\",\"actor\":{\"type\":\"system\"},\"details\":{}}"
            .formatted(tenant));
  }

  @Test
  void theTableHasEverybodyAndKeepsWhatSpreadsheetsWouldCompute() throws Exception {
    anaJoinsAndBoLeaves();
    send("user.role_changed", user("u_ana") + ",'changes':[{'field':'role','after':'=1+1, x'}]");
    String path = "/v1/tenants/" + tenant + "/access-review/file?reason=r&format=csv";
    String table = new String(server.bytes(path), StandardCharsets.UTF_8);
    List<String> rows = table.lines().toList();
    assertThat(rows.getFirst()).startsWith("list,realm,type,id,name,open_sessions,kind,what");
    assertThat(table)
        .contains("person,product,user,u_ana,Name of u_ana,0,sign_in,sign-in")
        .contains(",role,\"'=1+1, x\",")
        .contains("leaver,product,user,u_bo,Name of u_bo,1,key,k_1");
    JsonNode review = review("");
    long grants = 0;
    for (String list : List.of("people", "leavers")) {
      for (JsonNode one : review.path(list)) {
        grants += Math.max(1, one.path("grants").size());
      }
    }
    assertThat(rows).hasSize((int) grants + 1);
    AccessCalls plain = AccessCalls.operator(server).key(tenant, "'audit.view','audit.export'");
    assertThat(new String(plain.bytes(path), StandardCharsets.UTF_8)).doesNotContain("Name of");
    AccessCalls.operator(server).call("GET", path.replace("csv", "xml"), "").expect(400);
  }

  @Test
  void sinceTheLastReviewNeedsNoDate() throws Exception {
    send("user.created", user("u_ana"));
    assertThat(review("?since=last").has("differences")).isFalse();
    AccessCalls operator = AccessCalls.operator(server);
    String reviews = "/v1/tenants/" + tenant + "/reviews";
    String id =
        operator
            .post(
                reviews,
                "{'name':'Access','what':'access','other_than_granter':false,'reviewer':'Ana','answerable':'Bo','every':'P3M','due':'%s'}"
                    .formatted(server.now()))
            .expect(201)
            .json()
            .path("id")
            .asString();
    long seen = operator.get(reviews + "/" + id).json().path("unseen").path("to_seq").asLong();
    operator.post(reviews + "/" + id + "/sign-off", "{'to_seq':" + seen + "}").expect(200);
    server.advance(Duration.ofHours(1));
    send("user.created", user("u_bo"));
    JsonNode differences = review("?since=last").path("differences");
    assertThat(differences.path("people_added").toString())
        .contains("u_bo")
        .doesNotContain("u_ana");
  }

  @Test
  void aClearIdFindsWhomTheLogHasAsAHash() throws Exception {
    tenant = server.newTenant("kimondesk");
    String self = "{'type':'user','id':'u_bo','name':'Bo'}";
    send("user.created", user("u_bo") + ",'changes':[{'field':'role','after':'agent'}]");
    send(self, "user.login", "'context':{'session_id':'s_1'}");
    JsonNode check = server.get("/v1/tenants/" + tenant + "/offboarding?person=u_bo");
    assertThat(check.path("steps").toString()).contains("sign-in", "agent", "s_1");
    JsonNode story = server.get("/v1/tenants/" + tenant + "/story?person=u_bo");
    assertThat(story.path("entries").asInt()).isEqualTo(2);
    AccessCalls plain = AccessCalls.operator(server).key(tenant, "'audit.view'");
    plain.call("GET", "/v1/tenants/" + tenant + "/offboarding?person=u_bo", "").expect(404);
  }
}
