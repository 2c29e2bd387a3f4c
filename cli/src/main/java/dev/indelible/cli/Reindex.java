package dev.indelible.cli;

import dev.indelible.cli.terminal.Terminal;
import dev.indelible.server.ConfigurationException;
import dev.indelible.server.IndexRebuild;
import dev.indelible.server.ServerConfig;
import dev.indelible.server.index.IndexStats;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Builds the search index anew. */
@Command(
    name = "reindex",
    description = "Builds the search index anew from runs and journal, while no server runs.",
    mixinStandardHelpOptions = true)
final class Reindex implements Callable<Integer> {

  private final Terminal terminal;

  @Mixin private ServerOptions options = new ServerOptions();

  Reindex(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    try {
      IndexStats stats = IndexRebuild.run(ServerConfig.of(options.settings(terminal)));
      terminal
          .out()
          .println(
              "The index has %,d entries in %,d KiB."
                  .formatted(stats.entries(), stats.bytes() >> 10));
      terminal.out().flush();
      return ExitCode.DONE;
    } catch (ConfigurationException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()));
    }
  }
}
