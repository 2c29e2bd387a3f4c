package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.retention.DeletionSteps.Step;
import dev.indelible.testing.Eventually;
import dev.indelible.testing.LiveFolder;
import dev.indelible.verify.audit.Finding;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Requests for erasure over HTTP: what is gone, what stays, what holds put off. */
class ErasureTest {

  private static final String ERASURES = "/v1/tenants/acme/erasures";

  @TempDir Path directory;
  private GovernedServer server;

  @BeforeEach
  void begin() throws Exception {
    server = new GovernedServer(directory);
    server.tenant("acme", "standard");
    server.record("acme", "ana1", "user.login", "u_ana", "Anastasia");
    server.record("acme", "ana2", "user.logout", "u_ana", "Anastasia");
    server.record("acme", "bo1", "user.login", "u_bo", "Boleslav");
    server.expect(
        201,
        "POST",
        "/v1/events",
        """
        {"id":"both","tenant":"acme","action":"user.role_changed",
         "actor":{"type":"user","id":"u_bo","name":"Boleslav"},
         "targets":[{"type":"user","id":"u_ana","name":"Anastasia"}],
         "context":{"ip":"203.0.113.77"}}""");
  }

  @AfterEach
  void end() {
    server.close();
  }

  private String receive() throws Exception {
    return receive("anastasia@acme.test");
  }

  private String receive(String identifier) throws Exception {
    return server
        .expect(
            201,
            "POST",
            ERASURES,
            "{\"identifiers\":[\"u_ana\",\"%s\"],\"reason\":\"ticket 9\"}".formatted(identifier))
        .path("id")
        .asString();
  }

  private static List<byte[]> needles(GovernedServer server) throws Exception {
    List<byte[]> needles = new ArrayList<>();
    for (String id : List.of("ana1", "ana2", "both")) {
      needles.add(
          RawFiles.salt(server.get("/v1/tenants/acme/events/" + id + "/proof"), "personal"));
    }
    for (String value : List.of("Anastasia", "anastasia", "anastasia@acme.test", "203.0.113.77")) {
      needles.add(value.getBytes(StandardCharsets.UTF_8));
    }
    return needles;
  }

  private void assertVerifies(Path data, int erased) throws Exception {
    var result = PurgeTest.audit(data);
    assertThat(result.broken()).as("%s", result).isFalse();
    long found =
        result.tenants().stream()
            .flatMap(tenant -> tenant.report().findings().stream())
            .filter(Finding.ErasedAt.class::isInstance)
            .map(Finding.ErasedAt.class::cast)
            .mapToLong(finding -> finding.end() - finding.first())
            .sum();
    assertThat(found).isEqualTo(erased);
  }

  @Test
  void whatIsPersonalIsGoneAndTheFactsAreStillProven() throws Exception {
    String id = receive();
    String path = ERASURES + "/" + id;
    List<byte[]> needles = needles(server);
    server.stop();
    server.start();
    assertThat(RawFiles.holding(server.data, needles))
        .as("the search finds what is there")
        .anyMatch(file -> file.endsWith(".run"))
        .anyMatch(file -> file.endsWith(".segment"))
        .anyMatch(file -> file.startsWith("index"))
        .anyMatch(file -> file.contains("subjects"));
    JsonNode before = server.get("/v1/tenants/acme/events/ana1/proof");
    JsonNode preview = server.get(path + "/preview");
    assertThat(preview.path("entries").asLong()).isEqualTo(3);
    assertThat(preview.path("as_actor").asLong()).isEqualTo(2);
    assertThat(preview.path("as_target").asLong()).isEqualTo(1);
    server.advance(Duration.ofDays(3));
    JsonNode done = server.expect(200, "POST", path + "/approve", "{\"reason\":\"checked\"}");
    assertThat(done.path("state").asString()).isEqualTo("fulfilled");
    assertThat(done.path("entries").asLong()).isEqualTo(3);
    assertThat(done.path("received_at").asString()).isEqualTo("2026-01-01T00:00:00.000Z");
    assertThat(done.path("due_at").asString()).isEqualTo("2026-01-31T00:00:00.000Z");
    assertThat(done.path("fulfilled_at").asString()).isEqualTo("2026-01-04T00:00:00.000Z");
    assertThat(done.path("overdue").asBoolean()).isFalse();
    assertThat(RawFiles.holding(server.data, needles)).isEmpty();
    JsonNode entry = server.newest("acme", "id:ana1");
    assertThat(entry.path("personal_erased").asBoolean()).isTrue();
    assertThat(entry.path("actor").has("name")).isFalse();
    // By the beginning of her name: the operator's search is an entry, which would name her again.
    assertThat(server.find("acme", "Anast*", 0)).isEmpty();
    assertThat(server.find("acme", "actor:u_ana", 2)).as("ids are facts").hasSize(2);
    assertThat(server.newest("acme", "id:bo1").path("actor").path("name").asString())
        .isEqualTo("Boleslav");
    JsonNode after = server.get("/v1/tenants/acme/events/ana1/proof");
    assertThat(after.path("leaf")).isEqualTo(before.path("leaf"));
    assertThat(after.path("facts")).isEqualTo(before.path("facts"));
    assertThat(after.path("personal_state").asString()).isEqualTo("erased");
    JsonNode receipt =
        server.get(
            "/v1/tenants/acme/deletions/"
                + done.path("records").get(0).asString()
                + "/certificate");
    assertThat(receipt.path("kind").asString()).isEqualTo("erasure");
    assertThat(receipt.path("deleted").path("entries").asLong()).isEqualTo(3);
    assertThat(receipt.path("deleted").path("erasure").asString()).isEqualTo(id);
    assertThat(receipt.path("proof").path("seq")).isEqualTo(receipt.path("record_seq"));
    assertThat(receipt.toString()).doesNotContain("u_ana");
    assertThat(server.find("acme", "action:audit.erasure.*", 3)).hasSize(3);
    assertThat(server.call("GET", path + "/preview", "").code()).isEqualTo("erasure_settled");
    server.stop();
    assertVerifies(server.data, 3);
    assertThat(RawFiles.holdingAtRest(server.data, needles)).isEmpty();
    server.start();
    assertThat(RawFiles.holding(server.data, needles)).isEmpty();
    assertThat(server.find("acme", "Anastasia", 0)).isEmpty();
    assertThat(server.get(path).path("state").asString()).isEqualTo("fulfilled");
  }

  @Test
  void anErasureIsPutOffWhileAHoldKeepsTheEntry() throws Exception {
    String hold =
        server
            .expect(
                201,
                "POST",
                "/v1/tenants/acme/holds",
                "{\"name\":\"matter\",\"query\":\"action:user.login\",\"reason\":\"r\"}")
            .path("id")
            .asString();
    String path = ERASURES + "/" + receive();
    assertThat(server.get(path + "/preview").path("deferred").asLong()).isEqualTo(1);
    JsonNode put = server.expect(202, "POST", path + "/approve", "{\"reason\":\"checked\"}");
    assertThat(put.path("state").asString()).isEqualTo("deferred");
    assertThat(put.path("deferred").asLong()).isEqualTo(1);
    assertThat(put.path("entries").asLong()).isEqualTo(2);
    assertThat(server.newest("acme", "id:ana1").path("actor").path("name").asString())
        .isEqualTo("Anastasia");
    server.expect(200, "DELETE", "/v1/tenants/acme/holds/" + hold + "?reason=over", "");
    server.advance(Duration.ofDays(40));
    JsonNode done = server.expect(200, "POST", path + "/approve", "{\"reason\":\"go on\"}");
    assertThat(done.path("state").asString()).isEqualTo("fulfilled");
    assertThat(done.path("entries").asLong()).isEqualTo(3);
    assertThat(done.path("records")).hasSize(2);
    assertThat(done.path("overdue").asBoolean()).isTrue();
    assertThat(server.newest("acme", "id:ana1").path("actor").has("name")).isFalse();
  }

  @Test
  void theReportSaysWhatBecameOfRequestsAndWhetherInTime() throws Exception {
    String late = ERASURES + "/" + receive();
    server.advance(Duration.ofDays(10));
    String rejected = ERASURES + "/" + receive();
    server.expect(200, "POST", rejected + "/reject", "{\"reason\":\"not shown who it is\"}");
    server.advance(Duration.ofDays(21));
    server.expect(200, "POST", late + "/approve", "{\"reason\":\"checked\"}");
    receive();
    JsonNode report = server.get("/v1/tenants/acme/erasure-report");
    assertThat(report.path("received").asLong()).isEqualTo(3);
    assertThat(report.path("fulfilled").asLong()).isEqualTo(1);
    assertThat(report.path("rejected").asLong()).isEqualTo(1);
    assertThat(report.path("open").asLong()).isEqualTo(1);
    assertThat(report.path("overdue").asLong()).as("after 31 days of 30").isEqualTo(1);
    assertThat(report.path("erasures").get(0).path("overdue").asBoolean()).isTrue();
    assertThat(report.path("erasures")).hasSize(3);
    assertThat(
            server
                .get(
                    "/v1/tenants/acme/erasure-report?from=2026-01-05T00:00:00Z&to=2026-01-20T00:00:00Z")
                .path("received")
                .asLong())
        .isEqualTo(1);
    byte[] pdf = server.bytes("/v1/tenants/acme/erasure-report?format=pdf");
    try (PDDocument document = Loader.loadPDF(pdf)) {
      assertThat(new PDFTextStripper().getText(document))
          .contains("Requests for erasure")
          .contains("Overdue 1")
          .contains("fulfilled, not settled in time")
          .contains("Due 2026-01-31T00:00:00.000Z")
          .doesNotContain("u_ana");
    }
  }

  @Test
  void aTenantSetsItsOwnDueDateWithinBoundsAndTheChangeIsAnEntry() throws Exception {
    String tenant = "/v1/tenants/acme";
    String before = ERASURES + "/" + receive();
    server.expect(
        200, "PATCH", tenant, "{\"erasure_due_days\":14,\"reason\":\"our privacy policy\"}");
    assertThat(server.get(tenant).path("erasure_due_days").asInt()).isEqualTo(14);
    assertThat(server.get(tenant + "/profile").path("erasure_due").asString()).isEqualTo("P14D");
    assertThat(server.get(ERASURES + "/" + receive()).path("due_at").asString())
        .isEqualTo("2026-01-15T00:00:00.000Z");
    assertThat(server.get(before).path("due_at").asString())
        .as("a request keeps the date that it was received with")
        .isEqualTo("2026-01-31T00:00:00.000Z");
    JsonNode change = server.newest("acme", "action:audit.tenant.update");
    assertThat(change.path("changes").toString())
        .isEqualTo("[{\"field\":\"erasure_due_days\",\"before\":null,\"after\":14}]");
    assertThat(change.path("reason").asString()).isEqualTo("our privacy policy");
    for (String wrong : List.of("0", "93", "1.5", "\"P14D\"")) {
      assertThat(
              server.call("PATCH", tenant, "{\"erasure_due_days\":%s}".formatted(wrong)).status())
          .as(wrong)
          .isEqualTo(422);
    }
    server.stop();
    server.start();
    assertThat(server.get(tenant).path("erasure_due_days").asInt()).isEqualTo(14);
    AccessCalls settings = AccessCalls.operator(server).key("acme", "'settings.manage'");
    assertThat(settings.call("PATCH", tenant, "{\"erasure_due_days\":20}").expect(403).code())
        .isEqualTo("forbidden");
    server.expect(200, "PATCH", tenant, "{\"erasure_due_days\":null}");
    assertThat(server.get(ERASURES + "/" + receive()).path("due_at").asString())
        .isEqualTo("2026-01-31T00:00:00.000Z");
  }

  @Test
  void searchesForThePersonAreErasedToo() throws Exception {
    // Both are searchable before they are searched by name: such a search that is asked again finds
    // itself.
    server.find("acme", "id:both", 1);
    server.find("acme", "id:bo1", 1);
    server.expect(
        200, "PATCH", "/v1/tenants/acme", "{\"record_views\":true,\"reason\":\"policy\"}");
    server.find("acme", "actor:Anastasia", 2);
    server.find("acme", "Boleslav", 2);
    assertThat(server.find("acme", "action:audit.searched", 5)).hasSizeGreaterThanOrEqualTo(2);
    String path = ERASURES + "/" + receive("Anastasia");
    assertThat(server.get(path + "/preview").path("as_searched").asLong()).isEqualTo(1);
    server.expect(200, "POST", path + "/approve", "{\"reason\":\"checked\"}");
    server.stop();
    assertThat(
            RawFiles.holdingAtRest(
                server.data, List.of("Anastasia".getBytes(StandardCharsets.UTF_8))))
        .isEmpty();
    assertThat(
            RawFiles.holdingAtRest(
                server.data, List.of("Boleslav".getBytes(StandardCharsets.UTF_8))))
        .as("the search finds what is there")
        .isNotEmpty();
    server.start();
  }

  @Test
  void searchesForThePersonAreErasedHoweverTheyWereWritten() throws Exception {
    server.expect(
        200, "PATCH", "/v1/tenants/acme", "{\"record_views\":true,\"reason\":\"policy\"}");
    List<String> searches =
        List.of(
            "-jose@acme.test",
            "actor:JOSE@ACME.TEST",
            "\"jose muller\"",
            "jose  muller",
            "-\"Mu\u0308ller, Jose\u0301\"",
            "x OR (\"JOSÉ MÜLLER\")");
    List<String> others = List.of("jose", "-muller", "jose@acme.testing", "josef mullers");
    for (String query : Stream.concat(searches.stream(), others.stream()).toList()) {
      server.get(
          "/v1/tenants/acme/events?limit=1&q=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
    }
    server.find("acme", "action:audit.searched", searches.size() + others.size() + 1);
    String path =
        ERASURES
            + "/"
            + server
                .expect(
                    201, "POST", ERASURES, "{\"identifiers\":[\"José Müller\",\"jose@acme.test\"]}")
                .path("id")
                .asString();
    assertThat(server.get(path + "/preview").path("as_searched").asLong())
        .isEqualTo(searches.size());
    server.expect(200, "POST", path + "/approve", "{\"reason\":\"checked\"}");
    List<String> left =
        server
            .get("/v1/tenants/acme/events?limit=1000&q=action:audit.searched")
            .path("entries")
            .valueStream()
            .map(entry -> entry.path("details").path("filter").asString(""))
            .toList();
    assertThat(left).containsAll(others).doesNotContainAnyElementsOf(searches);
  }

  @Test
  void whoeverApprovesIsToldWhatGoesOnToNameThePerson() throws Exception {
    String hold =
        server
            .expect(
                201,
                "POST",
                "/v1/tenants/acme/holds",
                "{\"name\":\"matter\",\"query\":\"-\\\"jose muller\\\"\",\"reason\":\"for José  Müller\"}")
            .path("id")
            .asString();
    server.expect(200, "DELETE", "/v1/tenants/acme/holds/" + hold + "?reason=over", "");
    String view =
        server
            .expect(
                201,
                "POST",
                "/v1/tenants/acme/views",
                "{\"name\":\"JOSE MULLER\",\"q\":\"action:x\"}")
            .path("id")
            .asString();
    server.expect(
        201,
        "POST",
        "/v1/events",
        """
        {"id":"reasoned","tenant":"acme","action":"user.updated","reason":"Müller, José called",
         "actor":{"type":"user","id":"u_bo"}}""");
    String path =
        ERASURES
            + "/"
            + server
                .expect(201, "POST", ERASURES, "{\"identifiers\":[\"José Müller\"]}")
                .path("id")
                .asString();
    JsonNode staying = server.get(path + "/preview").path("staying");
    assertThat(staying.path("configuration").valueStream().map(JsonNode::toString))
        .containsExactlyInAnyOrder(
            "{\"kind\":\"hold\",\"id\":\"%s\",\"fields\":[\"query\",\"reason\"]}".formatted(hold),
            "{\"kind\":\"saved_view\",\"id\":\"%s\",\"fields\":[\"name\"]}".formatted(view));
    assertThat(staying.path("entry_ids").valueStream().map(JsonNode::asString))
        .contains("reasoned")
        .hasSize(staying.path("entries").asInt());
    assertThat(staying.path("complete").asBoolean()).isTrue();
  }

  @Test
  void aRejectedRequestErasesNothingAndForgetsThePerson() throws Exception {
    String path = ERASURES + "/" + receive();
    JsonNode rejected =
        server.expect(200, "POST", path + "/reject", "{\"reason\":\"identity not shown\"}");
    assertThat(rejected.path("state").asString()).isEqualTo("rejected");
    assertThat(
            RawFiles.holding(
                server.data, List.of("anastasia@acme.test".getBytes(StandardCharsets.UTF_8))))
        .isEmpty();
    assertThat(server.find("acme", "Anastasia", 3)).hasSize(3);
    assertThat(server.call("POST", path + "/approve", "{\"reason\":\"r\"}").code())
        .isEqualTo("erasure_settled");
    assertThat(server.call("POST", ERASURES, "{\"identifiers\":[]}").status()).isEqualTo(422);
    assertThat(server.get(ERASURES).path("erasures")).hasSize(1);
  }

  @Test
  void nobodyElseMayRecordThatEntriesWereDeleted() throws Exception {
    for (String action : List.of("audit.entries.purge", "audit.personal.erase")) {
      GovernedServer.Answer answer =
          server.call(
              "POST",
              "/v1/events",
              "{\"tenant\":\"acme\",\"action\":\"%s\",\"actor\":{\"type\":\"system\"}}"
                  .formatted(action));
      assertThat(answer.status()).isEqualTo(422);
      assertThat(answer.code()).isEqualTo("reserved_action");
    }
  }

  @Test
  @Tag("long")
  void aCrashAtAnyStepLeavesAnErasureThatIsFinishedAtTheNextStart() throws Exception {
    String path = ERASURES + "/" + receive();
    List<byte[]> needles = needles(server);
    Map<Step, Path> crashed = new EnumMap<>(Step.class);
    server.steps =
        step -> {
          Path copy = directory.resolve("crash-" + step).resolve("data");
          LiveFolder.copy(server.data, copy);
          crashed.put(step, copy);
        };
    server.expect(200, "POST", path + "/approve", "{\"reason\":\"r\"}");
    assertThat(crashed).containsOnlyKeys(Step.values());
    for (Map.Entry<Step, Path> crash : crashed.entrySet()) {
      assertThat(PurgeTest.audit(crash.getValue()).broken()).isFalse();
      try (GovernedServer again =
          new GovernedServer(
              directory.resolve("crash-" + crash.getKey()), server.now().plusSeconds(7_200))) {
        JsonNode erasure =
            Eventually.see(
                "the erasure is fulfilled after a crash at " + crash.getKey(),
                () -> again.get(path),
                found -> found.path("state").asString().equals("fulfilled"));
        assertThat(erasure.path("entries").asLong()).isEqualTo(3);
        again.stop();
        assertThat(RawFiles.holding(again.data, needles)).isEmpty();
        assertVerifies(crash.getValue(), 3);
        again.start();
      }
    }
  }
}
