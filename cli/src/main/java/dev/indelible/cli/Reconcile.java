package dev.indelible.cli;

import dev.indelible.cli.reconcile.LogEntries;
import dev.indelible.cli.reconcile.ReceiverFiles;
import dev.indelible.cli.reconcile.Reconciliation;
import dev.indelible.cli.reconcile.Report;
import dev.indelible.cli.reconcile.StreamLedger;
import dev.indelible.cli.terminal.ProgressBar;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.client.RefusedException;
import dev.indelible.client.UnreachableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reconcile}: says whether a receiver has all that a stream sent, unaltered. */
@Command(
    name = "reconcile",
    mixinStandardHelpOptions = true,
    description = {
      "Compare what a receiver has with a stream's ledger and the log.",
      "Says what is missing there, what is there twice, and what is not as the log has it."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:complete: everything is there, unaltered, and twice only where the ledger says so",
      " 1:it is not",
      " 2:it could not be compared: unreadable, unreachable, or not allowed"
    },
    footer = {
      "",
      "  indelible reconcile --tenant acme --stream stm_… received.ndjson",
      "  indelible reconcile --tenant acme --stream stm_… bucket-copy/",
      "  jq -c '{id, seq}' received.ndjson | indelible reconcile --tenant acme --stream stm_… -",
      "",
      "Without the server, from what was saved before:",
      "",
      "  indelible stream show stm_… > stream.json",
      "  indelible stream ledger stm_… --json > ledger.ndjson",
      "  indelible export --tenant acme --out acme.ndjson.gz",
      "  indelible reconcile --stream stream.json --ledger ledger.ndjson --log acme.ndjson.gz received/"
    })
final class Reconcile implements Callable<Integer> {

  private final Terminal terminal;

  @Mixin private ConnectionOptions options = new ConnectionOptions();

  @Parameters(
      paramLabel = "FILE|DIR",
      arity = "1..*",
      description =
          "What the receiver has: JSON on lines, also gzipped or compressed with Zstandard; a folder"
              + " with such files; - for standard input. Whole entries, CloudEvents, webhook bodies,"
              + " or objects with id and seq.")
  private List<Path> paths = List.of();

  @Option(
      names = "--stream",
      required = true,
      paramLabel = "ID|FILE",
      description = "The stream, or a file with what the server says of it.")
  private String stream = "";

  @Option(
      names = "--ledger",
      paramLabel = "FILE",
      description = "The ledger as it was saved, one record a line, instead of the server's.")
  private @Nullable Path ledger;

  @Option(
      names = "--undelivered",
      paramLabel = "FILE",
      description = "With --ledger: the ranges that were not delivered, likewise.")
  private @Nullable Path undelivered;

  @Option(
      names = "--log",
      paramLabel = "FILE",
      description = "A verifiable export instead of the server's log; check it with verify.")
  private @Nullable Path log;

  @Option(names = "--from-seq", paramLabel = "N", description = "Look at nothing before this one.")
  private @Nullable Long from;

  @Option(names = "--to-seq", paramLabel = "N", description = "Look at nothing behind this one.")
  private @Nullable Long to;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why the log's entries are read; some profiles require one.")
  private @Nullable String reason;

  @Option(names = "--json", description = "One JSON object instead of sentences.")
  private boolean json;

  Reconcile(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    ProgressBar bar = new ProgressBar(terminal, InstantSource.system());
    try {
      Report report = compare(bar);
      bar.clear();
      new ReconcilePrinter(terminal).print(report, json);
      return report.isComplete() ? ExitCode.DONE : ExitCode.PARTLY;
    } catch (RefusedException refusal) {
      throw cannot(refusal.problem().toString());
    } catch (UnreachableException | IOException failure) {
      throw cannot(failure.getMessage() == null ? failure.toString() : failure.getMessage());
    } catch (StreamLedger.TooManyException e) {
      throw cannot(String.valueOf(e.getMessage()));
    } finally {
      bar.clear();
    }
  }

  private static CommandFailure cannot(String why) {
    return new CommandFailure(ExitCode.USAGE, why);
  }

  private Report compare(ProgressBar bar) throws IOException, InterruptedException {
    Path copied = null;
    List<Path> files = new ArrayList<>();
    try (ReconcileSource source = source()) {
      for (Path path : paths) {
        if (path.toString().equals("-")) {
          copied = Files.createTempFile("indelible-reconcile-", ".in");
          try (var out = Files.newOutputStream(copied)) {
            terminal.in().transferTo(out);
          }
          files.add(copied);
        } else {
          files.add(path);
        }
      }
      ReconcileSource.Subject subject = source.subject();
      StreamLedger records = source.ledger();
      ReconcileSource.Range range = source.range(records);
      ReceiverFiles receiver = ReceiverFiles.of(files, subject.tenant(), copied);
      if (receiver.count() == 0) {
        throw new IOException("there is no file in " + paths);
      }
      Reconciliation.Parts parts =
          new Reconciliation.Parts(
              receiver,
              records,
              subject.wanted(),
              subject.withheld(),
              subject.format(),
              range.fromSeq(),
              range.toSeq());
      try (LogEntries entries = source.entries(subject, range)) {
        return Reconciliation.run(
            parts, entries, seen -> bar.show(seen, 0, "%,d entries compared".formatted(seen)));
      }
    } finally {
      if (copied != null) {
        Files.deleteIfExists(copied);
      }
    }
  }

  private ReconcileSource source() {
    return new ReconcileSource(
        terminal,
        options,
        new ReconcileSource.Saved(stream, ledger, undelivered, log),
        new ReconcileSource.Choice(from, to, reason));
  }
}
