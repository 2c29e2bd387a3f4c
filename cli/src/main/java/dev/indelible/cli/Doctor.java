package dev.indelible.cli;

import dev.indelible.cli.terminal.Terminal;
import dev.indelible.server.ConfigurationException;
import dev.indelible.server.Diagnosis;
import dev.indelible.server.ServerConfig;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks a data directory. */
@Command(
    name = "doctor",
    description =
        "Looks a data directory over, while no server runs: permissions, room, every byte of every file.",
    mixinStandardHelpOptions = true)
final class Doctor implements Callable<Integer> {

  private final Terminal terminal;

  @Mixin private ServerOptions options = new ServerOptions();

  @Option(
      names = "--accept-clock",
      description =
          "Vouch for this machine's clock where it is far ahead of when a server last ran, so that the next one deletes by schedule again; recorded in every tenant's log.")
  private boolean acceptClock;

  Doctor(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    List<Diagnosis.Finding> findings;
    try {
      ServerConfig config = ServerConfig.of(options.settings(terminal));
      findings = acceptClock ? List.of(Diagnosis.acceptClock(config)) : Diagnosis.of(config);
    } catch (ConfigurationException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
    boolean failed = false;
    for (Diagnosis.Finding finding : findings) {
      String mark =
          switch (finding.severity()) {
            case OK -> "ok     ";
            case WARNING -> "warning";
            case FAILURE -> "FAILED ";
          };
      terminal.out().println(mark + "  " + finding.subject() + ": " + finding.detail());
      failed |= finding.severity() == Diagnosis.Severity.FAILURE;
    }
    terminal.out().flush();
    return failed ? ExitCode.PARTLY : ExitCode.DONE;
  }
}
