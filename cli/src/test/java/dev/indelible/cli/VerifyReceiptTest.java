package dev.indelible.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.audit.AuditedServer;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.testing.Eventually;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code verify --receipt}: whom a request for erasure was about. */
class VerifyReceiptTest {

  @TempDir private Path folder;

  private record Ended(int code, String out, String err) {}

  private static Ended run(String... arguments) {
    return run(Map.of(), arguments);
  }

  private static Ended run(Map<String, String> environment, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            false,
            false,
            environment);
    int code = Main.commandLine(terminal).execute(arguments);
    return new Ended(code, out.toString(), err.toString());
  }

  private String file(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void aReceiptShowsWhomARequestWasAbout() throws Exception {
    try (AuditedServer server = AuditedServer.start(folder.resolve("data"))) {
      server.createTenant("acme");
      server.record("acme", 0, 5);
      String erasures = "/v1/tenants/acme/erasures";
      JsonNode received =
          JsonMapper.shared()
              .readTree(server.send("POST", erasures, "{\"identifiers\":[\"u_3\"]}"));
      JsonNode receipt = received.path("receipt");
      JsonNode done =
          JsonMapper.shared()
              .readTree(
                  server.send(
                      "POST",
                      erasures + "/" + received.path("id").asString() + "/approve",
                      "{\"reason\":\"checked\"}"));
      String vkey = file("acme.vkey", server.send("GET", "/v1/tenants/acme/log/key", null));
      String path =
          "/v1/tenants/acme/deletions/" + done.path("records").get(0).asString() + "/certificate";
      String certificate =
          file(
              "certificate.json",
              Eventually.see(
                  "a certificate, once a checkpoint covers it",
                  () -> server.send("GET", path, null),
                  text -> !text.contains("\"code\":\"not_published\"")));
      String good = file("good.json", receipt.toString() + "\n");
      Ended shown = run("verify", certificate, "--key", vkey, "--receipt", good);
      assertThat(shown.code()).as("%s", shown).isZero();
      assertThat(shown.out()).contains("was about u_3: entry ");
      String export = folder.resolve("acme.ndjson.gz").toString();
      Ended exported =
          run(
              Map.of(
                  "INDELIBLE_URL", server.uri().toString(),
                  "INDELIBLE_KEY", server.key(),
                  "INDELIBLE_TENANT", "acme"),
              "export",
              "--out",
              export);
      assertThat(exported.code()).as("%s", exported).isZero();
      Ended inTheExport = run("verify", export, "--key", vkey, "--receipt", good);
      assertThat(inTheExport.code()).as("%s", inTheExport).isZero();
      assertThat(inTheExport.out()).contains("was about u_3: entry ");

      String other = file("other.json", receipt.toString().replace("[\"u_3\"]", "[\"u_4\"]"));
      Ended changed = run("verify", certificate, "--key", vkey, "--receipt", other);
      assertThat(changed.code()).isEqualTo(1);
      assertThat(changed.out()).contains("its commitment is not that of its identifiers");

      JsonNode second =
          JsonMapper.shared()
              .readTree(server.send("POST", erasures, "{\"identifiers\":[\"u_4\"]}"));
      String wrong = file("wrong.json", second.path("receipt").toString());
      Ended unknown = run("verify", certificate, "--key", vkey, "--receipt", wrong);
      assertThat(unknown.code()).isEqualTo(1);
      assertThat(unknown.out()).contains("No entry says that the request");

      assertThat(run("verify", folder.toString(), "--receipt", good).code()).isEqualTo(2);
      assertThat(run("verify", certificate, "--key", vkey, "--receipt", vkey).code()).isEqualTo(2);
    }
  }
}
