package dev.indelible.cli;

import dev.indelible.cli.terminal.Printable;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.JsonText;
import dev.indelible.client.RefusedException;
import dev.indelible.client.Streams;
import dev.indelible.client.UnreachableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stream}: streams of entries to other systems, and what has become of them. */
@Command(
    name = "stream",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Streams of entries to other systems: make, watch, pause and check them.",
    footer = {
      "",
      "  indelible stream list --tenant acme",
      "  indelible stream create --tenant acme --file stream.json",
      "  indelible stream ledger stm_… --tenant acme --from-seq 0 --to-seq 9999",
      "  indelible stream replay stm_… --tenant acme --from-seq 120 --to-seq 240 --reason 'restore'",
      "  indelible reconcile --tenant acme --stream stm_… received.ndjson"
    })
final class StreamCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  StreamCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** The options that all of them have. */
  static final class Common {
    @Mixin private ConnectionOptions connection = new ConnectionOptions();

    @Option(names = "--json", description = "JSON instead of words.")
    private boolean json;
  }

  /** Shows the commands when none is given. */
  @Override
  public Integer call() {
    spec.commandLine().usage(terminal.err());
    return ExitCode.USAGE;
  }

  private Integer with(Common common, Function<Streams, Integer> work) {
    String tenant = common.connection.requiredTenant(terminal);
    try (IndelibleClient client = common.connection.clientWithoutRetries(terminal)) {
      return work.apply(client.forTenant(tenant).streams());
    } catch (RefusedException refusal) {
      throw Answers.refused(refusal, "");
    } catch (UnreachableException failure) {
      throw new CommandFailure(ExitCode.UNAVAILABLE, String.valueOf(failure.getMessage()));
    }
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "All streams, with how each is doing.")
  Integer list(@Mixin Common common) {
    return with(
        common,
        streams -> {
          StreamPrinter printer = new StreamPrinter(terminal, common.json);
          printer.streams(streams.list());
          return ExitCode.DONE;
        });
  }

  @Command(name = "show", mixinStandardHelpOptions = true, description = "One stream, as JSON.")
  Integer show(@Mixin Common common, @Parameters(paramLabel = "ID") String id) {
    return with(common, streams -> document(streams.find(id)));
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = {
        "Make a stream of a JSON document, and print it.",
        "A webhook's signing secret is in what is printed, and is never shown again."
      })
  Integer create(
      @Mixin Common common,
      @Option(
              names = {"-f", "--file"},
              required = true,
              paramLabel = "FILE",
              description = "The document; - for standard input.")
          Path file) {
    return with(common, streams -> document(streams.create(text(file))));
  }

  @Command(
      name = "update",
      mixinStandardHelpOptions = true,
      description = "Replace a stream's settings; it goes on where it is.")
  Integer update(
      @Mixin Common common,
      @Parameters(paramLabel = "ID") String id,
      @Option(
              names = {"-f", "--file"},
              required = true,
              paramLabel = "FILE",
              description = "The document; - for standard input.")
          Path file) {
    return with(common, streams -> document(streams.change(id, text(file))));
  }

  @Command(name = "delete", mixinStandardHelpOptions = true, description = "Delete a stream.")
  Integer delete(@Mixin Common common, @Parameters(paramLabel = "ID") String id) {
    return with(
        common,
        streams -> {
          streams.remove(id);
          return ExitCode.DONE;
        });
  }

  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description = "Pause a stream. Nothing is lost: it goes on where it was.")
  Integer pause(
      @Mixin Common common,
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
          @Nullable String reason) {
    return with(common, streams -> stateOf(common, streams.pause(id, reason)));
  }

  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = "Have a stream that is paused or parked go on.")
  Integer resume(@Mixin Common common, @Parameters(paramLabel = "ID") String id) {
    return with(common, streams -> stateOf(common, streams.resume(id)));
  }

  @Command(
      name = "test",
      mixinStandardHelpOptions = true,
      description = "Send something that is marked as a test; exit code 1 when it is not taken.")
  Integer test(@Mixin Common common, @Parameters(paramLabel = "ID") String id) {
    return with(
        common,
        streams -> {
          JsonText answer = streams.test(id);
          String outcome = answer.at("outcome").text().orElse("");
          String problem = answer.at("problem").text().orElse("");
          terminal
              .out()
              .println(
                  common.json
                      ? answer.toString()
                      : Printable.of(problem.isEmpty() ? outcome : outcome + ": " + problem));
          return outcome.equals("taken") ? ExitCode.DONE : ExitCode.PARTLY;
        });
  }

  @Command(
      name = "replay",
      mixinStandardHelpOptions = true,
      description = "Send a range again, beside the normal course; the ledger marks it.")
  Integer replay(
      @Mixin Common common,
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--from-seq", required = true, paramLabel = "N", description = "The first.")
          long from,
      @Option(names = "--to-seq", required = true, paramLabel = "N", description = "The last.")
          long to,
      @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
          String reason) {
    return with(
        common,
        streams -> {
          streams.replay(id, from, to, reason);
          terminal.err().println("%,d to %,d are sent again.".formatted(from, to));
          return ExitCode.DONE;
        });
  }

  @Command(
      name = "ledger",
      mixinStandardHelpOptions = true,
      description = "The batches that were sent, with what became of each.")
  Integer ledger(
      @Mixin Common common,
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--from-seq", paramLabel = "N", description = "The first.")
          @Nullable Long from,
      @Option(names = "--to-seq", paramLabel = "N", description = "The last.") @Nullable Long to,
      @Option(
              names = "--undelivered",
              description = "The ranges that were not delivered instead, with why.")
          boolean undelivered) {
    return with(
        common,
        streams -> {
          StreamPrinter printer = new StreamPrinter(terminal, common.json);
          Map<String, String> range = range(from, to);
          if (undelivered) {
            streams.undelivered(id, range, printer::undelivered);
          } else {
            printer.ledgerTotals(streams.ledger(id, range, printer::ledger));
          }
          return ExitCode.DONE;
        });
  }

  @Command(
      name = "dead-letters",
      mixinStandardHelpOptions = true,
      description = "The entries that the receiver did not take, with why.")
  Integer deadLetters(
      @Mixin Common common,
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--retry", description = "Send all of them again.") boolean retry,
      @Option(
              names = "--seq",
              paramLabel = "N",
              split = ",",
              description = "With --retry: only these.")
          @Nullable List<Long> seqs) {
    return with(
        common,
        streams -> {
          if (retry) {
            streams.retryDeadLetters(id, seqs == null ? List.of() : seqs);
            return ExitCode.DONE;
          }
          streams.deadLetters(id, new StreamPrinter(terminal, common.json)::deadLetter);
          return ExitCode.DONE;
        });
  }

  @Command(
      name = "rotate-secret",
      mixinStandardHelpOptions = true,
      description = "Make a webhook's new secret; the old one signs beside it for a while.")
  Integer rotateSecret(
      @Mixin Common common,
      @Parameters(paramLabel = "ID") String id,
      @Option(
              names = "--overlap",
              paramLabel = "DURATION",
              description = "How long, such as P1D or PT6H; at most P7D.")
          @Nullable String overlap) {
    return with(common, streams -> document(streams.rotateSecret(id, overlap)));
  }

  private Integer document(JsonText stream) {
    terminal.out().println(stream);
    return ExitCode.DONE;
  }

  private Integer stateOf(Common common, JsonText stream) {
    if (common.json) {
      terminal.out().println(stream);
    }
    return ExitCode.DONE;
  }

  static Map<String, String> range(@Nullable Long from, @Nullable Long to) {
    Map<String, String> range = new TreeMap<>();
    if (from != null) {
      range.put("from_seq", from.toString());
    }
    if (to != null) {
      range.put("to_seq", to.toString());
    }
    return range;
  }

  private String text(Path file) {
    try {
      return file.toString().equals("-")
          ? new String(terminal.in().readAllBytes(), StandardCharsets.UTF_8)
          : Files.readString(file);
    } catch (IOException e) {
      throw SmallFiles.unreadable(file.toString(), e);
    }
  }
}
