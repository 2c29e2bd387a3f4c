package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.audit.DataDirectoryAudit;
import dev.indelible.server.retention.DeletionSteps.Step;
import dev.indelible.testing.Eventually;
import dev.indelible.testing.LiveFolder;
import dev.indelible.verify.Leaf;
import dev.indelible.verify.Rfc6962;
import dev.indelible.verify.audit.Finding;
import dev.indelible.verify.audit.Trust;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Purges over HTTP: what is gone, what stays, what is left of a crash. */
class PurgeTest {

  private static final String PURGE = "/v1/tenants/acme/retention/purge";

  @TempDir Path directory;
  private GovernedServer server;

  @BeforeEach
  void begin() throws Exception {
    server = new GovernedServer(directory);
    server.tenant("acme", "msp");
    server.tenant("other", "msp");
  }

  @AfterEach
  void end() {
    server.close();
  }

  /** Eight old entries of acme's (six events, the tenant, its key), two new ones. */
  private void fill() throws Exception {
    for (int i = 0; i < 6; i++) {
      server.record("acme", "old" + i, "user.login", "u_" + i, "Person%dOld".formatted(i));
      server.record("other", "other" + i, "user.login", "u_" + i, "Person%dOther".formatted(i));
    }
    server.advance(Duration.ofDays(200));
    server.stop(); // Seals what is in memory.
    server.start();
    server.advance(Duration.ofDays(200));
    server.record("acme", "new1", "user.login", "u_1", "PersonNew");
    server.record("acme", "new2", "user.login", "u_1", "PersonNew");
  }

  private static List<byte[]> needles(GovernedServer server) throws Exception {
    List<byte[]> needles = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      JsonNode proof = server.get("/v1/tenants/acme/events/old%d/proof".formatted(i));
      needles.add(RawFiles.salt(proof, "facts"));
      needles.add(RawFiles.salt(proof, "personal"));
      needles.add("note-of-old%d".formatted(i).getBytes(StandardCharsets.UTF_8));
      needles.add("Person%dOld".formatted(i).getBytes(StandardCharsets.UTF_8));
      needles.add("person%dold".formatted(i).getBytes(StandardCharsets.UTF_8));
    }
    return needles;
  }

  static DataDirectoryAudit.Result audit(Path data) throws Exception {
    return DataDirectoryAudit.run(
        new DataDirectoryAudit.Places(
            data.resolve("journal/events"),
            data.resolve("journal/control"),
            data.resolve("journal/heads"),
            data.resolve("blobs")),
        new DataDirectoryAudit.Question(null, Trust.NOTHING, _ -> {}));
  }

  private static void assertVerifies(Path data, boolean purged) throws Exception {
    DataDirectoryAudit.Result result = audit(data);
    assertThat(result.broken()).as("%s", result).isFalse();
    List<Finding> purges = new ArrayList<>();
    for (DataDirectoryAudit.TenantReport tenant : result.tenants()) {
      for (Finding finding : tenant.report().findings()) {
        if (finding instanceof Finding.PurgedAt) {
          purges.add(finding);
        }
      }
    }
    if (purged) {
      assertThat(purges).as("one range, by one entry").hasSize(1);
      Finding.PurgedAt at = (Finding.PurgedAt) purges.getFirst();
      assertThat(at.end() - at.first()).isEqualTo(8);
    }
  }

  @Test
  void aPurgeLeavesNothingOfOldEntriesAndEverythingOfTheOthers() throws Exception {
    fill();
    List<byte[]> needles = needles(server);
    List<byte[]> note = List.of("note-of-old3".getBytes(StandardCharsets.UTF_8));
    assertThat(RawFiles.holding(server.data, note))
        .as("in compressed blocks too")
        .anyMatch(file -> file.endsWith(".run"));
    assertThat(RawFiles.holding(server.data, needles))
        .as("the search finds what is there")
        .anyMatch(file -> file.endsWith(".run"))
        .anyMatch(file -> file.endsWith(".segment"))
        .anyMatch(file -> file.startsWith("index"));
    JsonNode before = server.get("/v1/tenants/acme/events/new1/proof");
    JsonNode answer = server.expect(200, "POST", PURGE, "{\"reason\":\"spring\"}");
    assertThat(answer.path("entries").asLong()).isEqualTo(8);
    assertThat(RawFiles.holding(server.data, needles)).isEmpty();
    assertThat(server.find("acme", "id:old1", 0)).isEmpty();
    assertThat(server.call("GET", "/v1/tenants/acme/events/old1", "").status()).isEqualTo(404);
    assertThat(server.find("acme", "action:user.login", 2)).containsExactly("new2", "new1");
    assertThat(server.find("other", "action:user.login", 6)).hasSize(6);
    JsonNode entry = server.newest("acme", "action:audit.entries.purge");
    assertThat(entry.path("reason").asString()).isEqualTo("spring");
    assertThat(entry.path("details").path("entries").asLong()).isEqualTo(8);
    assertThat(entry.path("details").path("cut_off").asString()).isEqualTo("2026-01-05T00:00:00Z");
    assertThat(entry.path("details").path("retention").asString()).isEqualTo("P13M");
    JsonNode after = server.get("/v1/tenants/acme/events/new1/proof");
    assertThat(after.path("leaf")).isEqualTo(before.path("leaf"));
    assertThat(server.expect(200, "POST", PURGE, "{\"reason\":\"again\"}").path("entries").asLong())
        .isZero();
    server.stop();
    assertVerifies(server.data, true);
    assertThat(RawFiles.holdingAtRest(server.data, needles)).isEmpty();
    server.start();
    assertThat(RawFiles.holding(server.data, needles)).isEmpty();
    assertThat(server.find("acme", "action:user.login", 2)).hasSize(2);
  }

  @Test
  void theSchedulePurgesWhatIsDueOfEveryTenant() throws Exception {
    fill();
    server.stop();
    server.set(Setting.PURGE_EVERY, "1s");
    server.start();
    // The test set the clock far ahead, which nobody but a person can tell from a wrong one.
    server.expect(200, "POST", "/v1/clock/accept", "");
    assertThat(server.find("acme", "action:user.login", 2)).containsExactly("new2", "new1");
    assertThat(server.find("other", "action:user.login", 0)).isEmpty();
    JsonNode entry = server.newest("acme", "action:audit.entries.purge");
    assertThat(entry.path("actor").path("type").asString()).isEqualTo("system");
    assertThat(entry.path("reason").asString()).isEqualTo("retention");
    assertThat(server.find("other", "action:audit.entries.purge", 1)).hasSize(1);
    server.stop();
    assertThat(audit(server.data).broken()).isFalse();
    server.start();
  }

  @Test
  void theCertificateOfAPurgeHoldsTheProofOfItsRecord() throws Exception {
    fill();
    JsonNode purge = server.expect(200, "POST", PURGE, "{\"reason\":\"r\"}").path("purges").get(0);
    String id = purge.path("id").asString();
    JsonNode certificate = server.get("/v1/tenants/acme/deletions/" + id + "/certificate");
    assertThat(certificate.path("kind").asString()).isEqualTo("purge");
    assertThat(certificate.path("statement").asString()).contains("8 entries").contains("acme");
    assertThat(certificate.path("proof").path("seq")).isEqualTo(purge.path("seq"));
    String leaf = certificate.path("proof").path("leaf").asString();
    assertThat(Leaf.decode(Base64.getDecoder().decode(leaf)).orThrow().facts())
        .as("the digest of the record that the certificate shows")
        .isEqualTo(
            Leaf.digest(
                RawFiles.salt(certificate.path("proof"), "facts"),
                certificate
                    .path("proof")
                    .path("facts")
                    .path("text")
                    .asString()
                    .getBytes(StandardCharsets.UTF_8)));
    assertThat(certificate.path("deleted").path("set_digest").asString())
        .isEqualTo(setDigest("acme", 0, 8));
    assertThat(server.call("GET", "/v1/tenants/acme/deletions/new1/certificate", "").status())
        .isEqualTo(404);
  }

  /** Computes the digest from the leaves that the log still publishes, as any auditor can. */
  private String setDigest(String tenant, int from, int to) throws Exception {
    byte[] bundle =
        server.bytes("/v1/tenants/" + tenant + "/log/tile/entries/000.p/" + published(tenant));
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (int i = from; i < to; i++) {
      int at = i * (2 + Leaf.BYTES) + 2;
      digest.update(Rfc6962.leafHash(Arrays.copyOfRange(bundle, at, at + Leaf.BYTES)).toBytes());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private String published(String tenant) throws Exception {
    String note =
        new String(
            server.bytes("/v1/tenants/" + tenant + "/log/checkpoint"), StandardCharsets.UTF_8);
    return note.split("\n", 3)[1];
  }

  @Test
  void theRecordsOfPurgesAreNeverPurged() throws Exception {
    fill();
    server.expect(200, "POST", PURGE, "{\"reason\":\"first\"}");
    server.advance(Duration.ofDays(800));
    JsonNode answer = server.expect(200, "POST", PURGE, "{\"reason\":\"second\"}");
    assertThat(answer.path("entries").asLong()).isEqualTo(2);
    assertThat(server.find("acme", "action:audit.entries.purge", 2)).hasSize(2);
    server.stop();
    assertThat(audit(server.data).broken()).isFalse();
    server.start();
  }

  @Test
  void anIdIsFreeAgainOnceItsEntryIsPurged() throws Exception {
    fill();
    server.expect(200, "POST", PURGE, "{\"reason\":\"r\"}");
    server.record("acme", "old1", "user.logout", "u_9", "Another");
    assertThat(server.find("acme", "action:user.logout", 1)).containsExactly("old1");
    server.stop();
    assertThat(audit(server.data).broken()).isFalse();
    server.start();
    assertThat(server.find("acme", "action:user.logout", 1)).containsExactly("old1");
  }

  @Test
  void whatIsKeptForTheTenantsLifetimeIsNeverPurged() throws Exception {
    server.tenant("forever", "automation");
    server.record("forever", "old", "user.login", "u_1", "Ana");
    server.advance(Duration.ofDays(36_500));
    assertThat(
            server
                .expect(200, "POST", "/v1/tenants/forever/retention/purge", "{\"reason\":\"r\"}")
                .path("entries")
                .asLong())
        .isZero();
    assertThat(server.find("forever", "id:old", 1)).containsExactly("old");
  }

  @Test
  @Tag("long")
  void aCrashAtAnyStepLeavesAPurgeThatIsFinishedAtTheNextStart() throws Exception {
    fill();
    List<byte[]> needles = needles(server);
    Map<Step, Path> crashed = new EnumMap<>(Step.class);
    server.steps =
        step -> {
          Path copy = directory.resolve("crash-" + step).resolve("data");
          LiveFolder.copy(server.data, copy);
          crashed.put(step, copy);
        };
    server.expect(200, "POST", PURGE, "{\"reason\":\"r\"}");
    assertThat(crashed).containsOnlyKeys(Step.values());
    Instant now = server.now();
    for (Map.Entry<Step, Path> crash : crashed.entrySet()) {
      assertVerifies(crash.getValue(), crash.getKey().compareTo(Step.REWRITTEN) >= 0);
      try (GovernedServer again =
          new GovernedServer(
              directory.resolve("crash-" + crash.getKey()), now.plusSeconds(7_200))) {
        Eventually.see(
            "files that hold what is purged, after a crash at " + crash.getKey(),
            () -> RawFiles.holding(again.data, needles),
            List::isEmpty);
        assertThat(again.find("acme", "action:user.login", 2)).containsExactly("new2", "new1");
        assertThat(again.find("acme", "action:audit.entries.purge", 1)).hasSize(1);
        assertThat(again.find("other", "action:user.login", 6)).hasSize(6);
        again.stop();
        assertVerifies(crash.getValue(), true);
        again.start();
      }
    }
  }
}
