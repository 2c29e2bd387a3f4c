package dev.indelible.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.audit.AuditedServer;
import dev.indelible.cli.terminal.Terminal;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sign-in} against a real server. */
class SignInTest {

  @TempDir private Path folder;

  private record Ended(int code, String text) {}

  private static Ended signIn(AuditedServer server, String... options) {
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
    List<String> arguments = new ArrayList<>(List.of("sign-in"));
    arguments.addAll(Arrays.asList(options));
    int code = Main.commandLine(terminal).execute(arguments.toArray(String[]::new));
    return new Ended(code, text.toString());
  }

  @Test
  void aLinkIsForTheOperatorUnlessSomebodyOfATenantIsNamed() throws Exception {
    try (AuditedServer server = AuditedServer.start(folder.resolve("data"))) {
      server.createTenant("acme");
      Ended operator = signIn(server);
      assertThat(operator.text()).contains("/sign-in#il_");
      assertThat(operator.code()).isZero();
      Ended admin = signIn(server, "--user", "u_7", "--role", "admin");
      assertThat(admin.text()).contains("/sign-in#il_");
      assertThat(admin.code()).isZero();
    }
  }

  @Test
  void whoIsMeantIsAskedForAndStrangersNeedARole() throws Exception {
    try (AuditedServer server = AuditedServer.start(folder.resolve("data"))) {
      server.createTenant("acme");
      for (List<String> options :
          List.of(
              List.of("--tenant", "acme"),
              List.of("--role", "admin"),
              List.of("--account", "eu"))) {
        Ended ended = signIn(server, options.toArray(String[]::new));
        assertThat(ended.code()).isEqualTo(ExitCode.USAGE);
        assertThat(ended.text()).contains("--user");
      }
      Ended stranger = signIn(server, "--user", "u_8");
      assertThat(stranger.code()).isNotZero();
      assertThat(stranger.text()).contains("no such member");
    }
  }
}
