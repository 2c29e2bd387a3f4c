package dev.indelible.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.audit.AuditedServer;
import dev.indelible.cli.terminal.Terminal;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code checkpoint} against real servers, one of which shows another history. */
class SaveCheckpointTest {

  @TempDir private Path folder;

  private record Ended(int code, String text) {}

  private Ended keep(AuditedServer server) {
    StringWriter text = new StringWriter();
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(),
            new PrintWriter(text, true),
            new PrintWriter(text, true),
            false,
            false,
            Map.of("INDELIBLE_URL", server.uri().toString(), "INDELIBLE_KEY", server.key()));
    int code =
        Main.commandLine(terminal)
            .execute(
                "checkpoint",
                "--tenant",
                "acme",
                "--out",
                held().toString(),
                "--keys",
                folder.resolve("acme.vkey").toString());
    return new Ended(code, text.toString());
  }

  private Path held() {
    return folder.resolve("acme.checkpoint");
  }

  private Path contradiction() {
    return folder.resolve("acme.checkpoint" + SaveCheckpoint.CONTRADICTION);
  }

  @Test
  void aCheckpointIsReplacedByOneThatGrewFromItAlone() throws Exception {
    Path data = folder.resolve("data");
    Path backup = folder.resolve("backup");
    try (AuditedServer server = AuditedServer.start(data)) {
      server.createTenant("acme");
      server.record("acme", 0, 300);
      server.awaitCheckpoint("acme", 300);
      Ended first = keep(server);
      assertThat(first.code()).as(first.text()).isZero();
      assertThat(first.text()).contains("compare it with one you trust");
      assertThat(Files.readString(folder.resolve("acme.vkey"))).contains("+");
      server.copyTo(backup);
      server.record("acme", 300, 400);
      server.awaitCheckpoint("acme", 700);
      Ended grown = keep(server);
      assertThat(grown.code()).as(grown.text()).isZero();
      assertThat(grown.text()).contains("only grew since 30");
      assertThat(keep(server).code()).as("the same again").isZero();
    }
    String kept = Files.readString(held());
    try (AuditedServer server = AuditedServer.start(backup)) {
      server.awaitCheckpoint("acme", 300);
      Ended rolledBack = keep(server);
      assertThat(rolledBack.code()).as(rolledBack.text()).isEqualTo(1);
      assertThat(rolledBack.text()).contains("rolled back");
      assertThat(Files.readString(held())).isEqualTo(kept);
      assertThat(Files.readString(contradiction())).contains("/t/").isNotEqualTo(kept);
      server.record("acme", 5_000, 600);
      server.awaitCheckpoint("acme", 900);
      Ended rewritten = keep(server);
      assertThat(rewritten.code()).as(rewritten.text()).isEqualTo(1);
      assertThat(rewritten.text()).contains("rewritten");
      assertThat(Files.readString(held())).isEqualTo(kept);
    }
  }

  @Test
  @Tag("long")
  void aLogUnderAnotherKeyIsNotTheOneThatIsHeld() throws Exception {
    try (AuditedServer server = AuditedServer.start(folder.resolve("one"))) {
      server.createTenant("acme");
      server.record("acme", 0, 10);
      server.awaitCheckpoint("acme", 10);
      assertThat(keep(server).code()).isZero();
    }
    String kept = Files.readString(held());
    try (AuditedServer server = AuditedServer.start(folder.resolve("two"))) {
      server.createTenant("acme");
      server.record("acme", 0, 20);
      server.awaitCheckpoint("acme", 20);
      Ended other = keep(server);
      assertThat(other.code()).as(other.text()).isEqualTo(1);
      assertThat(Files.readString(held())).isEqualTo(kept);
    }
  }
}
