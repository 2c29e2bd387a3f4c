package dev.indelible.cli;

import dev.indelible.cli.terminal.Printable;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.JsonText;
import dev.indelible.client.RefusedException;
import dev.indelible.client.Schedules;
import dev.indelible.client.UnreachableException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code schedules}: prints the schedules of exports or one's runs, and runs or pauses one. */
@Command(
    name = "schedules",
    mixinStandardHelpOptions = true,
    description = "Print the schedules of exports.",
    footer = {
      "",
      "  indelible schedules --tenant acme",
      "  indelible schedules --tenant acme --runs 0195…      # its history",
      "  indelible schedules --tenant acme --run 0195…       # once, now"
    })
final class ScheduleList implements Callable<Integer> {

  private static final String ROW = "%-36s  %-6s  %-24s  %-38s  %-20s  %s";
  private static final String RUN_ROW = "%-24s  %-13s  %-17s  %12s  %s";

  private final Terminal terminal;

  @Mixin private ConnectionOptions options = new ConnectionOptions();

  @Option(names = "--json", description = "One JSON object per line instead of a table.")
  private boolean json;

  @Option(names = "--runs", paramLabel = "ID", description = "The runs of one, the last one first.")
  private @Nullable String runs;

  @Option(names = "--run", paramLabel = "ID", description = "Run one now, beside its times.")
  private @Nullable String run;

  @Option(names = "--pause", paramLabel = "ID", description = "Pause one.")
  private @Nullable String pause;

  @Option(names = "--resume", paramLabel = "ID", description = "Have one go on.")
  private @Nullable String resume;

  ScheduleList(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String tenant = options.requiredTenant(terminal);
    try (IndelibleClient client = options.clientWithoutRetries(terminal)) {
      Schedules schedules = client.forTenant(tenant).schedules();
      if (run != null) {
        schedules.run(run);
      } else if (pause != null) {
        schedules.pause(pause);
      } else if (resume != null) {
        schedules.resume(resume);
      } else if (runs != null) {
        print(schedules.runs(runs), RUN_ROW.formatted("DUE", "STATE", "SEQ", "ENTRIES", "NOTE"));
      } else {
        print(
            schedules.list(), ROW.formatted("ID", "STATE", "NEXT RUN", "LAST RUN", "CRON", "NAME"));
      }
    } catch (RefusedException refusal) {
      throw Answers.refused(refusal, "");
    } catch (UnreachableException failure) {
      throw new CommandFailure(ExitCode.UNAVAILABLE, String.valueOf(failure.getMessage()));
    }
    return ExitCode.DONE;
  }

  private void print(List<JsonText> documents, String heading) {
    if (!json && !documents.isEmpty()) {
      terminal.out().println(heading);
    }
    for (JsonText document : documents) {
      String line =
          json ? document.toString() : runs == null ? scheduleRow(document) : runRow(document);
      terminal.out().println(line.stripTrailing());
    }
  }

  private static String scheduleRow(JsonText schedule) {
    JsonText last = schedule.at("last_run");
    return ROW.formatted(
        text(schedule, "id"),
        text(schedule, "state"),
        text(schedule, "next_run_at"),
        last.isObject() ? text(last, "due_at") + " " + text(last, "state") : "",
        text(schedule, "cron"),
        text(schedule, "name"));
  }

  private static String runRow(JsonText each) {
    JsonText window = each.at("window");
    String problem = each.at("problem", "detail").text().orElse("");
    return RUN_ROW.formatted(
        text(each, "due_at"),
        text(each, "state"),
        window.isObject() ? window.at("from_seq") + "–" + window.at("to_seq") : "",
        each.at("entries"),
        Printable.of(problem.isEmpty() ? each.at("delivered_to").text().orElse("") : problem));
  }

  private static String text(JsonText document, String member) {
    return Printable.of(document.at(member).text().orElse(""));
  }
}
