package dev.indelible.cli;

import dev.indelible.cli.terminal.Printable;
import dev.indelible.cli.terminal.ProgressBar;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.client.ExportJob;
import dev.indelible.client.Exports;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.JsonText;
import dev.indelible.client.PackOrder;
import dev.indelible.client.RefusedException;
import dev.indelible.client.UnreachableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pack}: has the server make an evidence pack, and downloads it. */
@Command(
    name = "pack",
    mixinStandardHelpOptions = true,
    description = "Have an evidence pack made: one ZIP for an auditor, which verifies offline.",
    footer = {
      "",
      "  indelible pack --tenant acme --list",
      "  indelible pack --tenant acme soc2 --from -365d -o acme-soc2.zip --reason 'audit 2026'",
      "  indelible verify acme-soc2.zip --key acme.vkey"
    })
final class Pack implements Callable<Integer> {

  private final Terminal terminal;

  @Mixin private ConnectionOptions options = new ConnectionOptions();

  @Parameters(
      paramLabel = "TEMPLATE",
      arity = "0..1",
      description = "Which template; --list prints them.")
  private @Nullable String template;

  @Option(names = "--list", description = "Print the templates.")
  private boolean list;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      defaultValue = "-365d",
      description = "The earliest, RFC 3339, or -7d, -24h (${DEFAULT-VALUE}).")
  private String from = "-365d";

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "Before which, likewise; now unless given.")
  private @Nullable String to;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "The file, which must not exist yet; the server names it unless given.")
  private @Nullable Path out;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description = "proofs/checkpoint of an earlier pack: the same pack is made again.")
  private @Nullable Path checkpoint;

  @Option(names = "--without-personal", description = "Withhold the personal parts.")
  private boolean withoutPersonal;

  @Option(
      names = "--language",
      paramLabel = "LANGUAGE",
      description = "That of the texts in it, en or de.")
  private @Nullable String language;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why; recorded in the tenant's log, and required by some profiles.")
  private @Nullable String reason;

  Pack(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (!list && template == null) {
      throw new CommandFailure(ExitCode.USAGE, "which template? --list prints them.");
    }
    if (out != null && Files.exists(out)) {
      throw new CommandFailure(ExitCode.USAGE, out + " exists already");
    }
    String tenant = options.requiredTenant(terminal);
    ProgressBar bar = new ProgressBar(terminal, InstantSource.system());
    String id = null;
    try (IndelibleClient client =
        options.client(
            terminal,
            ExportFile.RETRY,
            remark -> {
              bar.clear();
              terminal.err().println(remark);
            })) {
      Exports exports = client.forTenant(tenant).exports();
      if (template == null || list) {
        return print(exports);
      }
      id = exports.begin(order(template)).id();
      terminal.err().println("The pack has begun; export --job " + id + " takes it up again.");
      ExportJob done = exports.await(id, each -> ExportFile.show(bar, each));
      bar.clear();
      return ExportFile.fetch(terminal, exports, done, out, bar);
    } catch (RefusedException refusal) {
      bar.clear();
      throw Answers.refused(refusal, "");
    } catch (UnreachableException failure) {
      bar.clear();
      throw ExportFile.unavailable(id, String.valueOf(failure.getMessage()));
    } catch (IOException failure) {
      bar.clear();
      throw ExportFile.unavailable(
          id, failure.getMessage() == null ? failure.toString() : failure.getMessage());
    }
  }

  private Integer print(Exports exports) {
    for (JsonText each : exports.packTemplates()) {
      terminal
          .out()
          .println(
              "%-24s  %s"
                  .formatted(
                      Printable.of(each.at("id").text().orElse("")),
                      Printable.of(each.at("title", "en").text().orElse(""))));
    }
    terminal.out().flush();
    return ExitCode.DONE;
  }

  private PackOrder order(String wanted) {
    PackOrder order =
        PackOrder.of(
            wanted,
            ExportFile.time("--from", from),
            to == null
                ? Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()
                : ExportFile.time("--to", to));
    order = language == null ? order : order.language(language);
    order = reason == null ? order : order.reason(reason);
    order = checkpoint == null ? order : order.checkpoint(note(checkpoint));
    return withoutPersonal ? order.withoutPersonal() : order;
  }

  private static String note(Path file) {
    return SmallFiles.checkpoint(file).note().toString();
  }
}
