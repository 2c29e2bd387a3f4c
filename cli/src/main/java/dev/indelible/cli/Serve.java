package dev.indelible.cli;

import dev.indelible.cli.terminal.Terminal;
import dev.indelible.server.Settings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the server until it is told to end. */
@Command(
    name = "serve",
    description = "Runs the server. The first start writes the operator's key to DIR/operator.key.",
    mixinStandardHelpOptions = true)
final class Serve implements Callable<Integer> {

  private final Terminal terminal;

  @Mixin private ServerOptions options = new ServerOptions();

  @Option(
      names = "--print-config",
      description =
          "Print every setting, its value and where it comes from, secrets masked; then end.")
  private boolean printConfig;

  @Option(
      names = "--end-with-input",
      description = "End when standard input ends: for programs that start a server of their own.")
  private boolean endWithInput;

  Serve(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = options.settings(terminal);
    if (printConfig) {
      terminal.out().print(settings.print());
      terminal.out().flush();
      return ExitCode.DONE;
    }
    if (endWithInput) {
      // From the start on, which takes a while; stops it as any other end of the process does.
      EndOfInput.watch(System.in, () -> System.exit(ExitCode.DONE));
    }
    RunningServer running = RunningServer.start(settings);
    terminal.out().println("Indelible listens on " + running.address());
    terminal.out().println("The operator's key is in " + running.server().operatorKeyFile());
    terminal.out().println("API: " + running.address() + "/docs");
    terminal.out().flush();
    running.await();
    return ExitCode.DONE;
  }
}
