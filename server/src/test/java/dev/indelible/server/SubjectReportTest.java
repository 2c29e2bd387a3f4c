package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tests reports about a person, over real HTTP. */
class SubjectReportTest {

  @TempDir static Path directory;
  private static GovernedServer server;
  private String acme;
  private String desk;
  private String reports;
  private String ana;
  private Instant begun;
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
  void recordWhatConcernsAna() throws Exception {
    acme = server.newTenant("standard");
    desk = server.newTenant("kimondesk");
    reports = "/v1/tenants/" + acme + "/subject-reports";
    ana = "{'identifiers':['u_ana','ANA@" + acme + ".test'],'reason':'ticket 4711'}";
    operator = AccessCalls.operator(server);
    begun = server.now();
    send(
        "{'id':'in','account':'eu','action':'user.login','actor':{'type':'user','id':'u_ana','name':'Ana Lima','email':'ana@"
            + acme
            + ".test'},'context':{'ip':'203.0.113.7','location':{'country':'PT','city':'Lisbon'}}}");
    server.advance(Duration.ofHours(1));
    send(
        "{'id':'role','account':'us','action':'user.role_changed','actor':{'type':'user','id':'u_bo','name':'Bo'},'targets':[{'type':'user','id':'u_ana','name':'Ana Lima'}],'changes':[{'field':'email','before':'a@x.test','after':'b@x.test'}]}");
    send(
        "{'id':'for','account':'eu','action':'user.login','actor':{'type':'support','id':'s_1','on_behalf_of':{'type':'user','id':'u_ana'}}}");
    send("{'id':'bo','action':'user.login','actor':{'type':'user','id':'u_bo','name':'Bo'}}");
    send("{'id':'anas','action':'user.login','actor':{'type':'user','id':'u_anastasia'}}");
  }

  private void send(String event) throws Exception {
    operator.post("/v1/events", event.replaceFirst("\\{", "{'tenant':'" + acme + "',")).expect(201);
  }

  private static List<String> counts(JsonNode list) {
    List<String> counts = new ArrayList<>();
    list.forEach(
        count -> {
          List<String> values = new ArrayList<>();
          count.forEach(value -> values.add(value.asString()));
          counts.add(String.join(" ", values));
        });
    return counts;
  }

  @Test
  void itCountsWhatThePersonDidAndWhatWasDoneToThem() throws Exception {
    JsonNode report = operator.post(reports, ana).expect(200).json();
    assertThat(report.path("entries").asInt()).isEqualTo(3);
    assertThat(report.path("as_actor").asInt()).isEqualTo(2);
    assertThat(report.path("as_target").asInt()).isEqualTo(1);
    assertThat(report.path("as_searched").asInt()).isZero();
    assertThat(report.path("first").asString()).isEqualTo(begun.toString().replace("Z", ".000Z"));
    assertThat(report.path("last").asString())
        .isEqualTo(begun.plus(Duration.ofHours(1)).toString().replace("Z", ".000Z"));
    assertThat(counts(report.path("actions")))
        .containsExactly("user.login 2", "user.role_changed 1");
    assertThat(counts(report.path("categories")))
        .containsExactly("authentication 2", "permission_changes 1");
    assertThat(counts(report.path("accounts"))).containsExactly("eu 2", "us 1");
    assertThat(report.path("personal").path("entries").asInt()).isEqualTo(2);
    assertThat(counts(report.path("personal").path("fields")))
        .containsExactly(
            "actor.name 2",
            "actor.email 1",
            "changes.email 1",
            "context.ip 1",
            "context.location 1",
            "targets.name 1");
    assertThat(report.path("complete").asBoolean()).isTrue();
    assertThat(report.toString())
        .as("names of fields, no values")
        .doesNotContain("Lima", "203.0.113", "Lisbon", "b@x.test");
    assertThat(server.find(acme, report.path("query").asString(), 3))
        .containsExactlyInAnyOrder("in", "role", "for");
  }

  @Test
  void itSaysWhatHoldsKeepWhatIsErasedAndWhatIsAskedFor() throws Exception {
    operator
        .post(
            "/v1/tenants/" + acme + "/holds",
            "{'name':'matter 9','query':'action:user.login','reason':'r'}")
        .expect(201);
    String erasure =
        operator
            .post(
                "/v1/tenants/" + acme + "/erasures",
                "{'identifiers':['u_ana'],'reason':'ticket 9'}")
            .expect(201)
            .json()
            .path("id")
            .asString();
    operator
        .post("/v1/tenants/" + acme + "/erasures/" + erasure + "/approve", "{'reason':'checked'}")
        .expect(202);
    JsonNode report = operator.post(reports, ana).expect(200).json();
    assertThat(report.path("entries").asInt()).isEqualTo(3);
    assertThat(report.path("personal").path("entries").asInt()).isEqualTo(1);
    assertThat(report.path("personal").path("erased").asInt()).isEqualTo(1);
    assertThat(report.path("personal").path("held").asInt()).isEqualTo(1);
    assertThat(report.path("holds").get(0).path("name").asString()).isEqualTo("matter 9");
    assertThat(report.path("held_ids").toString()).isEqualTo("[\"in\"]");
    assertThat(report.path("open_erasures").toString()).isEqualTo("[\"" + erasure + "\"]");
  }

  @Test
  void whoAskedAndWhyIsAnEntryEachTimeAndThePersonIsErasedFromIt() throws Exception {
    operator.post(reports, ana).expect(200);
    operator.post(reports, ana).expect(200);
    assertThat(server.find(acme, "action:audit.subject_report.create", 2)).hasSize(2);
    JsonNode entry = server.newest(acme, "action:audit.subject_report.create");
    assertThat(entry.path("reason").asString()).isEqualTo("ticket 4711");
    assertThat(entry.path("actor").path("roles").toString()).contains("operator");
    assertThat(entry.path("details").path("filter").asString())
        .isEqualTo("u_ana, ANA@" + acme + ".test");
    assertThat(entry.path("details").path("result_count").asInt()).isEqualTo(4);
    assertThat(operator.post(reports, ana).expect(200).json().path("as_searched").asInt())
        .isEqualTo(2);
    String erasures = "/v1/tenants/" + acme + "/erasures";
    String id =
        operator
            .post(erasures, "{'identifiers':['u_ana','ana@" + acme + ".test']}")
            .expect(201)
            .json()
            .path("id")
            .asString();
    operator.post(erasures + "/" + id + "/approve", "{'reason':'checked'}").expect(200);
    server.stop();
    assertThat(
            RawFiles.holdingAtRest(
                server.data, List.of(("ANA@" + acme + ".test").getBytes(StandardCharsets.UTF_8))))
        .isEmpty();
    server.start();
  }

  @Test
  void whereActorsAreHashedWhatIsErasedStillCounts() throws Exception {
    operator
        .post(
            "/v1/events",
            "{'tenant':'"
                + desk
                + "','id':'v1','action':'ticket.viewed','actor':{'type':'user','id':'u_ana'},'targets':[{'type':'ticket','id':'t'}]}")
        .expect(201);
    String erasures = "/v1/tenants/" + desk + "/erasures";
    String id =
        operator
            .post(erasures, "{'identifiers':['u_ana']}")
            .expect(201)
            .json()
            .path("id")
            .asString();
    operator.post(erasures + "/" + id + "/approve", "{'reason':'checked'}").expect(200);
    JsonNode report =
        operator
            .post(
                "/v1/tenants/" + desk + "/subject-reports",
                "{'identifiers':['u_ana'],'reason':'ticket 1'}")
            .expect(200)
            .json();
    assertThat(report.path("as_actor").asInt()).isEqualTo(1);
    assertThat(report.path("personal").path("erased").asInt()).isEqualTo(1);
  }

  @Test
  void itCanBePrintedNeedsAReasonAndThePermission() throws Exception {
    byte[] pdf =
        server.bytes(
            "POST", reports, ana.replaceFirst("}$", ",'format':'pdf'}").replace('\'', '"'));
    try (PDDocument document = Loader.loadPDF(pdf)) {
      assertThat(new PDFTextStripper().getText(document))
          .contains("What the audit log holds about a person")
          .contains("u_ana, ANA@" + acme + ".test")
          .contains("As target 1")
          .contains("actor.email 1")
          .doesNotContain("Lima");
    }
    assertThat(operator.post(reports, "{'identifiers':['u_ana']}").expect(422).text())
        .contains("/reason");
    operator.post(reports, "{'identifiers':[],'reason':'r'}").expect(422);
    operator.key(acme, "'audit.view','audit.export'").post(reports, ana).expect(403);
    operator.key(desk, "'erasures.manage'").post(reports, ana).expect(404);
    assertThat(operator.key(acme, "'erasures.manage'").post(reports, ana).expect(403).code())
        .isEqualTo("personal_withheld");
    operator.key(acme, "'erasures.manage','audit.view_personal'").post(reports, ana).expect(200);
  }
}
