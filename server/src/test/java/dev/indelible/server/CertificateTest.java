package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.verify.VerifierKey;
import dev.indelible.verify.audit.AuditReport;
import dev.indelible.verify.audit.CertificateVerifier;
import dev.indelible.verify.audit.Finding;
import dev.indelible.verify.audit.Trust;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Certificates of deletions over HTTP, checked as somebody does who has the log's key alone. */
class CertificateTest {

  /** How many bytes of a file are changed, one at a time. */
  private static final int CHANGES = 300;

  private static final int LONG_CHANGES = 3_000;

  @TempDir static Path directory;
  private static GovernedServer server;
  private static String certificate;
  private static Trust trust;

  @BeforeAll
  static void purge() throws Exception {
    server = new GovernedServer(directory);
    server.tenant("acme", "msp");
    server.record("acme", "old", "user.login", "u_1", "Anastasia");
    server.advance(Duration.ofDays(500));
    JsonNode purge =
        server
            .expect(
                200,
                "POST",
                "/v1/tenants/acme/retention/purge",
                "{\"reason\":\"Löschung nach Frist, 删除\"}")
            .path("purges")
            .get(0);
    certificate = "/v1/tenants/acme/deletions/" + purge.path("id").asString() + "/certificate";
    trust = new Trust(List.of(key()), null);
  }

  private static VerifierKey key() throws Exception {
    String key =
        new String(server.bytes("/v1/tenants/acme/log/key"), StandardCharsets.UTF_8).strip();
    return VerifierKey.parse(key).orThrow();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private void assertHolds(byte[] file) {
    AuditReport report = CertificateVerifier.verify(file, trust);
    assertThat(report.broken()).as("%s", report.findings()).isFalse();
    assertThat(report.findings())
        .as("%s", report.findings())
        .anyMatch(finding -> finding instanceof Finding.Certified found && found.entries() == 3);
  }

  private void assertEachChangeIsNoticed(byte[] file, int changes) {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(file.length);
      byte[] changed = file.clone();
      changed[at] ^= (byte) (1 << random.nextInt(8));
      assertThat(CertificateVerifier.verify(changed, trust).broken()).as("byte %d", at).isTrue();
    }
  }

  @Test
  void theJsonIsSealedByTheLog() throws Exception {
    byte[] json = server.bytes(certificate);
    assertHolds(json);
    assertEachChangeIsNoticed(json, CHANGES);
  }

  @Test
  void thePdfSaysItToPeopleAndIsSealedByTheLog() throws Exception {
    byte[] pdf = server.bytes(certificate + "?format=pdf");
    assertHolds(pdf);
    String text;
    byte[] attached;
    try (PDDocument document = Loader.loadPDF(pdf)) {
      text = new PDFTextStripper().getText(document);
      var files = document.getDocumentCatalog().getNames().getEmbeddedFiles().getNames();
      attached =
          Objects.requireNonNull(files.get("certificate.json")).getEmbeddedFile().toByteArray();
    }
    assertThat(text)
        .contains("Certificate of deletion")
        .contains("The content of 3 entries of tenant acme")
        .contains("Löschung nach Frist, 删除")
        .contains("0 to 2")
        .contains("2026-04-16T00:00:00Z")
        .contains(key().toString())
        .contains("page 1 of");
    assertHolds(attached);
    Files.createDirectories(Path.of("target"));
    Files.write(Path.of("target", "certificate.pdf"), pdf); // To be looked at.
    assertEachChangeIsNoticed(pdf, CHANGES);
  }

  @Test
  @Tag("long")
  void noneOfManyChangesIsOverlooked() throws Exception {
    assertEachChangeIsNoticed(server.bytes(certificate), LONG_CHANGES);
    assertEachChangeIsNoticed(server.bytes(certificate + "?format=pdf"), LONG_CHANGES);
  }

  @Test
  void whoDecidedIsWithheldFromThoseWhoMayNotSeeIt() throws Exception {
    server.tenant("desk", "kimondesk"); // hashes actors, and so who purges
    server.record("desk", "old", "ticket.updated", "u_1", "Anastasia");
    server.advance(Duration.ofDays(500));
    JsonNode purge =
        server
            .expect(200, "POST", "/v1/tenants/desk/retention/purge", "{\"reason\":\"due\"}")
            .path("purges")
            .get(0);
    String path = "/v1/tenants/desk/deletions/" + purge.path("id").asString() + "/certificate";
    AccessCalls operator = AccessCalls.operator(server);
    AccessCalls reader = operator.key("desk", "'audit.view'");
    AccessCalls officer = operator.key("desk", "'audit.view','audit.view_personal'");
    String decidedBy = operator.get("/v1/whoami").json().path("key_id").asString();
    JsonNode shown = officer.get(path).expect(200).json().path("proof");
    assertThat(shown.path("personal_state").asString()).isEqualTo("present");
    assertThat(shown.path("personal").path("text").asString()).contains(decidedBy);
    JsonNode withheld = reader.get(path).expect(200).json().path("proof");
    assertThat(withheld.path("personal_state").asString()).isEqualTo("withheld");
    assertThat(withheld.path("personal").isNull()).isTrue();
    assertThat(withheld.path("facts")).isEqualTo(shown.path("facts"));
    Trust desk =
        new Trust(
            List.of(
                VerifierKey.parse(
                        new String(server.bytes("/v1/tenants/desk/log/key"), StandardCharsets.UTF_8)
                            .strip())
                    .orThrow()),
            null);
    byte[] json = reader.get(path).text().getBytes(StandardCharsets.UTF_8);
    assertThat(new String(json, StandardCharsets.UTF_8)).doesNotContain(decidedBy);
    AuditReport report = CertificateVerifier.verify(json, desk);
    assertThat(report.broken()).as("%s", report.findings()).isFalse();
    byte[] pdf = reader.bytes(path + "?format=pdf");
    try (PDDocument document = Loader.loadPDF(pdf)) {
      assertThat(new PDFTextStripper().getText(document))
          .doesNotContain(decidedBy)
          .doesNotContain("the program, on schedule");
    }
    assertThat(CertificateVerifier.verify(pdf, desk).broken()).isFalse();
  }

  @Test
  void anotherFormatIsRefused() throws Exception {
    assertThat(server.call("GET", certificate + "?format=docx", "").status()).isEqualTo(400);
  }
}
