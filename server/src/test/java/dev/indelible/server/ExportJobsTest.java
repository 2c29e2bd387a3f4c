package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.EntryCsv;
import dev.indelible.testing.Eventually;
import dev.indelible.verify.audit.AuditReport;
import dev.indelible.verify.audit.ExportVerifier;
import dev.indelible.verify.audit.Trust;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Exports as jobs, over real HTTP. */
class ExportJobsTest {

  @TempDir static Path directory;
  private static GovernedServer server;
  private String acme;
  private String exports;
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
  void makeTenant() throws Exception {
    acme = server.newTenant("standard");
    exports = "/v1/tenants/" + acme + "/exports";
    operator = AccessCalls.operator(server);
  }

  private void record(int from, int to) throws Exception {
    operator
        .post(
            "/v1/events",
            IntStream.range(from, to)
                .mapToObj(
                    i ->
                        "{'tenant':'%s','account':'%s','id':'e%d','action':'a.b','actor':{'type':'user','id':'u%d','name':'Una %d'}}"
                            .formatted(acme, i % 2 == 0 ? "eu" : "us", i, i % 3, i % 3))
                .collect(Collectors.joining(",", "[", "]")))
        .expect(201);
    assertThat(server.find(acme, "id:e" + (to - 1), 1)).hasSize(1);
  }

  private JsonNode begin(AccessCalls caller, String body) throws Exception {
    return caller.post(exports, body).expect(202).json();
  }

  private JsonNode ended(AccessCalls caller, String id) {
    return Eventually.see(
        "the end of " + id,
        () -> caller.get(exports + "/" + id).expect(200).json(),
        job -> !List.of("waiting", "running").contains(job.path("state").asString()));
  }

  private JsonNode done(AccessCalls caller, String body) throws Exception {
    JsonNode job = ended(caller, begin(caller, body).path("id").asString());
    assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("done");
    return job;
  }

  private AccessCalls.Answer file(AccessCalls caller, JsonNode job) throws Exception {
    return caller.call("GET", exports + "/" + job.path("id").asString() + "/file", "");
  }

  /** Report of whoever has the file alone. */
  private static AuditReport verified(byte[] file) throws Exception {
    return ExportVerifier.verify(new ByteArrayInputStream(file), Trust.NOTHING, _ -> {});
  }

  private static List<String> ids(String csv) {
    return csv.lines().skip(1).map(line -> line.substring(0, line.indexOf(','))).toList();
  }

  @Test
  void aTableHasWhatTheQueryFindsOnceInTheOrderOfRecording() throws Exception {
    record(0, 30);
    JsonNode job = done(operator, "{'format':'csv','query':'actor:u1','reason':'r'}");
    AccessCalls.Answer answer = file(operator, job).expect(200);
    assertThat(answer.text()).startsWith(String.join(",", EntryCsv.COLUMNS) + "\r\n");
    assertThat(ids(answer.text()))
        .containsExactly("e1", "e4", "e7", "e10", "e13", "e16", "e19", "e22", "e25", "e28");
    assertThat(job.path("estimate").asInt()).isEqualTo(10);
    assertThat(job.path("counts").path("entries").asInt()).isEqualTo(10);
    assertThat(job.path("file").path("sha256").asString())
        .isEqualTo(answer.header("ETag").replace("\"", ""));
    assertThat(job.path("file").path("bytes").asInt())
        .isEqualTo(answer.text().getBytes(StandardCharsets.UTF_8).length);
    assertThat(answer.header("Content-Disposition")).contains(acme + "-");
  }

  @Test
  void chosenColumnsAreTheFileAndTheOthersStandInTheManifest() throws Exception {
    record(0, 2);
    JsonNode job =
        done(operator, "{'format':'csv','query':'action:a.b','columns':['action','id']}");
    assertThat(file(operator, job).text()).isEqualTo("id,action\r\ne0,a.b\r\ne1,a.b\r\n");
    JsonNode manifest =
        operator.get(exports + "/" + job.path("id").asString() + "/manifest").expect(200).json();
    assertThat(manifest.path("left_out").size()).isEqualTo(EntryCsv.COLUMNS.size() - 2);
    assertThat(manifest.path("checkpoint").asString()).contains("/t/");
    assertThat(manifest.path("scope").path("personal").asString()).isEqualTo("included");
  }

  @Test
  void jsonIsOneArray() throws Exception {
    record(0, 3);
    JsonNode job = done(operator, "{'format':'json','query':'action:a.b'}");
    JsonNode array = JsonMapper.shared().readTree(file(operator, job).text());
    assertThat(array.valueStream().map(entry -> entry.path("id").asString()))
        .containsExactly("e0", "e1", "e2");
    JsonNode none = done(operator, "{'format':'json','query':'action:no.such'}");
    assertThat(JsonMapper.shared().readTree(file(operator, none).text()).isEmpty()).isTrue();
  }

  @Test
  void theSameIdBeginsNothingTwice() throws Exception {
    record(0, 3);
    begin(operator, "{'format':'csv','id':'once'}");
    begin(operator, "{'format':'csv','id':'once'}");
    assertThat(ended(operator, "once").path("state").asString()).isEqualTo("done");
    JsonNode list = operator.get(exports).expect(200).json();
    assertThat(list.path("exports").size()).isEqualTo(1);
    assertThat(server.find(acme, "action:audit.export.started", 1)).hasSize(1);
  }

  @Test
  void aDownloadGoesOnWhereItBrokeOff() throws Exception {
    record(0, 5);
    JsonNode job = done(operator, "{'format':'csv','query':'action:a.b','columns':['id']}");
    String whole = file(operator, job).expect(200).text();
    AccessCalls.Answer part = file(operator.with("Range", "bytes=4-7"), job).expect(206);
    assertThat(part.text()).isEqualTo(whole.substring(4, 8));
    assertThat(part.header("Content-Range")).isEqualTo("bytes 4-7/" + whole.length());
    assertThat(file(operator.with("Range", "bytes=-4"), job).expect(206).text())
        .isEqualTo(whole.substring(whole.length() - 4));
    assertThat(file(operator.with("Range", "bytes=9999-"), job).expect(416).code())
        .isEqualTo("range_not_satisfiable");
    String etag = "\"" + job.path("file").path("sha256").asString() + "\"";
    file(operator.with("If-None-Match", etag), job).expect(304);
    file(operator.with("Range", "bytes=4-7").with("If-Range", "\"other\""), job).expect(200);
  }

  @Test
  void nobodyTakesAwayMoreThanTheySee() throws Exception {
    record(0, 6);
    AccessCalls viewer =
        operator.viewer(
            acme,
            "{'user':{'id':'v'},'accounts':['eu'],'filter':'actor:u0','permissions':['audit.view','audit.export']}");
    JsonNode job = done(viewer, "{'format':'csv','query':'action:a.b'}");
    String text = file(viewer, job).expect(200).text();
    assertThat(ids(text)).containsExactly("e0");
    assertThat(text).doesNotContain("Una");
    JsonNode whole = done(operator, "{'format':'csv','query':'action:a.b'}");
    viewer.get(exports + "/" + whole.path("id").asString()).expect(404);
    file(viewer, whole).expect(404);
    file(operator, job).expect(200);
  }

  @Test
  void whatCannotBeAskedIsRefusedAndLeavesNothingBehind() throws Exception {
    record(0, 1);
    for (String body :
        List.of(
            "{'format':'csv','columns':['nothing']}",
            "{'format':'tsv'}",
            "{'format':'csv','zone':'Mars/Base'}",
            "{'format':'csv','id':'../x'}",
            "{'format':'csv','from':'2026-11-20T10:00:00Z','to':'2026-11-20T10:00:00Z'}",
            "{}")) {
      assertThat(operator.post(exports, body).expect(422).code()).as(body).isEqualTo("invalid");
    }
    assertThat(operator.post(exports, "{'format':'csv','query':'nosuch:1'}").expect(400).code())
        .isEqualTo("invalid_query");
    AccessCalls viewer =
        operator.viewer(acme, "{'user':{'id':'v'},'permissions':['audit.view','audit.export']}");
    assertThat(viewer.post(exports, "{'format':'csv','query':'actor_name:Una'}").expect(403).code())
        .isEqualTo("personal_withheld");
    assertThat(operator.get(exports).json().path("exports").size()).isZero();
    assertThat(server.findSettled(acme, "action:audit.export.*")).isEmpty();
    assertThat(Files.exists(server.data.resolve("exports").resolve(acme))).isFalse();
  }

  @Test
  void aPreviewLeavesNoExportBehindAndIsRecordedAsTheSearchThatItIs() throws Exception {
    record(0, 8);
    JsonNode preview =
        operator
            .post(
                exports + "/preview",
                "{'format':'csv','query':'action:a.b','columns':['id'],'withhold_personal':true}")
            .expect(200)
            .json();
    assertThat(preview.path("estimate").asInt()).isEqualTo(8);
    assertThat(preview.path("sample").size()).isEqualTo(5);
    assertThat(preview.path("personal").asString()).isEqualTo("withheld");
    assertThat(preview.toString()).doesNotContain("Una 1");
    assertThat(operator.get(exports).json().path("exports").size()).isZero();
    // Looking for it is recorded too.
    String searches = "/v1/tenants/" + acme + "/events?limit=100&q=action:audit.searched";
    List<JsonNode> looks =
        Eventually.see(
            "the look that the preview was",
            () ->
                operator
                    .get(searches)
                    .expect(200)
                    .json()
                    .path("entries")
                    .valueStream()
                    .map(entry -> entry.path("details"))
                    .filter(details -> details.path("filter").asString().equals("action:a.b"))
                    .toList(),
            found -> !found.isEmpty());
    assertThat(looks).hasSize(1);
    assertThat(looks.getFirst().path("result_count").asInt()).isEqualTo(8);
  }

  @Test
  void aKeyThatIsRevokedTakesNothingAwayAnyMore() throws Exception {
    record(0, 4);
    AccessCalls key = operator.key(acme, "'audit.view','audit.export','keys.manage'");
    JsonNode job = done(key, "{'format':'csv'}");
    assertThat(job.path("created_by").path("kind").asString()).isEqualTo("key");
    operator.delete(
        "/v1/tenants/" + acme + "/keys/" + job.path("created_by").path("id").asString());
    file(key, job).expect(401);
    file(operator, job).expect(200);
  }

  @Test
  void partsWithProofsAreVerifiedWithoutTheServer() throws Exception {
    record(0, 700);
    JsonNode job = done(operator, "{'format':'ndjson','query':'actor:u1'}");
    byte[] file = operator.bytes(exports + "/" + job.path("id").asString() + "/file");
    AuditReport report = verified(file);
    assertThat(report.broken()).as(report.toString()).isFalse();
    assertThat(report.entries()).isEqualTo(233);
    JsonNode withheld =
        done(operator, "{'format':'ndjson','query':'action:a.b','withhold_personal':true}");
    byte[] facts = operator.bytes(exports + "/" + withheld.path("id").asString() + "/file");
    assertThat(verified(facts).entries()).isEqualTo(700);
    assertThat(new String(facts, StandardCharsets.UTF_8)).doesNotContain("Una 1");
    byte[] altered =
        new String(file, StandardCharsets.UTF_8)
            .replaceFirst("Una 1", "Una 2")
            .getBytes(StandardCharsets.UTF_8);
    assertThat(verified(altered).broken()).isTrue();
  }

  @Test
  void aServerThatStopsGoesOnAtTheSamePosition(@TempDir Path own) throws Exception {
    try (GovernedServer other = new GovernedServer(own)) {
      other.tenant("acme", "standard");
      AccessCalls caller = AccessCalls.operator(other);
      List<String> wanted = new ArrayList<>();
      for (int batch = 0; batch < 8; batch++) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 4_000; i++) {
          String id = "b" + batch + "-" + i;
          wanted.add(id);
          body.append(i == 0 ? "[" : ",")
              .append(
                  "{'tenant':'acme','id':'" + id + "','action':'a.b','actor':{'type':'system'}}");
        }
        caller.post("/v1/events", body.append(']').toString()).expect(201);
      }
      String path = "/v1/tenants/acme/exports";
      for (String format : List.of("csv", "json", "ndjson")) {
        caller.post(path, "{'id':'%1$s','format':'%1$s'}".formatted(format)).expect(202);
      }
      other.stop();
      other.start();
      for (String format : List.of("csv", "json", "ndjson")) {
        JsonNode job =
            Eventually.see(
                "the end of " + format,
                () -> caller.get(path + "/" + format).expect(200).json(),
                seen -> !List.of("waiting", "running").contains(seen.path("state").asString()));
        assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("done");
      }
      String csv = caller.get(path + "/csv/file").expect(200).text();
      assertThat(ids(csv).stream().filter(id -> id.startsWith("b")))
          .containsExactlyElementsOf(wanted);
      JsonNode json = JsonMapper.shared().readTree(caller.get(path + "/json/file").text());
      assertThat(json.size()).isGreaterThanOrEqualTo(wanted.size());
      String lines = caller.get(path + "/ndjson/file").text();
      assertThat(lines.lines().count()).isGreaterThanOrEqualTo(wanted.size() + 2L);
      assertThat(lines).endsWith("}\n");
    }
  }

  @Test
  void whatTheIndexFindsSeldomIsTheSame() throws Exception {
    record(0, 900);
    JsonNode job = done(operator, "{'format':'csv','query':'id:e7 OR id:e333 OR id:e899'}");
    assertThat(ids(file(operator, job).text())).containsExactly("e7", "e333", "e899");
    assertThat(job.path("counts").path("entries").asInt()).isEqualTo(3);
  }

  @Test
  void rightsThatEndBeforeItsTurnEndAnExport(@TempDir Path own) throws Exception {
    try (GovernedServer other = new GovernedServer(own, Map.of(Setting.EXPORTS_THREADS, "1"))) {
      AccessCalls caller = AccessCalls.operator(other);
      other.tenant("acme", "standard");
      AccessCalls key = caller.key("acme", "'audit.view','audit.export'");
      for (int i = 0; i < 5; i++) {
        String busy = "busy-" + i;
        other.tenant(busy, "standard");
        caller
            .post(
                "/v1/events",
                IntStream.range(0, 4_000)
                    .mapToObj(
                        n ->
                            "{'tenant':'%s','id':'%d','action':'a.b','actor':{'type':'system'}}"
                                .formatted(busy, n))
                    .collect(Collectors.joining(",", "[", "]")))
            .expect(201);
      }
      for (int i = 0; i < 5; i++) {
        caller.post("/v1/tenants/busy-" + i + "/exports", "{'format':'ndjson'}").expect(202);
      }
      JsonNode job =
          key.post("/v1/tenants/acme/exports", "{'format':'csv','id':'x'}").expect(202).json();
      caller
          .delete("/v1/tenants/acme/keys/" + job.path("created_by").path("id").asString())
          .expect(204);
      JsonNode end =
          Eventually.see(
              "its end",
              () -> caller.get("/v1/tenants/acme/exports/x").json(),
              seen -> !List.of("waiting", "running").contains(seen.path("state").asString()));
      assertThat(end.path("state").asString()).as(end.toString()).isEqualTo("failed");
      assertThat(end.path("problem").path("code").asString()).isEqualTo("rights_lost");
      assertThat(other.find("acme", "action:audit.export.failed", 1)).hasSize(1);
      assertThat(other.data.resolve("exports/acme/x")).doesNotExist();
    }
  }

  @Test
  void whoeverLosesTheirRightsGetsNoFile() throws Exception {
    record(0, 4);
    AccessCalls key = operator.key(acme, "'audit.view','audit.export'");
    String id = begin(key, "{'format':'csv','query':'action:a.b'}").path("id").asString();
    JsonNode job = ended(operator, id);
    operator.delete(
        "/v1/tenants/" + acme + "/keys/" + job.path("created_by").path("id").asString());
    assertThat(job.path("state").asString()).isEqualTo("done");
    AccessCalls narrow =
        operator.viewer(
            acme,
            "{'user':{'id':'v'},'accounts':['us'],'permissions':['audit.view','audit.export']}");
    narrow.get(exports + "/" + id).expect(404);
  }

  @Test
  void anErasureTakesAwayFilesThatHoldWhatItErases() throws Exception {
    record(0, 6);
    JsonNode touched = done(operator, "{'format':'ndjson','query':'actor:u1'}");
    JsonNode other = done(operator, "{'format':'csv','query':'actor:u2'}");
    JsonNode withheld =
        done(operator, "{'format':'csv','query':'actor:u1','withhold_personal':true}");
    file(operator, touched).expect(200);
    JsonNode request =
        operator
            .post("/v1/tenants/" + acme + "/erasures", "{'identifiers':['u1'],'reason':'r'}")
            .expect(201)
            .json();
    operator
        .post(
            "/v1/tenants/" + acme + "/erasures/" + request.path("id").asString() + "/approve",
            "{'reason':'r'}")
        .expect(200);
    JsonNode gone = operator.get(exports + "/" + touched.path("id").asString()).json();
    assertThat(gone.path("state").asString()).isEqualTo("withdrawn");
    assertThat(file(operator, touched).expect(410).code()).isEqualTo("export_gone");
    assertThat(
            Files.exists(
                server
                    .data
                    .resolve("exports")
                    .resolve(acme)
                    .resolve(touched.path("id").asString())))
        .isFalse();
    file(operator, other).expect(200);
    file(operator, withheld).expect(200);
    JsonNode report =
        operator
            .get("/v1/tenants/" + acme + "/erasures/" + request.path("id").asString())
            .expect(200)
            .json();
    assertThat(report.path("exports_left").get(0).path("id").asString())
        .isEqualTo(touched.path("id").asString());
    String reports = "/v1/tenants/" + acme + "/erasure-report";
    JsonNode all = operator.get(reports).expect(200).json();
    assertThat(all.at("/erasures/0/exports_left/0/id").asString())
        .isEqualTo(touched.path("id").asString());
    try (PDDocument pdf = Loader.loadPDF(operator.bytes(reports + "?format=pdf"))) {
      assertThat(new PDFTextStripper().getText(pdf).replaceAll("\\s", ""))
          .contains("Exportthathadleft")
          .contains(touched.path("id").asString());
    }
    JsonNode entry = server.newest(acme, "action:audit.export.withdrawn");
    assertThat(entry.path("details").path("had_left").asBoolean()).isTrue();
  }
}
