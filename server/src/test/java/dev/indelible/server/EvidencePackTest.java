package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.indelible.testing.Eventually;
import dev.indelible.verify.audit.AuditReport;
import dev.indelible.verify.audit.Finding;
import dev.indelible.verify.audit.PackVerifier;
import dev.indelible.verify.audit.Trust;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Evidence packs, over real HTTP, and checked without the server. */
class EvidencePackTest {

  private static final String PERIOD =
      "'from':'2020-01-01T00:00:00Z','to':'2030-01-01T00:00:00Z','reason':'r'";

  @TempDir static Path directory;
  @TempDir Path files;
  private static GovernedServer server;
  private String acme;
  private String packs;
  private AccessCalls operator;

  @BeforeAll
  static void start() throws Exception {
    server = new GovernedServer(directory.resolve("data"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void makeTenant() throws Exception {
    acme = server.newTenant("msp");
    packs = "/v1/tenants/" + acme + "/packs";
    operator = AccessCalls.operator(server);
    record("login_succeeded", "success", "l1", "l2", "l3");
    record("login_failed", "failure", "f1", "f2");
    record("user_role_changed", "success", "c1");
    record("integration_updated", "success", "i1");
    record("rate_limited", "failure", "r1");
    record("feedback_submitted", "success", "b1");
    server.find(acme, "id:b1", 1);
  }

  private void record(String action, String outcome, String... ids) throws Exception {
    for (String id : ids) {
      operator
          .post(
              "/v1/events",
              "{'tenant':'%s','id':'%s','action':'%s','outcome':'%s','account':'eu','actor':{'type':'user','id':'u1','name':'Una'},'context':{'ip':'203.0.113.9'}}"
                  .formatted(acme, id, action, outcome))
          .expect(201);
    }
  }

  private JsonNode job(AccessCalls caller, String id) throws Exception {
    return caller.get("/v1/tenants/" + acme + "/exports/" + id).expect(200).json();
  }

  private JsonNode done(AccessCalls caller, String body) throws Exception {
    String id = caller.post(packs, body).expect(202).json().path("id").asString();
    JsonNode job =
        Eventually.see(
            "the end of " + id,
            () -> job(caller, id),
            seen -> !List.of("waiting", "running").contains(seen.path("state").asString()));
    assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("done");
    return job;
  }

  private byte[] file(JsonNode job) throws Exception {
    return server.bytes("/v1/tenants/" + acme + "/exports/" + job.path("id").asString() + "/file");
  }

  private byte[] pack(String template) throws Exception {
    return file(done(operator, "{'template':'%s',%s}".formatted(template, PERIOD)));
  }

  private AuditReport verified(byte[] pack) throws IOException {
    Path file = files.resolve("pack.zip");
    Files.write(file, pack);
    return PackVerifier.verify(file, Trust.NOTHING, null, _ -> {});
  }

  private static Map<String, byte[]> unpacked(byte[] pack) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(pack))) {
      ZipEntry entry;
      while ((entry = zip.getNextEntry()) != null) {
        files.put(entry.getName(), zip.readAllBytes());
      }
    }
    return files;
  }

  private static String text(Map<String, byte[]> files, String name) {
    return new String(files.get(name), StandardCharsets.UTF_8);
  }

  private static List<String> ids(Map<String, byte[]> files, String section) {
    return JsonMapper.shared()
        .readTree(files.get("sections/" + section + ".json"))
        .valueStream()
        .map(entry -> entry.path("id").asString())
        .toList();
  }

  @Test
  void thePacksOfThePageHaveWhatItSays() throws Exception {
    Map<String, byte[]> review = unpacked(pack("access_review"));
    assertThat(ids(review, "sign_ins")).containsExactly("l1", "l2", "l3", "f1", "f2");
    assertThat(ids(review, "access_changes")).containsExactly("c1");
    assertThat(text(review, "sections/sign_ins.csv").lines()).hasSize(6);
    Map<String, byte[]> changes = unpacked(pack("change_management"));
    assertThat(ids(changes, "administration")).containsExactly("c1", "i1");
    Map<String, byte[]> incidents = unpacked(pack("incident_response"));
    assertThat(ids(incidents, "failed_sign_ins")).containsExactly("f1", "f2");
    assertThat(ids(incidents, "refused")).containsExactly("r1");
    assertThat(review.keySet())
        .startsWith("README.txt", "summary.pdf", "pack.json", "template.yaml")
        .endsWith("proofs/checkpoint", "proofs/entries.ndjson", "manifest.json");
  }

  @Test
  void everyTemplateMakesAPackThatVerifiesAndWhoseOscalIsValid() throws Exception {
    JsonNode templates = operator.get(packs + "/templates").expect(200).json().path("templates");
    assertThat(templates.size()).isEqualTo(6);
    for (JsonNode template : templates) {
      byte[] pack = pack(template.path("id").asString());
      AuditReport report = verified(pack);
      assertThat(report.broken()).as(report.findings().toString()).isFalse();
      assertThat(report.findings()).anyMatch(found -> found instanceof Finding.PackIntact);
      assertThat(report.entries()).isPositive();
      Map<String, byte[]> files = unpacked(pack);
      JsonNode oscal = JsonMapper.shared().readTree(files.get("oscal/assessment-results.json"));
      assertThat(oscalSchema().validate(oscal)).as(template.path("id").asString()).isEmpty();
      JsonNode result = oscal.path("assessment-results").path("results").get(0);
      for (JsonNode observation : result.path("observations")) {
        int entries = Integer.parseInt(observation.path("props").get(0).path("value").asString());
        assertThat(observation.path("relevant-evidence").size()).isEqualTo(entries + 1);
      }
    }
  }

  /** The published schema, without its inner ids, which name places in itself. */
  private static Schema oscalSchema() throws IOException {
    JsonNode source;
    try (InputStream in =
        EvidencePackTest.class.getResourceAsStream(
            "evidence/pack/oscal-assessment-results-1.2.1.json")) {
      source = JsonMapper.shared().readTree(in);
    }
    withoutIds(source, true);
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(source);
  }

  private static void withoutIds(JsonNode node, boolean isRoot) {
    if (node instanceof ObjectNode object && !isRoot && object.path("$id").isString()) {
      object.remove("$id");
    }
    node.values().forEach(child -> withoutIds(child, false));
  }

  @Test
  void thePublishedSchemaRefusesWhatIsNoAssessmentResult() throws Exception {
    JsonNode oscal =
        JsonMapper.shared().readTree(unpacked(pack("soc2")).get("oscal/assessment-results.json"));
    ((ObjectNode) oscal.path("assessment-results").path("metadata")).remove("oscal-version");
    assertThat(oscalSchema().validate(oscal)).isNotEmpty();
  }

  @Test
  void theSamePackIsMadeAgainByteForByte() throws Exception {
    byte[] first = pack("soc2");
    String checkpoint = text(unpacked(first), "proofs/checkpoint");
    record("login_succeeded", "success", "later");
    byte[] again =
        file(
            done(
                operator,
                "{'template':'soc2',%s,'checkpoint':'%s'}"
                    .formatted(PERIOD, checkpoint.replace("\n", "\\n"))));
    assertThat(again).isEqualTo(first);
    assertThat(pack("soc2")).isNotEqualTo(first);
    assertThat(
            operator
                .post(
                    packs,
                    "{'template':'soc2',%s,'checkpoint':'%s'}"
                        .formatted(PERIOD, checkpoint.replace("\n", "\\n").replace("/t/", "/u/")))
                .expect(422)
                .code())
        .isEqualTo("invalid");
  }

  @Test
  void anyByteThatChangedIsNamed() throws Exception {
    byte[] pack = pack("cyber_essentials");
    long seed = 20_261_130;
    Random random = new Random(seed);
    for (int at = 0; at < 48; at++) {
      requireNamed(pack, at, 1 << random.nextInt(8), seed); // the first header
    }
    for (int at = pack.length - 400; at < pack.length; at++) {
      requireNamed(pack, at, 1 << random.nextInt(8), seed); // the directory and the end
    }
    for (int i = 0; i < 300; i++) {
      requireNamed(pack, random.nextInt(pack.length), 1 << random.nextInt(8), seed);
    }
  }

  @Test
  @Tag("long")
  void everySingleByteThatChangedIsNamed() throws Exception {
    byte[] pack = pack("cyber_essentials");
    for (int at = 0; at < pack.length; at++) {
      requireNamed(pack, at, 1 << (at % 8), 0);
    }
  }

  private void requireNamed(byte[] pack, int at, int flipped, long seed) throws IOException {
    byte[] changed = pack.clone();
    changed[at] ^= (byte) flipped;
    assertThat(verified(changed).findings())
        .as("seed %d, byte %d", seed, at)
        .anyMatch(found -> found.breaks() && !found.sentence().isBlank());
  }

  @Test
  void theChangedFileIsTheOneThatIsNamed() throws Exception {
    byte[] pack = pack("access_review");
    String all = new String(pack, StandardCharsets.ISO_8859_1);
    for (String name : unpacked(pack).keySet()) {
      int header = all.indexOf(name);
      byte[] changed = pack.clone();
      changed[header + name.length() + 5] ^= 4;
      assertThat(verified(changed).findings())
          .as(name)
          .anyMatch(
              found -> found instanceof Finding.Damaged(String where, _) && where.equals(name));
    }
  }

  @Test
  void whatIsAddedToTheZipIsSeen() throws Exception {
    byte[] pack = pack("access_review");
    byte[] longer = Arrays.copyOf(pack, pack.length + 1);
    assertThat(verified(longer).broken()).isTrue();
    byte[] inFront = new byte[pack.length + 4];
    System.arraycopy(pack, 0, inFront, 4, pack.length);
    assertThat(verified(inFront).broken()).isTrue();
    assertThat(verified(Arrays.copyOf(pack, pack.length - 30)).broken()).isTrue();
    assertThat(verified(new byte[0]).broken()).isTrue();
  }

  @Test
  void whatAPersonMayNotSeeIsNotInTheirs() throws Exception {
    AccessCalls viewer = operator.key(acme, "'audit.view','audit.export','evidence.create'");
    JsonNode job = done(viewer, "{'template':'access_review',%s}".formatted(PERIOD));
    Map<String, byte[]> files = unpacked(file(job));
    assertThat(ids(files, "sign_ins")).containsExactly("l1", "l2", "l3", "f1", "f2");
    for (Map.Entry<String, byte[]> one : files.entrySet()) {
      assertThat(new String(one.getValue(), StandardCharsets.UTF_8))
          .as(one.getKey())
          .doesNotContain("Una")
          .doesNotContain("203.0.113.9");
    }
    assertThat(text(files, "README.txt")).contains("Withheld");
    assertThat(verified(file(job)).broken()).isFalse();
    AccessCalls without =
        operator.viewer(acme, "{'user':{'id':'w'},'permissions':['audit.view','audit.export']}");
    assertThat(without.post(packs, "{'template':'soc2',%s}".formatted(PERIOD)).expect(403).code())
        .isEqualTo("forbidden");
  }

  @Test
  void itIsRecordedWithItsHashAndListedAmongPacks() throws Exception {
    JsonNode job = done(operator, "{'template':'soc2','language':'de',%s}".formatted(PERIOD));
    String id = job.path("id").asString();
    JsonNode entry =
        server.get(
            "/v1/tenants/"
                + acme
                + "/events/"
                + server.find(acme, "action:audit.evidence_created target_id:" + id, 1).getFirst());
    assertThat(entry.path("details").path("sha256").asString())
        .isEqualTo(job.path("file").path("sha256").asString());
    assertThat(job.path("template").asString()).isEqualTo("soc2");
    assertThat(job.path("file").path("name").asString()).endsWith(".zip").contains("soc2");
    JsonNode list = operator.get(packs).expect(200).json().path("packs");
    assertThat(list.valueStream().map(one -> one.path("id").asString())).contains(id);
    assertThat(operator.get("/v1/tenants/" + acme + "/exports").json().path("exports").isEmpty())
        .isTrue();
    assertThat(text(unpacked(file(job)), "README.txt")).contains("Was das Protokoll zeigt");
  }

  @Test
  void aPurgeTakesThePackAwayAndSaysSo() throws Exception {
    try (GovernedServer own = new GovernedServer(directory.resolve("purged"))) {
      own.tenant("acme", "msp");
      acme = "acme";
      packs = "/v1/tenants/acme/packs";
      AccessCalls caller = AccessCalls.operator(own);
      own.record("acme", "old", "login_failed", "u_1", "Ana");
      own.find("acme", "id:old", 1);
      JsonNode job = done(caller, "{'template':'cyber_essentials',%s}".formatted(PERIOD));
      assertThat(job.path("counts").path("entries").asInt()).isEqualTo(1);
      own.advance(Duration.ofDays(3_000));
      caller.post("/v1/tenants/acme/retention/purge", "{'reason':'r'}").expect(200);
      assertThat(job(caller, job.path("id").asString()).path("state").asString())
          .isEqualTo("withdrawn");
      own.find("acme", "action:audit.export.withdrawn", 1);
    }
  }

  @Test
  void whatCannotBeAskedIsRefusedWithTheChoices() throws Exception {
    AccessCalls.Answer unknown =
        operator.post(packs, "{'template':'soc9',%s}".formatted(PERIOD)).expect(422);
    assertThat(unknown.text()).contains("access_review", "cyber_essentials");
    assertThat(operator.post(packs, "{'template':'soc2','reason':'r'}").expect(422).text())
        .contains("from", "to");
    operator
        .post(
            packs, "{'template':'soc2','from':'2000-01-01T00:00:00Z','to':'2020-01-01T00:00:00Z'}")
        .expect(422);
    assertThat(
            operator
                .post("/v1/tenants/" + acme + "/exports", "{'format':'pack'}")
                .expect(422)
                .text())
        .doesNotContain("pack,");
  }
}
