package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.control.SavedView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Saved views, over real HTTP. */
class SavedViewTest {

  @TempDir static Path directory;
  private static GovernedServer server;
  private String acme;
  private String views;
  private AccessCalls operator;
  private AccessCalls owner;
  private AccessCalls reader;

  @BeforeAll
  static void start() throws Exception {
    server = new GovernedServer(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void signIn() throws Exception {
    acme = server.newTenant("standard");
    views = "/v1/tenants/" + acme + "/views";
    operator = AccessCalls.operator(server);
    owner = operator.signedIn("{'tenant':'" + acme + "','user':{'id':'olga'},'roles':['owner']}");
    reader = viewer("ria");
  }

  private AccessCalls viewer(String id) throws Exception {
    return operator.viewer(acme, "{'user':{'id':'" + id + "'},'permissions':['audit.view']}");
  }

  private List<String> names(AccessCalls caller) throws Exception {
    return caller
        .get(views)
        .expect(200)
        .json()
        .path("views")
        .valueStream()
        .map(view -> view.path("name").asString())
        .toList();
  }

  private static String id(AccessCalls.Answer answer) {
    return answer.expect(201).json().path("id").asString();
  }

  @Test
  void aPersonalViewIsThatPersonsInEverySessionAndNobodyElses() throws Exception {
    JsonNode made =
        reader
            .post(
                views,
                "{'name':'Mine','q':'verb:login','time':'P7D','columns':['ip'],'zone':'Europe/Berlin'}")
            .expect(201)
            .json();
    assertThat(made.path("shared").booleanValue()).isFalse();
    assertThat(made.path("q").asString()).isEqualTo("verb:login");
    assertThat(made.path("zone").asString()).isEqualTo("Europe/Berlin");
    assertThat(names(reader)).containsExactly("Mine");
    assertThat(names(viewer("ria"))).containsExactly("Mine");
    assertThat(names(viewer("rob"))).isEmpty();
    assertThat(names(owner)).isEmpty();
    assertThat(names(operator)).isEmpty();
    String path = views + "/" + made.path("id").asString();
    owner.delete(path).expect(404);
    owner.call("PUT", path, "{\"name\":\"x\"}").expect(404);
    reader.delete(path).expect(204);
    assertThat(names(reader)).isEmpty();
    assertThat(server.findSettled(acme, "action:audit.saved_view.*")).isEmpty();
  }

  @Test
  void aViewOfEverythingIsTakenBackAsItWasGiven() throws Exception {
    String id = id(reader.post(views, "{'name':'All','q':'','columns':['ip']}"));
    JsonNode made = reader.get(views).expect(200).json().path("views").get(0);
    assertThat(made.path("q").asString()).isEmpty();
    reader.call("PUT", views + "/" + id, "{\"name\":\"Everything\",\"q\":\"\"}").expect(200);
    assertThat(names(reader)).containsExactly("Everything");
  }

  @Test
  void aSharedViewNeedsPermissionAndEachChangeOfItIsAnEntry() throws Exception {
    reader.post(views, "{'name':'Ours','shared':true}").expect(403);
    String id = id(owner.post(views, "{'name':'Ours','shared':true,'q':'outcome:failure'}"));
    assertThat(names(reader)).containsExactly("Ours");
    reader.delete(views + "/" + id).expect(403);
    reader.call("PUT", views + "/" + id, "{\"name\":\"x\",\"shared\":true}").expect(403);
    owner
        .call(
            "PUT",
            views + "/" + id,
            "{\"name\":\"Failures\",\"shared\":true,\"q\":\"outcome:failure\"}")
        .expect(200);
    owner.call("PUT", views + "/" + id, "{\"name\":\"Failures\"}").expect(409);
    JsonNode renamed = server.newest(acme, "action:audit.saved_view.update");
    assertThat(renamed.path("actor").path("id").asString()).isEqualTo("olga");
    assertThat(renamed.path("changes").get(0).path("before").asString()).isEqualTo("Ours");
    assertThat(renamed.path("changes").get(0).path("after").asString()).isEqualTo("Failures");
    owner.delete(views + "/" + id).expect(204);
    assertThat(server.find(acme, "action:audit.saved_view.*", 3)).hasSize(3);
    assertThat(names(reader)).isEmpty();
  }

  @Test
  void aSharedViewThatAsksForWhatIsPersonalIsShownToThoseAloneWhoMayAsk() throws Exception {
    id(owner.post(views, "{'name':'Zelda','shared':true,'q':'zelda@q.test'}"));
    id(owner.post(views, "{'name':'Near','shared':true,'q':'-ip:203.0.113.0/24'}"));
    id(owner.post(views, "{'name':'Logins','shared':true,'q':'verb:login'}"));
    assertThat(names(owner)).containsExactlyInAnyOrder("Zelda", "Near", "Logins");
    assertThat(names(reader)).containsExactly("Logins");
    // Where actors are hashed, their clear ids are personal too.
    server.tenant("desk", "kimondesk");
    String desk = "/v1/tenants/desk/views";
    operator.post(desk, "{'name':'Seven','shared':true,'q':'actor:u_7'}").expect(201);
    AccessCalls key = operator.key("desk", "'audit.view'");
    assertThat(key.get(desk).expect(200).json().path("views")).isEmpty();
    assertThat(operator.get(desk).expect(200).json().path("views")).hasSize(1);
  }

  @Test
  void viewsOutliveTheServer() throws Exception {
    id(reader.post(views, "{'name':'Mine','from':'2026-01-01T00:00:00Z'}"));
    String gone = id(reader.post(views, "{'name':'Gone'}"));
    id(owner.post(views, "{'name':'Ours','shared':true}"));
    reader.delete(views + "/" + gone).expect(204);
    server.stop();
    server.start();
    assertThat(
            names(
                AccessCalls.operator(server)
                    .viewer(acme, "{'user':{'id':'ria'},'permissions':['audit.view']}")))
        .containsExactly("Mine", "Ours");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'name':' '}",
        "{'name':'x','q':'actr:x'}",
        "{'name':'x','time':'P7X'}",
        "{'name':'x','time':'P7D','from':'2026-01-01T00:00:00Z'}",
        "{'name':'x','columns':['<b>']}",
        "{'name':'x','zone':'Mars/North'}",
        "{'name':'x','colour':'red'}"
      })
  void whatIsNoViewIsRefused(String body) throws Exception {
    assertThat(reader.post(views, body).expect(422).code()).isEqualTo("invalid");
  }

  @Test
  void onePersonHasSoManyAndChangesSoManyWithinAnHour() throws Exception {
    String last = "";
    for (int i = 0; i < SavedView.MAX_PERSONAL; i++) {
      last = id(reader.post(views, "{'name':'v" + i + "'}"));
    }
    assertThat(reader.post(views, "{'name':'more'}").expect(409).code())
        .isEqualTo("too_many_views");
    int status = 0;
    int changes = 0;
    while (status != 429 && changes < 1_000) {
      status = reader.call("PUT", views + "/" + last, "{\"name\":\"n" + changes + "\"}").status();
      changes++;
    }
    assertThat(changes).isEqualTo(101);
    id(viewer("rob").post(views, "{'name':'another person'}"));
    server.advance(Duration.ofHours(1));
    viewer("ria").call("PUT", views + "/" + last, "{\"name\":\"later\"}").expect(200);
  }

  @Test
  void aTenantSharesSoMany() throws Exception {
    for (int i = 0; i < SavedView.MAX_SHARED; i++) {
      id(owner.post(views, "{'name':'v" + i + "','shared':true}"));
    }
    server.advance(Duration.ofHours(1));
    assertThat(operator.post(views, "{'name':'more','shared':true}").expect(409).code())
        .isEqualTo("too_many_views");
  }

  @Test
  void guestsSeeWhatIsSharedAndSaveNothing() throws Exception {
    id(owner.post(views, "{'name':'Ours','shared':true}"));
    String url =
        operator
            .post(
                "/v1/tenants/" + acme + "/auditor-links",
                "{'user':{'id':'aud','name':'Audrey'},'permissions':['audit.view'],'reason':'audit'}")
            .expect(201)
            .json()
            .path("url")
            .asString();
    AccessCalls auditor =
        AccessCalls.nobody(server)
            .browser(
                AccessCalls.nobody(server)
                    .post("/v1/session", "{'code':'" + url.substring(url.indexOf('#') + 1) + "'}")
                    .expect(201)
                    .cookie());
    assertThat(names(auditor)).containsExactly("Ours");
    auditor.post(views, "{'name':'x'}").expect(403);
  }
}
