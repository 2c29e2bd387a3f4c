package dev.indelible.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.audit.AuditedServer;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.client.IndelibleClient;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code access-review}, {@code verify --access-review} and {@code story} against a real server.
 */
class AccessReviewCommandTest {

  @TempDir private Path folder;

  private record Ended(int code, String text) {}

  private static Ended run(AuditedServer server, String... line) {
    StringWriter text = new StringWriter();
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(),
            new PrintWriter(text, true),
            new PrintWriter(text, true),
            false,
            false,
            Map.of(
                "INDELIBLE_URL",
                server.uri().toString(),
                "INDELIBLE_KEY",
                server.key(),
                "INDELIBLE_TENANT",
                "acme"));
    return new Ended(Main.commandLine(terminal).execute(line), text.toString());
  }

  private static String event(String action, String target) {
    return "{\"tenant\":\"acme\",\"action\":\"%s\",\"actor\":{\"type\":\"user\",\"id\":\"u_1\"},\"context\":{\"session_id\":\"s_1\"},\"targets\":[{\"type\":\"user\",\"id\":\"%s\"}]}"
        .formatted(action, target);
  }

  @Test
  void aReviewIsKeptAndVerifiedWithAnExportAndAnAlteredOneIsNot() throws Exception {
    try (AuditedServer server = AuditedServer.start(folder.resolve("data"));
        IndelibleClient client =
            IndelibleClient.to(server.uri()).key(server.key()).withoutRetries().build()) {
      server.createTenant("acme");
      String events =
          "[" + event("user.created", "u_ana") + "," + event("user.created", "u_bo") + "]";
      assertThat(client.post("/v1/events?wait=sealed", events).status()).isEqualTo(201);
      Path review = folder.resolve("review.json");
      Path export = folder.resolve("acme.ndjson");
      Ended kept = run(server, "access-review", "--out", review.toString());
      assertThat(kept.code()).as(kept.text()).isZero();
      assertThat(kept.text()).contains("2 grants", "Complete since entry 0");
      assertThat(run(server, "access-review").text()).contains("u_ana", "sign-in");
      Ended table = run(server, "access-review", "--format", "csv", "--since", "last");
      assertThat(table.text())
          .startsWith("list,realm,type,id")
          .contains("person,product,user,u_bo");
      assertThat(run(server, "access-review", "--format", "xml").code()).isEqualTo(2);
      Ended exported = run(server, "export", "--out", export.toString());
      assertThat(exported.code()).as(exported.text()).isZero();
      Ended holds = run(server, "verify", export.toString(), "--access-review", review.toString());
      assertThat(holds.code()).as(holds.text()).isZero();
      assertThat(holds.text()).contains("rules of the profile standard");

      Files.writeString(review, Files.readString(review).replace("u_ana", "u_eve"));
      Ended altered =
          run(server, "verify", export.toString(), "--access-review", review.toString());
      assertThat(altered.code()).as(altered.text()).isEqualTo(1);
      assertThat(altered.text()).contains("product/user/u_ana", "product/user/u_eve");

      Ended story = run(server, "story", "--session", "s_1");
      assertThat(story.code()).as(story.text()).isZero();
      assertThat(story.text()).contains("user.created user/u_bo");
    }
  }

  @Test
  void aFileThatIsNoReviewCannotBeCompared() throws Exception {
    Path file = Files.writeString(folder.resolve("no.json"), "{}");
    StringWriter text = new StringWriter();
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(),
            new PrintWriter(text, true),
            new PrintWriter(text, true),
            false,
            false,
            Map.of());
    int code =
        Main.commandLine(terminal)
            .execute("verify", file.toString(), "--access-review", file.toString());
    assertThat(code).as(text.toString()).isEqualTo(2);
  }
}
