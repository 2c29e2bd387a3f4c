package dev.indelible.cli;

import dev.indelible.cli.terminal.Terminal;
import dev.indelible.client.Entry;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.RefusedException;
import dev.indelible.client.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tail}: prints entries as they are recorded, and goes on where it was after a break. */
@Command(
    name = "tail",
    mixinStandardHelpOptions = true,
    description = "Print entries as they are recorded, until it is stopped.")
final class Tail implements Callable<Integer> {

  /** Keeps trying; whoever watches a log wants to see it again by itself. */
  private static final RetryPolicy RETRY =
      new RetryPolicy(Duration.ofMillis(250), Duration.ofSeconds(15), Duration.ofSeconds(15));

  private final Terminal terminal;

  @Mixin private ConnectionOptions options = new ConnectionOptions();

  @Parameters(
      paramLabel = "QUERY",
      arity = "0..*",
      description = "Qualifiers and words; all of them must hold. Nothing shows everything.")
  private List<String> query = List.of();

  @Option(names = "--json", description = "One JSON object per line instead of a table.")
  private boolean json;

  @Option(names = "--count", paramLabel = "N", description = "Stop after so many entries.")
  private long count = Long.MAX_VALUE;

  Tail(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    String tenant = options.requiredTenant(terminal);
    String text = String.join(" ", query);
    EntryPrinter printer = new EntryPrinter(terminal, json);
    try (IndelibleClient client = options.client(terminal, RETRY, terminal.err()::println);
        var tail = client.forTenant(tenant).tail(text)) {
      for (long seen = 0; seen < count; seen++) {
        Entry entry = tail.next();
        if (entry == null) {
          break;
        }
        printer.print(entry);
      }
    } catch (RefusedException refusal) {
      throw Answers.refused(refusal, text);
    }
    return ExitCode.DONE;
  }
}
