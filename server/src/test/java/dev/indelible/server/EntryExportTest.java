package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.client.StreamedAnswer;
import dev.indelible.server.event.EntryCsv;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Exports of what a query finds, over real HTTP. */
class EntryExportTest {

  /** How many entries of a whole log are read, and their reader looked at, at once. */
  private static final int CHUNK = 1_000;

  @TempDir static Path directory;
  private static GovernedServer server;
  private String acme;
  private String export;
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
    export = "/v1/tenants/" + acme + "/export";
    operator = AccessCalls.operator(server);
  }

  private void record(String events, String lastId) throws Exception {
    operator.post("/v1/events", events).expect(201);
    assertThat(server.find(acme, "id:" + lastId, 1)).hasSize(1);
  }

  private static List<JsonNode> lines(String text) {
    return text.lines().map(JsonMapper.shared()::readTree).toList();
  }

  private static List<String> ids(List<JsonNode> entries) {
    return entries.stream().map(entry -> entry.path("id").asString()).toList();
  }

  @Test
  void moreThanAPageComesWholeAndInOrder() throws Exception {
    int count = 2_345;
    List<String> wanted = new ArrayList<>();
    StringBuilder batch = new StringBuilder("[");
    for (int i = 0; i < count; i++) {
      wanted.addFirst("e" + i);
      batch
          .append(i == 0 ? "" : ",")
          .append("{'tenant':'" + acme + "','id':'e")
          .append(i)
          .append("','action':'a.b','actor':{'type':'system'}}");
    }
    record(batch.append(']').toString(), "e" + (count - 1));
    AccessCalls.Answer answer = operator.get(export + "?q=action:a.b&format=ndjson").expect(200);
    assertThat(answer.header("X-Total-Count")).isEqualTo("2345");
    assertThat(ids(lines(answer.text()))).isEqualTo(wanted);
    JsonNode array =
        operator.get(export + "?q=action:a.b&format=json&order=oldest").expect(200).json();
    assertThat(ids(array.valueStream().toList())).isEqualTo(wanted.reversed());
    assertThat(operator.get(export + "?q=id:none&format=json").text()).isEqualTo("[\n\n]\n");
    JsonNode recorded = server.newest(acme, "action:audit.exported");
    assertThat(recorded.path("details").path("result_count").asInt(-1)).isIn(0, 2345);
  }

  @Test
  void theLogIsCutOffForAKeyThatIsRevokedMeanwhile() throws Exception {
    // More than one part of an answer, and more than the buffers on the way take.
    int entries = 2 * CHUNK;
    String filler = "x".repeat(15_500);
    for (int at = 0; at < entries; at += CHUNK) {
      List<String> batch = new ArrayList<>();
      for (int i = at; i < at + CHUNK; i++) {
        batch.add(
            ("{'tenant':'"
                    + acme
                    + "','id':'e%d','action':'a.b','actor':{'type':'system'},'details':{'x':'%s'}}")
                .formatted(i, filler));
      }
      operator.post("/v1/events", "[" + String.join(",", batch) + "]").expect(201);
    }
    operator.get(("/v1/tenants/" + acme + "/events/e%d/proof").formatted(entries - 1)).expect(200);
    JsonNode key =
        operator
            .post("/v1/tenants/" + acme + "/keys", "{'name':'k','permissions':['audit.export']}")
            .expect(201)
            .json();
    AccessCalls reader = AccessCalls.nobody(server).bearer(key.path("secret").asString());
    try (StreamedAnswer answer = reader.open("/v1/tenants/" + acme + "/log/entries")) {
      assertThat(answer.body().read()).isEqualTo('{');
      operator.delete("/v1/tenants/" + acme + "/keys/" + key.path("id").asString()).expect(204);
      CountingStream counted = new CountingStream();
      assertThatThrownBy(() -> answer.body().transferTo(counted)).isInstanceOf(IOException.class);
      assertThat(counted.bytes).isLessThan((long) entries * filler.length());
      assertThat(counted.bytes).isGreaterThan(filler.length());
    }
  }

  private static final class CountingStream extends OutputStream {
    private long bytes;

    @Override
    public void write(int b) {
      bytes++;
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
      bytes += length;
    }
  }

  @Test
  void aTenantMayRequireAReason() throws Exception {
    record("{'tenant':'" + acme + "','id':'e','action':'a.b','actor':{'type':'system'}}", "e");
    operator.get(export + "?q=id:e").expect(200);
    operator
        .call(
            "PUT",
            "/v1/tenants/" + acme + "/profile/changes",
            "{\"version\":0,\"reason\":\"policy 3\",\"changes\":{\"reason_for_exports\":true}}")
        .expect(200);
    assertThat(operator.get(export + "?q=id:e").expect(422).code()).isEqualTo("reason_required");
    operator.get(export + "?q=id:e&reason=audit").expect(200);
    JsonNode profile = operator.get("/v1/tenants/" + acme + "/profile").expect(200).json();
    assertThat(profile.path("reason_for_exports").asBoolean()).isTrue();
    for (JsonNode action : profile.path("actions")) {
      if (action.path("action").asString().equals("audit.exported")) {
        assertThat(action.path("reason_required").asBoolean()).isTrue();
      }
    }
  }

  static Stream<Arguments> cells() {
    return Stream.of(
        Arguments.of("=cmd()", "\"'=cmd()\""),
        Arguments.of("+1", "\"'+1\""),
        Arguments.of("-1", "\"'-1\""),
        Arguments.of("@SUM(A1)", "\"'@SUM(A1)\""),
        Arguments.of("＝1", "\"'＝1\""),
        Arguments.of("'Bo", "\"''Bo\""),
        Arguments.of("a,b", "\"a,b\""),
        Arguments.of("a=b", "a=b"),
        Arguments.of("Zoë", "Zoë"));
  }

  @ParameterizedTest
  @MethodSource("cells")
  void aCellIsNoFormula(String name, String cell) throws Exception {
    record(
        """
        {"tenant":"%s","id":"e","action":"a.b","actor":{"type":"user","id":"u","name":"%s"}}"""
            .formatted(acme, name.replace("'", "\\u0027")),
        "e");
    AccessCalls.Answer answer = operator.get(export + "?q=id:e&format=csv").expect(200);
    assertThat(answer.header("Content-Type")).startsWith("text/csv; charset=utf-8");
    String[] rows = answer.text().split("\r\n", 0);
    assertThat(rows).hasSize(2);
    assertThat(rows[0]).isEqualTo(String.join(",", EntryCsv.COLUMNS));
    assertThat(rows[1]).startsWith("e,").contains(",user,u," + cell + ",");
  }

  @Test
  void aCellHoldsLinesQuotesAndJson() throws Exception {
    record(
        """
        {"tenant":"%s","id":"e","action":"a.b","actor":{"type":"user","id":"u"},"reason":"one\\ntwo \\"three\\"",
         "targets":[{"type":"t","id":"1","name":"One"},{"type":"t","id":"2"}],
         "changes":[{"field":"f","before":1,"after":null}],"details":{"k":[1,2]}}"""
            .formatted(acme),
        "e");
    String text = operator.get(export + "?q=id:e&format=csv").expect(200).text();
    assertThat(text)
        .contains("\"one\ntwo \"\"three\"\"\"")
        .contains(",t/1 (One); t/2,")
        .contains("\"[{\"\"field\"\":\"\"f\"\",\"\"before\"\":1,\"\"after\"\":null}]\"")
        .contains("\"{\"\"k\"\":[1,2]}\",,,,,operator_key/");
  }

  @Test
  void everyMemberOfAnEntryHasAColumnInCsv() throws Exception {
    operator
        .post(
            "/v1/tenants/" + acme + "/holds",
            """
            {"name":"case 7","reason":"r","query":"id:whole"}""")
        .expect(201);
    record(
        """
        {"tenant":"%s","account":"m01","id":"whole","occurred_at":"2026-11-20T10:00:00.000Z","action":"m02.m02",
         "actor":{"type":"ai_agent","id":"m03","name":"m04","email":"m05@x.test","model":"m06","version":"m07","roles":["m08"],"permissions":["m09"],
           "on_behalf_of":{"type":"ai_agent","id":"m10","name":"m11","email":"m12@x.test","model":"m13","version":"m14",
             "on_behalf_of":{"type":"user","id":"m15","name":"m16","email":"m17@x.test"}}},
         "targets":[{"type":"m18","id":"m19","name":"m20","href":"https://x.test/m21"}],"outcome":"failure","outcome_reason":"m22",
         "changes":[{"field":"m23","before":"m24","after":"m25"}],"reason":"m26",
         "context":{"ip":"203.0.113.27","location":{"country":"DE","region":"m29","city":"m30","latitude":31.5,"longitude":32.5},
           "user_agent":"m33","session_id":"m34","request_id":"m35","trace_id":"m36","producer":"m37","producer_seq":38},
         "details":{"m39":"m40"}}"""
            .formatted(acme),
        "whole");
    String[] rows =
        operator.get(export + "?q=id:whole&format=csv").expect(200).text().split("\r\n", 0);
    JsonNode entry =
        JsonMapper.shared()
            .readTree(operator.get("/v1/tenants/" + acme + "/events/whole").expect(200).text());
    List<String> members = new ArrayList<>();
    leaves(entry, members);
    assertThat(members)
        .hasSizeGreaterThan(45)
        .contains("case 7", "https://x.test/m21", "m17@x.test");
    assertThat(rows[0].split(",")).hasSameSizeAs(EntryCsv.COLUMNS).doesNotHaveDuplicates();
    assertThat(rows[1]).contains(members);
  }

  /** The values of everything in a document. */
  private static void leaves(JsonNode node, List<String> into) {
    if (node.isContainer()) {
      for (JsonNode inner : node) {
        leaves(inner, into);
      }
      return;
    }
    into.add(node.asString());
  }

  @Test
  void itIsNamedAfterTenantAndWindowInTheReadersZone() throws Exception {
    String window = "?from=2025-12-31T23:00:00Z&to=2026-01-31T23:00:00Z&zone=Europe/Berlin";
    assertThat(operator.get(export + window + "&format=csv").header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"" + acme + "-from-2026-01-01-to-2026-02-01.csv\"");
    assertThat(operator.get(export + "?format=ndjson").header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"" + acme + ".ndjson\"");
  }

  @Test
  void nobodyTakesAwayMoreThanTheySee() throws Exception {
    record(
        """
        [{"tenant":"%1$s","id":"in-eu","account":"eu","action":"a.b","actor":{"type":"user","id":"u","name":"Una Reis"},"context":{"ip":"203.0.113.7"}},
         {"tenant":"%1$s","id":"in-us","account":"us","action":"a.b","actor":{"type":"user","id":"u","name":"Una Reis"}},
         {"tenant":"%1$s","id":"other","account":"eu","action":"c.d","actor":{"type":"system"}}]"""
            .formatted(acme),
        "other");
    AccessCalls viewer =
        operator.viewer(
            acme,
            "{'user':{'id':'v'},'accounts':['eu'],'filter':'action:a.b','permissions':['audit.view','audit.export']}");
    String text = viewer.get(export + "?format=ndjson").expect(200).text();
    assertThat(ids(lines(text))).containsExactly("in-eu");
    assertThat(text).doesNotContain("Una Reis", "203.0.113.7");
    AccessCalls reader = operator.viewer(acme, "{'user':{'id':'w'},'permissions':['audit.view']}");
    assertThat(reader.get(export).expect(403).text()).contains("audit.export");
  }

  @Test
  void theProfileSaysWhichFormatsThereAre() throws Exception {
    server.tenant("desk", "kimondesk");
    String path = "/v1/tenants/desk/export";
    assertThat(operator.get(path + "?format=ndjson").expect(422).code())
        .isEqualTo("format_not_offered");
    assertThat(operator.get(path).expect(200).header("Content-Type")).startsWith("text/csv");
  }
}
