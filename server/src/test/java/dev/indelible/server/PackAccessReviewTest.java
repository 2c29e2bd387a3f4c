package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.evidence.pack.RebuiltPack;
import dev.indelible.testing.Eventually;
import dev.indelible.verify.access.PackReviews;
import dev.indelible.verify.audit.AuditReport;
import dev.indelible.verify.audit.Finding;
import dev.indelible.verify.audit.PackVerifier;
import dev.indelible.verify.audit.Trust;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Access reviews in evidence packs: the pack itself shows that nobody is missing. */
class PackAccessReviewTest {

  private static final String PERIOD =
      "'from':'2024-01-01T00:00:00Z','to':'2033-12-01T00:00:00Z','reason':'r'";
  private static final String JSON = "access/who_had_access.json";
  private static final String CSV = "access/who_had_access.csv";

  @TempDir static Path directory;
  @TempDir Path folder;
  private static GovernedServer server;
  private String tenant = "";
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
  void newTenant() throws Exception {
    tenant = server.newTenant("standard");
    operator = AccessCalls.operator(server);
  }

  private void send(String action, String rest) throws Exception {
    String event =
        "{'tenant':'%s','action':'%s','actor':{'type':'user','id':'u_admin','name':'Ada'}%s}"
            .formatted(tenant, action, rest.isEmpty() ? "" : "," + rest);
    server.expect(201, "POST", "/v1/events?wait=sealed", event.replace('\'', '"'));
  }

  private static String user(String id) {
    return "'targets':[{'type':'user','id':'" + id + "','name':'Name of " + id + "'}]";
  }

  private void peopleComeAndGo() throws Exception {
    for (String id : List.of("u_ana", "u_bo", "u_eve")) {
      send("user.created", user(id));
      send("user.role_changed", user(id) + ",'changes':[{'field':'role','after':'agent'}]");
    }
    send("record.updated", "'targets':[{'type':'record','id':'r_1'}]");
    send("user.deactivated", user("u_eve"));
  }

  private byte[] pack(String template) throws Exception {
    return pack(operator, "{'template':'%s',%s}".formatted(template, PERIOD));
  }

  private byte[] pack(AccessCalls caller, String body) throws Exception {
    String exports = "/v1/tenants/" + tenant + "/exports/";
    String id =
        caller
            .post("/v1/tenants/" + tenant + "/packs", body)
            .expect(202)
            .json()
            .path("id")
            .asString();
    JsonNode job =
        Eventually.see(
            "the end of " + id,
            () -> caller.get(exports + id).expect(200).json(),
            seen -> !List.of("waiting", "running").contains(seen.path("state").asString()));
    assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("done");
    return caller.bytes(exports + id + "/file");
  }

  private AuditReport verified(byte[] pack) throws IOException {
    Path file = folder.resolve("pack.zip");
    Files.write(file, pack);
    return PackVerifier.verify(file, Trust.NOTHING, null, new PackReviews(), _ -> {});
  }

  private AuditReport verified(Map<String, byte[]> files) throws IOException {
    return verified(RebuiltPack.of(files, folder));
  }

  private static List<Finding> breaking(AuditReport report) {
    return report.findings().stream().filter(Finding::breaks).toList();
  }

  private static String text(Map<String, byte[]> files, String name) {
    return new String(files.get(name), StandardCharsets.UTF_8);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, byte[]> with(Map<String, byte[]> files, String path, byte[] content) {
    Map<String, byte[]> changed = new LinkedHashMap<>(files);
    changed.put(path, content);
    return changed;
  }

  @Test
  void thePackShowsByItselfThatNobodyIsMissing() throws Exception {
    peopleComeAndGo();
    byte[] pack = pack("access_review");
    Map<String, byte[]> files = RebuiltPack.files(pack);
    JsonNode review = JsonMapper.shared().readTree(files.get(JSON));
    assertThat(review.path("people").valueStream().map(one -> one.path("id").asString()))
        .contains("u_ana", "u_bo");
    assertThat(review.path("leavers").valueStream().map(one -> one.path("id").asString()))
        .containsExactly("u_eve");
    assertThat(text(files, CSV)).contains("person,product,user,u_ana,Name of u_ana");
    assertThat(text(files, "README.txt")).contains("fails if one person or one").contains(CSV);
    JsonNode named = JsonMapper.shared().readTree(files.get("pack.json"));
    assertThat(named.path("proofs").asString()).isEqualTo("log");
    AuditReport report = verified(pack);
    assertThat(breaking(report)).isEmpty();
    assertThat(report.findings())
        .anyMatch(
            found ->
                found instanceof Finding.ReviewMadeAgain made
                    && made.isWhole()
                    && made.people() == review.path("people").size());
    assertThat(breaking(verified(files))).as("made anew as it was").isEmpty();
    server.newest(tenant, "action:audit.evidence_created");
  }

  @Test
  void onePersonOrGrantThatIsLeftOutIsNamed() throws Exception {
    peopleComeAndGo();
    Map<String, byte[]> files = RebuiltPack.files(pack("access_review"));
    List<byte[]> ways = waysToLeaveOut(files.get(JSON));
    assertThat(ways).hasSizeGreaterThan(6);
    for (byte[] way : ways) {
      assertThat(breaking(verified(with(files, JSON, way))))
          .as(new String(way, StandardCharsets.UTF_8))
          .anyMatch(found -> found instanceof Finding.LeftOut);
    }
    String table = text(files, CSV);
    for (String row : table.lines().skip(1).toList()) {
      assertThat(breaking(verified(with(files, CSV, utf8(table.replace(row + "\r\n", ""))))))
          .as(row)
          .anyMatch(found -> found instanceof Finding.Damaged(String at, _) && at.equals(CSV));
    }
  }

  /** Reviews that lack one person, one departure, or one grant. */
  private static List<byte[]> waysToLeaveOut(byte[] review) {
    List<byte[]> ways = new ArrayList<>();
    JsonNode whole = JsonMapper.shared().readTree(review);
    for (String list : List.of("people", "leavers")) {
      for (int i = 0; i < whole.path(list).size(); i++) {
        ObjectNode one = (ObjectNode) whole.deepCopy();
        ((ArrayNode) one.path(list)).remove(i);
        ways.add(JsonMapper.shared().writeValueAsBytes(one));
        for (int j = 0; j < whole.path(list).get(i).path("grants").size(); j++) {
          ObjectNode other = (ObjectNode) whole.deepCopy();
          ((ArrayNode) other.path(list).get(i).path("grants")).remove(j);
          ways.add(JsonMapper.shared().writeValueAsBytes(other));
        }
      }
    }
    return ways;
  }

  @Test
  void anEntryThatIsLeftOutOfTheProofsIsMissed() throws Exception {
    peopleComeAndGo();
    Map<String, byte[]> files = RebuiltPack.files(pack("access_review"));
    List<String> lines = text(files, "proofs/entries.ndjson").lines().toList();
    List<String> fewer = new ArrayList<>(lines);
    String gone = fewer.remove(2);
    assertThat(gone).contains("\"seq\":1,");
    fewer.set(fewer.size() - 1, "{\"entries\":" + (fewer.size() - 2) + "}");
    byte[] cut = utf8(String.join("\n", fewer) + "\n");
    assertThat(breaking(verified(with(files, "proofs/entries.ndjson", cut)))).isNotEmpty();
  }

  @Test
  void aPackOfItsEntriesAloneSaysThatItIs() throws Exception {
    peopleComeAndGo();
    byte[] pack = pack("soc2");
    Map<String, byte[]> files = RebuiltPack.files(pack);
    AuditReport report = verified(pack);
    assertThat(breaking(report)).isEmpty();
    assertThat(report.findings())
        .anyMatch(found -> found instanceof Finding.ReviewMadeAgain made && !made.isWhole());
    assertThat(text(files, "proofs/entries.ndjson")).doesNotContain("record.updated");
    for (byte[] way : waysToLeaveOut(files.get(JSON))) {
      assertThat(breaking(verified(with(files, JSON, way)))).isNotEmpty();
    }
    JsonNode oscal = JsonMapper.shared().readTree(files.get("oscal/assessment-results.json"));
    JsonNode observation =
        oscal.path("assessment-results").path("results").get(0).path("observations").get(0);
    JsonNode grant =
        JsonMapper.shared().readTree(files.get(JSON)).path("people").get(0).path("grants").get(0);
    assertThat(observation.path("relevant-evidence").toString())
        .contains("\"" + grant.path("entry").asString() + "\"");
  }

  @Test
  void grantsBeforeThePeriodAreInTheReviewAndNotInTheTables() throws Exception {
    send("user.created", user("u_old"));
    server.advance(Duration.ofDays(2));
    String from = server.now().minus(Duration.ofDays(1)).toString();
    send("user.created", user("u_new"));
    Map<String, byte[]> files =
        RebuiltPack.files(
            pack(
                operator,
                "{'template':'soc2','from':'%s','to':'2033-12-01T00:00:00Z','reason':'r'}"
                    .formatted(from)));
    assertThat(text(files, JSON)).contains("u_old", "u_new");
    assertThat(text(files, "sections/access_given_and_taken.json"))
        .contains("u_new")
        .doesNotContain("u_old");
    JsonNode differences = JsonMapper.shared().readTree(files.get(JSON)).path("differences");
    assertThat(differences.path("people_added").toString())
        .contains("u_new")
        .doesNotContain("u_old");
  }

  @Test
  void whatWasPurgedBeforeIsAccountedFor() throws Exception {
    peopleComeAndGo();
    server.advance(Duration.ofDays(1_000));
    String purge = "/v1/tenants/" + tenant + "/retention/purge";
    assertThat(server.expect(200, "POST", purge, "{\"reason\":\"due\"}").path("entries").asLong())
        .isPositive();
    byte[] pack = pack("access_review");
    AuditReport report = verified(pack);
    assertThat(breaking(report)).isEmpty();
    assertThat(report.findings())
        .anyMatch(found -> found instanceof Finding.ReviewMadeAgain made && made.isWhole());
    assertThat(text(RebuiltPack.files(pack), JSON)).contains("u_ana", "\"complete\":true");
  }
}
