package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.AccessCalls.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Signing in, cookies and tokens, over real HTTP; and attempts to get in otherwise. */
class SessionTest {

  private static final String OPERATOR_LINK = "{'user':{'id':'op','name':'Olga'}}";

  @TempDir static Path directory;
  private static GovernedServer server;
  private String acme;
  private String other;
  private String anaAdmin;
  private AccessCalls operator;
  private AccessCalls nobody;

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
    anaAdmin =
        "{'tenant':'"
            + acme
            + "','user':{'id':'u_7','name':'Ana','email':'ana@acme.test'},'roles':['admin']}";
    operator = AccessCalls.operator(server);
    nobody = AccessCalls.nobody(server);
  }

  @Test
  void aSignInLinkWorksOnceAndShortly() throws Exception {
    String code = operator.code(OPERATOR_LINK);
    assertThat(code).startsWith("il_");
    Answer first = nobody.post("/v1/session", "{'code':'" + code + "'}").expect(201);
    assertThat(first.header("Set-Cookie"))
        .contains("; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200")
        .doesNotContain("Secure");
    assertThat(first.json().path("kind").asString()).isEqualTo("operator");
    assertThat(first.json().path("name").asString()).isEqualTo("Olga");
    assertThat(values(first.json().path("tenants"), "id")).contains(acme, other);
    assertThat(nobody.post("/v1/session", "{'code':'" + code + "'}").expect(401).code())
        .isEqualTo("invalid_code");
    String late = operator.code(OPERATOR_LINK);
    server.advance(Duration.ofMinutes(15));
    nobody.post("/v1/session", "{'code':'" + late + "'}").expect(401);
    String cookie = first.cookie();
    assertThat(nobody.browser(cookie).get("/v1/session").expect(200).json().path("name").asString())
        .isEqualTo("Olga");
    nobody.browser(cookie).delete("/v1/session").expect(204);
    nobody.browser(cookie).get("/v1/session").expect(401);
  }

  private static List<String> values(JsonNode list, String member) {
    return list.valueStream().map(value -> value.path(member).asString()).toList();
  }

  @Test
  void ofManyWhoRedeemALinkAtOnceOneGetsIn() throws Exception {
    String code = operator.code(OPERATOR_LINK);
    List<CompletableFuture<Integer>> all =
        IntStream.range(0, 24)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          try {
                            return nobody.post("/v1/session", "{'code':'" + code + "'}").status();
                          } catch (Exception e) {
                            throw new IllegalStateException(e);
                          }
                        }))
            .toList();
    assertThat(all.stream().map(CompletableFuture::join).filter(status -> status == 201))
        .hasSize(1);
  }

  @Test
  void whatWasDecidedOutlivesARestart() throws Exception {
    String used = operator.code(OPERATOR_LINK);
    String cookie = nobody.post("/v1/session", "{'code':'" + used + "'}").expect(201).cookie();
    String gone = operator.signedIn(OPERATOR_LINK).headers().get(1).split("=", 2)[1];
    nobody.browser(gone).delete("/v1/session").expect(204);
    String unused = operator.code(OPERATOR_LINK);
    server.stop();
    server.start();
    nobody.browser(cookie).get("/v1/session").expect(200);
    nobody.browser(gone).get("/v1/session").expect(401);
    nobody.post("/v1/session", "{'code':'" + used + "'}").expect(401);
    nobody.post("/v1/session", "{'code':'" + unused + "'}").expect(201);
    server.advance(Duration.ofHours(12));
    nobody.browser(cookie).get("/v1/session").expect(401);
  }

  @Test
  void neitherSecretsNorNamesOfThoseWhoAreGoneAreInAnyFile() throws Exception {
    String code = operator.code(anaAdmin);
    Answer in = nobody.post("/v1/session", "{'code':'" + code + "'}").expect(201);
    String viewer =
        operator
            .post(
                "/v1/tenants/" + acme + "/viewer-sessions",
                "{'user':{'id':'u_8','name':'Zelda-Q'}}")
            .expect(201)
            .json()
            .path("token")
            .asString();
    server.stop(); // A file that is looked at must not vanish meanwhile.
    for (String secret : List.of(code, in.cookie(), viewer)) {
      assertThat(filesHold(secret.substring(16))).as(secret).isFalse();
    }
    assertThat(filesHold("Zelda-Q")).isTrue();
    server.start();
    server.advance(Duration.ofHours(13));
    operator.code(OPERATOR_LINK);
    server.stop();
    assertThat(filesHold("Zelda-Q")).isFalse();
    server.start();
  }

  private boolean filesHold(String text) throws Exception {
    try (var files = Files.walk(server.data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void aCookieIsWorthNothingOnPagesOfOtherSites() throws Exception {
    AccessCalls browser = operator.signedIn(OPERATOR_LINK);
    AccessCalls bare = nobody.with("Cookie", browser.headers().get(1));
    String host = "http://127.0.0.1:" + server.server().port();
    String body = "{'id':'made','name':'Made'}";
    for (AccessCalls foreign :
        List.of(
            bare,
            bare.with("Sec-Fetch-Site", "cross-site"),
            bare.with("Sec-Fetch-Site", "same-site"),
            bare.with("Sec-Fetch-Site", "none"),
            bare.with("Origin", "https://evil.test"),
            bare.with("Origin", "null"),
            bare.with("Origin", host + "0"),
            bare.with("Sec-Fetch-Site", "same-origin").with("Origin", "https://evil.test"))) {
      assertThat(foreign.post("/v1/tenants", body).expect(403).code())
          .as(foreign.headers().toString())
          .isEqualTo("cross_site");
    }
    for (AccessCalls foreign :
        List.of(
            bare.with("Sec-Fetch-Site", "cross-site"),
            bare.with("Sec-Fetch-Site", "same-site"),
            bare.with("Origin", "https://evil.test"))) {
      foreign.get("/v1/tenants").expect(403);
    }
    bare.get("/v1/tenants").expect(200);
    bare.with("Sec-Fetch-Site", "none").get("/v1/tenants").expect(200);
    bare.with("Origin", host).post("/v1/tenants", body).expect(201);
    browser.post("/v1/tenants", body).expect(409);
    // Nor is anybody signed in as somebody else by a page.
    String code = operator.code(OPERATOR_LINK);
    nobody
        .with("Origin", "https://evil.test")
        .post("/v1/session", "{'code':'" + code + "'}")
        .expect(403);
    nobody
        .with("Sec-Fetch-Site", "cross-site")
        .post("/v1/session", "{'code':'" + code + "'}")
        .expect(403);
  }

  @Test
  void tokensOfOneKindAreNotTakenForAnother() throws Exception {
    String code = operator.code(OPERATOR_LINK);
    String cookie = operator.signedIn(OPERATOR_LINK).headers().get(1).split("=", 2)[1];
    String viewer =
        operator.viewer(acme, "{'user':{'id':'u'}}").headers().get(1).substring("Bearer ".length());
    for (String token : List.of(code, cookie, viewer, server.key)) {
      for (String prefix : List.of("ik", "il", "is", "iv", "ig")) {
        String other = prefix + token.substring(2);
        if (!token.equals(cookie) || !other.equals(cookie)) {
          nobody.browser(other).get("/v1/session").expect(401);
        }
        boolean works = other.equals(token) && (prefix.equals("ik") || prefix.equals("iv"));
        nobody.bearer(other).get("/v1/session").expect(works ? 200 : 401);
        if (!other.equals(code)) {
          nobody.post("/v1/session", "{'code':'" + other + "'}").expect(401);
        }
      }
    }
    assertThat(
            nobody
                .with("Cookie", "indelible_session=a; indelible_session=" + cookie)
                .get("/v1/session")
                .status())
        .isEqualTo(401);
    // Browsers may send cookies in pieces.
    nobody
        .with("Cookie", "theme=dark")
        .with("Cookie", "indelible_session=" + cookie)
        .get("/v1/session")
        .expect(200);
    // A key that does not work is not made up for by a cookie that does.
    nobody.browser(cookie).bearer("ik_x").get("/v1/session").expect(401);
  }

  @Test
  void aMembersLinkGivesTheirRolesInTheirTenantAlone() throws Exception {
    AccessCalls ana = operator.signedIn(anaAdmin);
    JsonNode session = ana.get("/v1/session").expect(200).json();
    assertThat(session.path("kind").asString()).isEqualTo("member");
    assertThat(session.path("tenants").path(0).path("id").asString()).isEqualTo(acme);
    assertThat(session.path("tenants").path(0).path("permissions").toString())
        .contains("members.manage");
    ana.get("/v1/tenants/" + acme + "/events").expect(200);
    ana.get("/v1/tenants/" + other + "/events").expect(404);
    ana.post("/v1/tenants", "{'id':'mine'}").expect(403);
    ana.get("/metrics").expect(403);
    operator
        .post(
            "/v1/sign-in-links", "{'tenant':'" + acme + "','user':{'id':'u'},'roles':['emperor']}")
        .expect(422);
    operator.post("/v1/sign-in-links", "{'tenant':'" + acme + "','user':{'id':'u'}}").expect(422);
    operator
        .post(
            "/v1/sign-in-links",
            "{'tenant':'" + acme + "','user':{'id':'u'},'roles':['account_admin']}")
        .expect(422);
    AccessCalls bo =
        operator.signedIn("{'tenant':'" + acme + "','user':{'id':'u_9'},'roles':['member']}");
    bo.get("/v1/tenants/" + acme + "/events").expect(403);
    bo.get("/v1/tenants/" + other + "/events").expect(404);
    bo.post("/v1/sign-in-links", anaAdmin).expect(403);
    ana.post("/v1/sign-in-links", OPERATOR_LINK).expect(403);
    ana.post("/v1/sign-in-links", anaAdmin.replace(acme, other)).expect(404);
  }

  @Test
  void sessionsAreListedAndEndedByThoseWhoMay() throws Exception {
    AccessCalls ana = operator.signedIn(anaAdmin);
    AccessCalls bo =
        operator.signedIn("{'tenant':'" + acme + "','user':{'id':'u_9'},'roles':['member']}");
    AccessCalls stranger =
        operator.signedIn("{'tenant':'" + other + "','user':{'id':'u_1'},'roles':['admin']}");
    String bosId = bo.get("/v1/session").json().path("id").asString();
    assertThat(bo.get("/v1/sessions").expect(200).json().path("sessions")).hasSize(1);
    assertThat(ana.get("/v1/sessions").expect(200).json().path("sessions")).hasSize(2);
    assertThat(stranger.get("/v1/sessions").expect(200).json().path("sessions")).hasSize(1);
    List<String> all = new ArrayList<>();
    for (AccessCalls session : List.of(ana, bo, stranger)) {
      all.add(session.get("/v1/session").json().path("id").asString());
    }
    assertThat(values(operator.get("/v1/sessions").expect(200).json().path("sessions"), "id"))
        .containsAll(all);
    stranger.delete("/v1/sessions/" + bosId).expect(404);
    stranger.get("/v1/sessions?tenant=acme").expect(404);
    ana.delete("/v1/sessions/" + bosId).expect(204);
    bo.get("/v1/session").expect(401);
  }

  @Test
  void aViewerSessionReadsWhatItIsForAndNothingElse() throws Exception {
    server.record(acme, "e1", "user.login", "u_1", "Ana");
    server.record(acme, "e2", "user.logout", "u_2", "Bo");
    server.find(acme, "id:e1,e2", 2);
    AccessCalls key = operator.key(acme, "'events.write','events.read'");
    AccessCalls viewer =
        key.viewer(acme, "{'user':{'id':'u_7','name':'Vera'},'filter':'actor:u_1'}");
    JsonNode page = viewer.get("/v1/tenants/" + acme + "/events").expect(200).json();
    assertThat(page.path("entries")).hasSize(1);
    assertThat(page.path("entries").path(0).path("id").asString()).isEqualTo("e1");
    viewer.get("/v1/tenants/" + acme + "/events/e1").expect(200);
    viewer.get("/v1/tenants/" + acme + "/events/e2").expect(404);
    viewer.get("/v1/tenants/" + acme + "/log/entries").expect(403);
    viewer.get("/v1/tenants/" + acme + "/log/tile/0/000.p/1").expect(403);
    viewer.get("/v1/tenants/" + other + "/events").expect(404);
    viewer
        .post("/v1/events", "{'tenant':'" + acme + "','action':'x','actor':{'type':'system'}}")
        .expect(403);
    viewer.post("/v1/tenants/" + acme + "/viewer-sessions", "{'user':{'id':'u'}}").expect(403);
    assertThat(viewer.get("/v1/session").json().path("filter").asString()).isEqualTo("actor:u_1");
    server.advance(Duration.ofMinutes(15));
    viewer.get("/v1/tenants/" + acme + "/events").expect(401);
  }

  @Test
  void aViewerSessionHasNoMoreThanItsKeyAndEndsWithIt() throws Exception {
    AccessCalls key = operator.key(acme, "'audit.view'");
    key.post(
            "/v1/tenants/" + acme + "/viewer-sessions",
            "{'user':{'id':'u'},'permissions':['audit.view_personal']}")
        .expect(403);
    key.post(
            "/v1/tenants/" + acme + "/viewer-sessions",
            "{'user':{'id':'u'},'permissions':['keys.manage']}")
        .expect(422);
    key.post("/v1/tenants/" + acme + "/viewer-sessions", "{'user':{'id':'u'},'expires_in':'PT16M'}")
        .expect(422);
    key.post("/v1/tenants/" + acme + "/viewer-sessions", "{'user':{'id':'u'},'filter':'actor:('}")
        .expect(422);
    key.post("/v1/tenants/" + acme + "/viewer-sessions", "{'user':{'id':'u'},'origins':['*']}")
        .expect(422);
    operator
        .key(acme, "'events.write'")
        .post("/v1/tenants/" + acme + "/viewer-sessions", "{'user':{'id':'u'}}")
        .expect(403);
    AccessCalls first = key.viewer(acme, "{'user':{'id':'u_1'}}");
    AccessCalls second = key.viewer(acme, "{'user':{'id':'u_2'}}");
    JsonNode all = key.get("/v1/tenants/" + acme + "/viewer-sessions").expect(200).json();
    assertThat(all.path("viewer_sessions")).hasSize(2);
    String id = first.get("/v1/session").json().path("id").asString();
    operator
        .key(other, "'audit.view'")
        .delete("/v1/tenants/" + other + "/viewer-sessions/" + id)
        .expect(404);
    key.delete("/v1/tenants/" + acme + "/viewer-sessions/" + id).expect(204);
    first.get("/v1/tenants/" + acme + "/events").expect(401);
    second.get("/v1/tenants/" + acme + "/events").expect(200);
    String keyId = key.get("/v1/whoami").json().path("key_id").asString();
    operator.delete("/v1/tenants/" + acme + "/keys/" + keyId).expect(204);
    second.get("/v1/tenants/" + acme + "/events").expect(401);
  }

  @Test
  void aViewerTokenIsAnsweredOnPagesOfItsOriginsAlone() throws Exception {
    String app = "https://app.acme.test";
    String path = "/v1/tenants/" + acme + "/events";
    AccessCalls viewer = operator.viewer(acme, "{'user':{'id':'u'},'origins':['" + app + "']}");
    AccessCalls another =
        operator.viewer(other, "{'user':{'id':'u'},'origins':['https://two.test']}");
    Answer preflight =
        nobody
            .with("Origin", app)
            .with("Access-Control-Request-Method", "GET")
            .with("Access-Control-Request-Headers", "authorization")
            .call("OPTIONS", path, "")
            .expect(204);
    assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo(app);
    assertThat(preflight.header("Access-Control-Allow-Headers")).contains("Authorization");
    assertThat(preflight.header("Access-Control-Allow-Credentials")).isEmpty();
    Answer read = viewer.with("Origin", app).get(path).expect(200);
    assertThat(read.header("Access-Control-Allow-Origin")).isEqualTo(app);
    assertThat(read.header("Vary")).contains("Origin");
    viewer.with("Origin", "https://two.test").get(path).expect(401);
    another.with("Origin", app).get("/v1/tenants/" + other + "/events").expect(401);
    viewer.with("Origin", "https://evil.test").get(path).expect(401);
    assertThat(
            nobody
                .with("Origin", "https://evil.test")
                .with("Access-Control-Request-Method", "GET")
                .call("OPTIONS", path, "")
                .header("Access-Control-Allow-Origin"))
        .isEmpty();
    viewer.get(path).expect(200);
    // An expired token's refusal can be read by the page, which then asks for another one.
    server.advance(Duration.ofMinutes(16));
    assertThat(
            viewer.with("Origin", app).get(path).expect(401).header("Access-Control-Allow-Origin"))
        .isEqualTo(app);
  }

  @Test
  void thePageHasNoInlineScriptAndAsksNobodyElse() throws Exception {
    Answer page = nobody.get("/sign-in").expect(200);
    assertThat(page.header("Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'");
    assertThat(page.text()).doesNotContain("http:", "https:", "style=", "<style", "<script>");
    nobody.get("/assets/other.js").expect(404);
  }

  @Test
  void profilesAreShownToWhoeverIsKnown() throws Exception {
    nobody.get("/v1/profiles").expect(401);
    AccessCalls key = operator.key(acme, "'events.write'");
    JsonNode all = key.get("/v1/profiles").expect(200).json().path("profiles");
    assertThat(all).hasSize(6);
    for (JsonNode head : all) {
      JsonNode profile = key.get("/v1/profiles/" + head.path("id").asString()).expect(200).json();
      assertThat(profile.path("actions").size()).isGreaterThan(20);
      assertThat(profile.path("viewer").path("default").asString())
          .isIn("newest_100", "last_7_days");
      for (JsonNode action : profile.path("actions")) {
        assertThat(action.path("sentence").path("en").asString()).isNotEmpty();
      }
    }
    assertThat(key.get("/v1/profiles/msp").json().path("viewer").path("default").asString())
        .isEqualTo("last_7_days");
    key.get("/v1/profiles/none").expect(404);
    JsonNode own = key.get("/v1/tenants/" + acme + "/profile").expect(200).json();
    assertThat(own.path("id").asString()).isEqualTo("standard");
    key.get("/v1/tenants/" + other + "/profile").expect(404);
  }

  @Test
  void aKeySignsInAndIsOutWhenItIsRevoked() throws Exception {
    String secret =
        operator
            .post("/v1/tenants/" + acme + "/keys", "{'name':'mine','scopes':['events.read']}")
            .expect(201)
            .json()
            .path("secret")
            .asString();
    Answer in = nobody.post("/v1/session", "{'key':'" + secret + "'}").expect(201);
    assertThat(in.json().path("kind").asString()).isEqualTo("key");
    AccessCalls browser = nobody.browser(in.cookie());
    browser.get("/v1/tenants/" + acme + "/events").expect(200);
    operator.delete("/v1/tenants/" + acme + "/keys/" + secret.split("_", 3)[1]).expect(204);
    browser.get("/v1/tenants/" + acme + "/events").expect(401);
    nobody.post("/v1/session", "{'key':'" + secret + "'}").expect(401);
    nobody.post("/v1/session", "{}").expect(422);
  }
}
