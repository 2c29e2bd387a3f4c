package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.verify.audit.AuditReport;
import dev.indelible.verify.audit.ExportVerifier;
import dev.indelible.verify.audit.Trust;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The end of a tenant over HTTP: nothing of its entries is left but the certificate. */
class TenantDeletionTest {

  @TempDir Path directory;
  private GovernedServer server;

  @BeforeEach
  void begin() throws Exception {
    server = new GovernedServer(directory);
    server.tenant("acme", "automation");
    server.tenant("other", "standard");
    server.record("acme", "e1", "user.login", "u_1", "Anastasia");
    server.record("other", "e1", "user.login", "u_1", "Boleslav");
  }

  @AfterEach
  void end() {
    server.close();
  }

  @Test
  void nothingIsLeftButTheCertificate() throws Exception {
    AccessCalls operator = AccessCalls.operator(server);
    operator
        .post(
            "/v1/tenants/acme/members",
            "{'id':'u_m','name':'Leonora','reason':'r','assignments':[{'role':'tenant_admin'}]}")
        .expect(201);
    operator
        .viewer("acme", "{'user':{'id':'u_v','name':'Leonora'}}")
        .get("/v1/tenants/acme/events")
        .expect(200);
    List<byte[]> people = List.of("Leonora".getBytes(StandardCharsets.UTF_8));
    assertThat(RawFiles.holding(server.data, people))
        .as("the search finds what is there")
        .anyMatch(file -> file.contains("people"))
        .anyMatch(file -> file.contains("sessions"));
    JsonNode proof = server.get("/v1/tenants/acme/events/e1/proof");
    List<byte[]> needles =
        List.of(
            RawFiles.salt(proof, "facts"),
            RawFiles.salt(proof, "personal"),
            "Anastasia".getBytes(StandardCharsets.UTF_8),
            "note-of-e1".getBytes(StandardCharsets.UTF_8));
    String path = "/v1/tenants/acme?reason=contract%20ended";
    assertThat(server.call("DELETE", path, "").code()).isEqualTo("confirmation_required");
    assertThat(server.find("acme", "id:e1", 1)).hasSize(1);
    JsonNode closed = server.expect(200, "DELETE", path + "&confirm=acme", "");
    assertThat(closed.path("state").asString()).isEqualTo("deleted");
    assertThat(server.call("GET", "/v1/tenants/acme", "").status()).isEqualTo(404);
    assertThat(server.call("GET", "/v1/tenants/acme/events", "").status()).isEqualTo(404);
    assertThat(
            server
                .call(
                    "POST",
                    "/v1/events",
                    "{\"tenant\":\"acme\",\"action\":\"a.b\",\"actor\":{\"type\":\"system\"}}")
                .code())
        .isEqualTo("unknown_tenant");
    assertThat(server.call("POST", "/v1/tenants", "{\"id\":\"acme\"}").code())
        .isEqualTo("tenant_exists");
    assertThat(server.get("/v1/tenants").path("tenants")).hasSize(1);
    assertThat(RawFiles.holding(server.data, needles.subList(0, 3))).isEmpty();
    assertThat(RawFiles.holding(server.data, people)).isEmpty();
    JsonNode certificate = server.get("/v1/closed-tenants/acme/certificate");
    assertThat(certificate.path("tenant").asString()).isEqualTo("acme");
    assertThat(certificate.path("deleted").path("retention").asString()).isEqualTo("offboarding");
    assertThat(certificate.path("deleted").path("entries").asLong()).isGreaterThanOrEqualTo(3);
    assertThat(certificate.path("proof").path("seq")).isEqualTo(certificate.path("record_seq"));
    assertThat(server.find("other", "id:e1", 1)).hasSize(1);
    server.stop();
    assertThat(PurgeTest.audit(server.data).broken()).isFalse();
    assertThat(RawFiles.holdingAtRest(server.data, needles.subList(0, 3))).isEmpty();
    server.start();
    assertThat(server.get("/v1/closed-tenants").path("tenants").get(0).path("state").asString())
        .isEqualTo("deleted");
    assertThat(server.call("GET", "/v1/tenants/acme", "").status()).isEqualTo(404);
    assertThat(server.get("/v1/closed-tenants/acme/certificate").path("record_id"))
        .isEqualTo(certificate.path("record_id"));
  }

  @Test
  void aTenantWhoseEntriesWereAllDueIsClosedAllTheSame() throws Exception {
    server.advance(Duration.ofDays(4_000));
    server.expect(200, "POST", "/v1/tenants/other/retention/purge", "{\"reason\":\"due\"}");
    JsonNode closed =
        server.expect(200, "DELETE", "/v1/tenants/other?reason=over&confirm=other", "");
    assertThat(closed.path("state").asString()).isEqualTo("deleted");
    JsonNode certificate = server.get("/v1/closed-tenants/other/certificate");
    assertThat(certificate.path("deleted").path("retention").asString()).isEqualTo("offboarding");
    server.stop();
    assertThat(PurgeTest.audit(server.data).broken()).isFalse();
    server.start();
    assertThat(server.get("/v1/closed-tenants").path("tenants").get(0).path("state").asString())
        .isEqualTo("deleted");
  }

  @Test
  void aDeletionThatIsNotConfirmedSaysWhatWouldGoAndOffersACopy() throws Exception {
    server.get("/v1/tenants/acme/events/e1/proof"); // waits for the checkpoint that covers it
    String path = "/v1/tenants/acme?reason=it%27s+over";
    for (String confirm : List.of("", "&confirm=", "&confirm=other")) {
      GovernedServer.Answer refused = server.call("DELETE", path + confirm, "");
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.code()).isEqualTo("confirmation_required");
      long entries = refused.body().path("entries").asLong();
      assertThat(entries).isGreaterThanOrEqualTo(2);
      assertThat(refused.body().path("detail").asString())
          .startsWith(entries + " entries of tenant acme will be deleted for good.");
      assertThat(refused.body().path("export").path("command").asString())
          .isEqualTo(
              "indelible export --tenant acme --reason 'it'\\''s over' --out acme.ndjson.gz");
    }
    JsonNode refused = server.call("DELETE", path, "").body();
    byte[] copy = server.bytes(refused.path("export").path("path").asString());
    long entries = refused.path("entries").asLong();
    AuditReport report =
        ExportVerifier.verify(new ByteArrayInputStream(copy), Trust.NOTHING, _ -> {});
    assertThat(report.broken()).as(report.toString()).isFalse();
    // What the newest checkpoint covers: the look at the proof may be recorded after it.
    assertThat(report.entries()).isBetween(2L, entries);
    assertThat(new String(copy, StandardCharsets.UTF_8)).contains("Anastasia");
    assertThat(server.newest("acme", "action:audit.exported").path("reason").asString())
        .isEqualTo("it's over");
  }

  @Test
  void aCopyWithItsHeaderIsOfTheWholeLog() throws Exception {
    for (String bound : List.of("from_seq=0", "to_seq=1")) {
      assertThat(server.call("GET", "/v1/tenants/acme/log/entries?header=true&" + bound, "").code())
          .isEqualTo("invalid_parameter");
    }
  }

  @Test
  void aTenantWithAHoldInForceIsNotDeleted() throws Exception {
    server.expect(
        201, "POST", "/v1/tenants/acme/holds", "{\"name\":\"all\",\"reason\":\"matter\"}");
    assertThat(server.call("DELETE", "/v1/tenants/acme?reason=r&confirm=acme", "").code())
        .isEqualTo("holds_in_force");
    assertThat(server.find("acme", "id:e1", 1)).hasSize(1);
  }

  @Test
  @Tag("long")
  void aHoldAndADeletionAtOnceAreNeverBothDone() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        String tenant = "t" + i;
        server.tenant(tenant, "standard");
        CountDownLatch both = new CountDownLatch(2);
        Future<Integer> held =
            threads.submit(
                () -> {
                  both.countDown();
                  both.await();
                  return server
                      .call(
                          "POST",
                          "/v1/tenants/" + tenant + "/holds",
                          "{\"name\":\"all\",\"reason\":\"matter\"}")
                      .status();
                });
        Future<Integer> deleted =
            threads.submit(
                () -> {
                  both.countDown();
                  both.await();
                  return server
                      .call("DELETE", "/v1/tenants/%s?reason=r&confirm=%1$s".formatted(tenant), "")
                      .status();
                });
        assertThat(List.of(held.get(), deleted.get())).isIn(List.of(201, 409), List.of(404, 200));
      }
    }
  }

  @Test
  @Tag("long")
  void aDeletionThatOneEntryCannotRecordHasACertificateForEach() throws Exception {
    int kept = 10_001; // one range more than a record has
    server.tenant("split", "standard");
    for (int i = 0; i < kept; i += 5_000) {
      List<String> batch = new ArrayList<>();
      for (int j = i; j < Math.min(kept, i + 5_000); j++) {
        for (String user : List.of("u_1", "u_2")) {
          batch.add(
              "{\"tenant\":\"split\",\"action\":\"user.login\",\"actor\":{\"type\":\"user\",\"id\":\"%s\"}}"
                  .formatted(user));
        }
      }
      server.expect(201, "POST", "/v1/events", "[" + String.join(",", batch) + "]");
    }
    // Every second entry goes first, so that what is left are ranges of one entry each.
    JsonNode hold =
        server.expect(
            201,
            "POST",
            "/v1/tenants/split/holds",
            "{\"name\":\"one\",\"query\":\"actor:u_1\",\"reason\":\"r\"}");
    server.advance(Duration.ofDays(500));
    server.expect(200, "POST", "/v1/tenants/split/retention/purge", "{\"reason\":\"due\"}");
    server.expect(
        200, "DELETE", "/v1/tenants/split/holds/" + hold.path("id").asString() + "?reason=r", "");
    server.expect(200, "DELETE", "/v1/tenants/split?reason=r&confirm=split", "");
    JsonNode closed = server.get("/v1/closed-tenants").path("tenants").get(0);
    assertThat(closed.path("records").size()).isGreaterThan(1);
    assertThat(closed.path("record_id")).isEqualTo(closed.path("records").get(0));
    long entries = 0;
    String path = "/v1/closed-tenants/split/certificate";
    for (JsonNode record : closed.path("records")) {
      JsonNode certificate = server.get(path + "?record=" + record.asString());
      assertThat(certificate.path("record_id")).isEqualTo(record);
      entries += certificate.path("deleted").path("entries").asLong();
    }
    assertThat(entries).isGreaterThanOrEqualTo(kept);
    assertThat(server.get(path).path("record_id")).isEqualTo(closed.path("record_id"));
    assertThat(server.call("GET", path + "?record=e1", "").status()).isEqualTo(404);
    server.stop();
    server.start();
    assertThat(server.get("/v1/closed-tenants").path("tenants").get(0)).isEqualTo(closed);
  }
}
