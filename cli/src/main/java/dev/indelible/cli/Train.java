package dev.indelible.cli;

import dev.indelible.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Parameters;

/**
 * What the JVM runs once while it records its start-up cache: loads what the commands of a kind
 * load when they start. Hidden, called by the launcher; leaves nothing behind.
 */
@Command(name = "train", hidden = true)
final class Train implements Callable<Integer> {

  /** Which commands are to start faster. */
  enum Kind {
    CLIENT,
    SERVER
  }

  private final Terminal terminal;

  @Parameters(paramLabel = "KIND")
  private Kind kind = Kind.CLIENT;

  Train(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Main.commandLine(terminal).usage(terminal.out(), Help.Ansi.OFF);
    return switch (kind) {
      case CLIENT -> client();
      case SERVER -> ExitCode.DONE;
    };
  }

  /** A map, the JSON library and an HTTP request that nobody answers. */
  private int client() {
    String record = "{\"_document_id\":\"1\",\"action\":\"a.b\",\"actor\":\"x\"}\n";
    Terminal quiet =
        new Terminal(
            new ByteArrayInputStream(record.getBytes(StandardCharsets.UTF_8)),
            terminal.out(),
            terminal.err(),
            false,
            false,
            Map.of());
    String nowhere = "http://127.0.0.1:1";
    int code =
        Main.commandLine(quiet)
            .execute(
                "send",
                "--map",
                "github",
                "--tenant",
                "train",
                "--server",
                nowhere,
                "--give-up-after",
                "0");
    // Nothing listens there: that it could not be reached is the expected end.
    return code == ExitCode.UNAVAILABLE ? ExitCode.DONE : code;
  }
}
