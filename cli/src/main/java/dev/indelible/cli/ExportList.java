package dev.indelible.cli;

import dev.indelible.cli.terminal.Printable;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.client.ExportJob;
import dev.indelible.client.Exports;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.RefusedException;
import dev.indelible.client.UnreachableException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code exports}: prints the exports that the key may see, and cancels or removes one. */
@Command(
    name = "exports",
    mixinStandardHelpOptions = true,
    description = "Print the exports that the key may see, the last one first.",
    footer = {
      "",
      "  indelible exports --tenant acme",
      "  indelible exports --tenant acme --cancel 0195…",
      "  indelible export --tenant acme --job 0195… -o entries.csv      # download one"
    })
final class ExportList implements Callable<Integer> {

  private static final String ROW = "%-36s  %-9s  %-6s  %14s  %-24s  %s";

  private final Terminal terminal;

  @Mixin private ConnectionOptions options = new ConnectionOptions();

  @Option(names = "--json", description = "One JSON object per line instead of a table.")
  private boolean json;

  @Option(names = "--cancel", paramLabel = "ID", description = "End one that is under way.")
  private @Nullable String cancel;

  @Option(
      names = "--remove",
      paramLabel = "ID",
      description = "Delete one and its file from the server.")
  private @Nullable String remove;

  ExportList(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String tenant = options.requiredTenant(terminal);
    try (IndelibleClient client = options.clientWithoutRetries(terminal)) {
      Exports exports = client.forTenant(tenant).exports();
      if (cancel != null) {
        exports.cancel(cancel);
      }
      if (remove != null) {
        exports.remove(remove);
      }
      if (cancel == null && remove == null) {
        print(exports);
      }
    } catch (RefusedException refusal) {
      throw Answers.refused(refusal, "");
    } catch (UnreachableException failure) {
      throw new CommandFailure(ExitCode.UNAVAILABLE, String.valueOf(failure.getMessage()));
    }
    return ExitCode.DONE;
  }

  private void print(Exports exports) {
    boolean headed = json;
    for (ExportJob job : exports.list()) {
      if (!headed) {
        headed = true;
        terminal.out().println(ROW.formatted("ID", "STATE", "FORMAT", "ENTRIES", "BEGUN", "QUERY"));
      }
      terminal.out().println(json ? job.toString() : row(job));
    }
  }

  private static String row(ExportJob job) {
    String entries =
        job.isUnderWay()
            ? "%,d of %,d".formatted(job.entries(), job.estimate())
            : "%,d".formatted(job.entries());
    return ROW.formatted(
            Printable.of(job.id()),
            Printable.of(job.state()),
            Printable.of(job.format()),
            entries,
            Printable.of(job.createdAt()),
            Printable.of(job.query()))
        .stripTrailing();
  }
}
