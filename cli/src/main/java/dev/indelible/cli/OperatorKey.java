package dev.indelible.cli;

import dev.indelible.cli.terminal.Terminal;
import dev.indelible.server.ConfigurationException;
import dev.indelible.server.OperatorKeyReplacement;
import dev.indelible.server.ServerConfig;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code operator-key}: a new operator's key in place of one that is lost or known to others. */
@Command(
    name = "operator-key",
    description = {
      "Make a new operator's key, while no server runs; the ones before it stop working.",
      "For a key that is lost, or that others may know. It is written to DIR/operator.key."
    },
    mixinStandardHelpOptions = true)
final class OperatorKey implements Callable<Integer> {

  private final Terminal terminal;

  @Mixin private ServerOptions options = new ServerOptions();

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why; recorded in the control log.",
      defaultValue = "operator's key replaced")
  private String reason = "";

  OperatorKey(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    try {
      OperatorKeyReplacement.Replaced replaced =
          OperatorKeyReplacement.run(ServerConfig.of(options.settings(terminal)), reason);
      terminal
          .out()
          .println(
              "The new operator's key is in %s; %d before it no longer work%s."
                  .formatted(
                      replaced.file(), replaced.revoked(), replaced.revoked() == 1 ? "s" : ""));
      terminal.out().flush();
      return ExitCode.DONE;
    } catch (ConfigurationException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()));
    }
  }
}
