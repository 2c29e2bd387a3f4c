package dev.indelible.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.audit.AuditedServer;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.verify.SignedCheckpoint;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code verify} and {@code export} against a real server, its directory, and copies of it. */
class VerifyTest {

  @TempDir private Path folder;

  private record Ended(int code, String out, String err) {}

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

  private Path file(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void aReceiptOfAnErasureHoldsAsJsonAndAsPdfUntilAByteIsChanged() throws Exception {
    try (AuditedServer server = AuditedServer.start(folder.resolve("data"))) {
      server.createTenant("acme");
      server.record("acme", 0, 5);
      String erasures = "/v1/tenants/acme/erasures";
      JsonNode received =
          JsonMapper.shared()
              .readTree(
                  server.send("POST", erasures, "{\"identifiers\":[\"u_3\"],\"reason\":\"r\"}"));
      JsonNode done =
          JsonMapper.shared()
              .readTree(
                  server.send(
                      "POST",
                      erasures + "/" + received.path("id").asString() + "/approve",
                      "{\"reason\":\"checked\"}"));
      String certificate =
          "/v1/tenants/acme/deletions/%s/certificate?format="
              .formatted(done.path("records").get(0).asString());
      Path key = file("acme.vkey", server.send("GET", "/v1/tenants/acme/log/key", null));
      for (String format : List.of("json", "pdf")) {
        byte[] bytes = server.bytes(certificate + format);
        Path file = Files.write(folder.resolve("receipt." + format), bytes);
        Ended ended = run(Map.of(), "verify", file.toString(), "--key", key.toString());
        assertThat(ended.code()).as("%s", ended).isZero();
        assertThat(ended.out())
            .contains("certificate: 1 entry, checkpoint of ")
            .contains("The personal part of 1 entry was deleted: entry ")
            .contains("holds.");
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        ended = run(Map.of(), "verify", file.toString(), "--key", key.toString());
        assertThat(ended.code()).as("%s", ended).isEqualTo(1);
        assertThat(ended.out()).contains("does NOT hold.");
      }
    }
  }

  @Test
  void anExportAServerAndADirectoryHoldUntilSomebodyWorksOnThem() throws Exception {
    Path data = folder.resolve("data");
    Path backup = folder.resolve("backup");
    Path killed = folder.resolve("killed");
    Path export = folder.resolve("acme.ndjson.gz");
    try (AuditedServer server = AuditedServer.start(data)) {
      server.createTenant("acme");
      server.record("acme", 0, 60);
    }
    SignedCheckpoint held;
    Path heldFile;
    Path keyFile;
    try (AuditedServer server = AuditedServer.start(data)) {
      Map<String, String> environment =
          Map.of(
              "INDELIBLE_URL", server.uri().toString(),
              "INDELIBLE_KEY", server.key(),
              "INDELIBLE_TENANT", "acme");
      server.record("acme", 60, 40);
      server.awaitCheckpoint("acme", 100);
      server.copyTo(backup);
      server.record("acme", 100, 300);
      held = server.awaitCheckpoint("acme", 400);
      heldFile = file("held.checkpoint", held.note().toString());
      keyFile = file("acme.vkey", server.send("GET", "/v1/tenants/acme/log/key", null));
      server.record("acme", 400, 50);
      server.awaitCheckpoint("acme", 450);

      assertThat(run(environment, "export", "--out", export.toString()).code()).isZero();
      for (String[] more :
          List.of(
              new String[] {server.uri().toString()},
              new String[] {server.uri().toString(), "--entries"},
              new String[] {export.toString()},
              new String[] {data.toString()})) {
        List<String> arguments = new ArrayList<>(List.of("verify"));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("--key", keyFile.toString(), "--checkpoint", heldFile.toString()));
        Ended ended = run(environment, arguments.toArray(String[]::new));
        assertThat(ended.code()).as("%s%s", ended.out(), ended.err()).isZero();
        assertThat(ended.out()).contains(" holds.");
      }
      server.copyTo(killed);
    }
    Ended whole = run(Map.of(), "verify", killed.toString(), "--json");
    assertThat(whole.out()).contains("\"verdict\":\"holds\"");

    Ended rolledBack =
        run(Map.of(), "verify", backup.toString(), "--checkpoint", heldFile.toString());
    assertThat(rolledBack.code()).isEqualTo(1);
    assertThat(rolledBack.out())
        .contains("The log was rolled back: you hold size " + held.checkpoint().size());
    assertThat(run(Map.of(), "verify", backup.toString()).code())
        .as("a backup in place of the log is seen by a checkpoint kept elsewhere alone")
        .isZero();

    // The newest runs and journal gone, what was published of them still there.
    Path mixed = folder.resolve("mixed");
    AuditedServer.copy(backup, mixed);
    AuditedServer.delete(mixed.resolve("journal/heads"));
    AuditedServer.copy(killed.resolve("journal/heads"), mixed.resolve("journal/heads"));
    Ended inconsistent = run(Map.of(), "verify", mixed.toString());
    assertThat(inconsistent.code()).as(inconsistent.out()).isEqualTo(1);
  }

  @Test
  void aWithheldExportHoldsAndSaysSoAndAnAlteredOneDoesNot() throws Exception {
    Path export = folder.resolve("acme.ndjson");
    try (AuditedServer server = AuditedServer.start(folder.resolve("data"))) {
      Map<String, String> environment =
          Map.of("INDELIBLE_URL", server.uri().toString(), "INDELIBLE_KEY", server.key());
      server.createTenant("acme");
      server.record("acme", 0, 40);
      server.awaitCheckpoint("acme", 40);
      assertThat(
              run(
                      environment,
                      "export",
                      "--tenant",
                      "acme",
                      "--without-personal",
                      "--out",
                      export.toString())
                  .code())
          .isZero();
    }
    String text = Files.readString(export);
    assertThat(text).doesNotContain("Ana ");
    Ended ended = run(Map.of(), "verify", export.toString());
    assertThat(ended.code()).as(ended.out()).isZero();
    assertThat(ended.out()).contains("a personal part withheld");

    Files.write(export, text.replaceFirst("u_3", "u_4").getBytes(UTF_8));
    Ended altered = run(Map.of(), "verify", export.toString());
    assertThat(altered.code()).isEqualTo(1);
    assertThat(altered.out()).contains("was altered", "does NOT hold");
  }

  @Test
  void anOlderCopyThanTheHeldCheckpointIsSaidNotToReachItAndTheServerIsAskedWhetherItGrew()
      throws Exception {
    Path export = folder.resolve("acme.ndjson");
    try (AuditedServer server = AuditedServer.start(folder.resolve("data"))) {
      Map<String, String> environment =
          Map.of("INDELIBLE_URL", server.uri().toString(), "INDELIBLE_KEY", server.key());
      server.createTenant("acme");
      server.record("acme", 0, 4000);
      long shown = server.awaitCheckpoint("acme", 4000).checkpoint().size();
      assertThat(run(environment, "export", "--tenant", "acme", "--out", export.toString()).code())
          .isZero();
      server.record("acme", 4000, 1000);
      SignedCheckpoint held = server.awaitCheckpoint("acme", 5000);
      Path heldFile = file("held.checkpoint", held.note().toString());
      String[] command = {
        "verify", export.toString(), "--tenant", "acme", "--checkpoint", heldFile.toString()
      };
      Ended alone = run(Map.of(), command);
      assertThat(alone.code()).as(alone.out()).isZero();
      assertThat(shown).isBetween(4000L, 4999L);
      assertThat(alone.out())
          .containsPattern("it ends at size 4,[0-9]{3}, you hold 5,[0-9]{3}\\.")
          .doesNotContain("The log was rolled back", "only grew from");
      Ended asked = run(environment, command);
      assertThat(asked.code()).as(asked.out()).isZero();
      assertThat(asked.out())
          .containsPattern("The log only grew from size 4,[0-9]{3} to 5,[0-9]{3}:");
      Ended elsewhere =
          run(Map.of("INDELIBLE_URL", "http://127.0.0.1:1", "INDELIBLE_TENANT", "acme"), command);
      assertThat(elsewhere.code()).as(elsewhere.out()).isZero();
      assertThat(elsewhere.out()).contains("The log was not asked: ");
    }
  }

  @Test
  void bytesBehindTheGzipOfAnExportAreRefused() throws Exception {
    Path export = folder.resolve("acme.ndjson.gz");
    try (AuditedServer server = AuditedServer.start(folder.resolve("data"))) {
      Map<String, String> environment =
          Map.of("INDELIBLE_URL", server.uri().toString(), "INDELIBLE_KEY", server.key());
      server.createTenant("acme");
      server.record("acme", 0, 3);
      server.awaitCheckpoint("acme", 3);
      assertThat(run(environment, "export", "--tenant", "acme", "--out", export.toString()).code())
          .isZero();
    }
    byte[] whole = Files.readAllBytes(export);
    assertThat(run(Map.of(), "verify", export.toString()).code()).isZero();
    for (String behind : List.of("x", "\0", "\0\0\0\0\0\0\0\0", "{\"a\":1}\n".repeat(20))) {
      byte[] more = java.util.Arrays.copyOf(whole, whole.length + behind.length());
      System.arraycopy(behind.getBytes(UTF_8), 0, more, whole.length, behind.length());
      Files.write(export, more);
      Ended ended = run(Map.of(), "verify", export.toString());
      assertThat(ended.code()).as(ended.out()).isEqualTo(2);
      assertThat(ended.err()).contains("something that is not gzip follows");
    }
  }

  @Test
  void whatCannotBeCheckedIsNotSaidToFail() throws Exception {
    Ended absent = run(Map.of(), "verify", folder.resolve("none").toString());
    assertThat(absent.code()).isEqualTo(2);
    assertThat(absent.err()).contains("none could not be checked: there is no such file");
    assertThat(run(Map.of(), "verify", folder.toString()).code()).isEqualTo(2);
    assertThat(run(Map.of(), "verify", file("x", "hello\n").toString()).code()).isEqualTo(2);
    Ended unreachable = run(Map.of(), "verify", "http://127.0.0.1:1", "--tenant", "acme");
    assertThat(unreachable.code()).as(unreachable.err()).isEqualTo(2);
    assertThat(unreachable.err())
        .contains("http://127.0.0.1:1 could not be read: nobody answers there");
    try (AuditedServer server = AuditedServer.start(folder.resolve("data"))) {
      server.createTenant("acme");
      String url = server.uri().toString();
      Ended nobody = run(Map.of(), "verify", url, "--tenant", "acme");
      assertThat(nobody.code()).as(nobody.err()).isEqualTo(2);
      assertThat(nobody.err()).contains("was answered with 401");
      Ended none = run(Map.of("INDELIBLE_KEY", server.key()), "verify", url, "--tenant", "none");
      assertThat(none.code()).as(none.err()).isEqualTo(2);
      String keyFile = folder.resolve("data/operator.key").toString();
      Ended byFile = run(Map.of("INDELIBLE_KEY_FILE", keyFile), "verify", url, "--tenant", "acme");
      assertThat(byFile.code()).as(byFile.err()).isZero();
    }
  }
}
