package dev.indelible.cli;

import dev.indelible.cli.terminal.Terminal;
import dev.indelible.server.ConfigurationException;
import dev.indelible.server.OperatorKeyReplacement;
import dev.indelible.server.ServerConfig;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code operator-key}: a new operator's key in place of one that is lost or known to others. */
@Command(
    name = "operator-key",
    description = {
      "Make a new operator's key, while no server runs; the ones before it stop working.",
      "For a key that is lost, or that others may know. It is written to DIR/operator.key.",
      "Whoever signed in by those before it is signed out. Keys of tenants and guests' links",
      "that they made go on working, and are listed: revoke those that you do not know."
    },
    mixinStandardHelpOptions = true)
final class OperatorKey implements Callable<Integer> {

  /** The most keys and links that are listed. */
  static final int MAX_LISTED = 200;

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

  /** Names what still works; beyond some, how many more there are. */
  private void tell(List<OperatorKeyReplacement.Left> left) {
    if (left.isEmpty()) {
      return;
    }
    terminal.out().println("Made by the keys before it, and still working:");
    for (OperatorKeyReplacement.Left one : left.subList(0, Math.min(left.size(), MAX_LISTED))) {
      terminal
          .out()
          .println("  %s %s %s (%s)".formatted(one.tenant(), one.kind(), one.id(), one.name()));
    }
    if (left.size() > MAX_LISTED) {
      terminal
          .out()
          .println(
              "  and %d more; GET /v1/tenants/{t}/keys says who made each"
                  .formatted(left.size() - MAX_LISTED));
    }
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
      if (replaced.signedOut() > 0) {
        terminal
            .out()
            .println(
                "%d sessions and sign-in links of those before it are ended."
                    .formatted(replaced.signedOut()));
      }
      tell(replaced.left());
      terminal.out().flush();
      return ExitCode.DONE;
    } catch (ConfigurationException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()));
    }
  }
}
