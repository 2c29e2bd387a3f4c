package dev.indelible.cli;

import dev.indelible.cli.terminal.Printable;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.client.Answer;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.JsonText;
import dev.indelible.client.Request;
import dev.indelible.client.UnreachableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code access-review}: keeps a review of who had access as of a date. */
@Command(
    name = "access-review",
    mixinStandardHelpOptions = true,
    description = "Keep a review of who had access as of a date, to be verified with an export.",
    footer = {
      "",
      "  indelible access-review --tenant acme --as-of 2026-09-30T22:00:00Z --out q3.json",
      "  indelible access-review --tenant acme --since last --format csv --out q3.csv",
      "  indelible export --tenant acme --out acme.ndjson.gz",
      "  indelible verify acme.ndjson.gz --access-review q3.json --key acme.vkey"
    })
final class AccessReviewCommand implements Callable<Integer> {

  private static final String JSON = "json";
  private static final String CSV = "csv";
  private static final String ROW = "%-10s  %-28s  %-14s  %-28s  %-24s  %s";

  private final Terminal terminal;

  @Mixin private ConnectionOptions options = new ConnectionOptions();

  @Option(names = "--as-of", paramLabel = "TIME", description = "The date; default: now.")
  private @Nullable String asOf;

  @Option(
      names = "--since",
      paramLabel = "TIME|last",
      description =
          "An earlier date to compare with; last: that of the last review of access that was signed"
              + " off.")
  private @Nullable String since;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the review is kept; without it, a table is printed.")
  private @Nullable Path out;

  @Option(
      names = "--format",
      paramLabel = "json|csv",
      description = "json, which verify takes (default), or csv: a table, printed or kept.")
  private String format = JSON;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why, where the profile asks.")
  private @Nullable String reason;

  @Option(names = "--without-personal", description = "Leave out what people are called.")
  private boolean withoutPersonal;

  AccessReviewCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (!format.equals(JSON) && !format.equals(CSV)) {
      throw new CommandFailure(ExitCode.USAGE, "--format is json or csv");
    }
    String tenant = options.requiredTenant(terminal);
    try (IndelibleClient client = options.clientWithoutRetries(terminal)) {
      Request request = Request.get(Request.path("tenants", tenant, "access-review", "file"));
      request = with(request, "as_of", asOf);
      request = with(request, "since", since);
      request = with(request, "format", format);
      request = with(request, "reason", reason);
      request = with(request, "personal", withoutPersonal ? "withhold" : null);
      Answer answer = client.send(request);
      if (!answer.isSuccess()) {
        throw Answers.refused(answer);
      }
      show(answer);
      Path file = out;
      if (file != null) {
        Files.write(file, answer.body());
      }
    } catch (UnreachableException failure) {
      throw new CommandFailure(ExitCode.UNAVAILABLE, String.valueOf(failure.getMessage()));
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, out + " cannot be written: " + e.getMessage());
    }
    return ExitCode.DONE;
  }

  private void show(Answer answer) {
    if (format.equals(JSON)) {
      print(answer.json());
    } else if (out == null) {
      terminal.out().print(new String(answer.body(), StandardCharsets.UTF_8));
    }
  }

  private static Request with(Request request, String name, @Nullable String value) {
    return value == null ? request : request.parameter(name, value);
  }

  private void print(JsonText review) {
    if (out == null) {
      terminal
          .out()
          .println(ROW.formatted("REALM", "WHO", "KIND", "WHAT", "SINCE", "ENTRY").stripTrailing());
      for (JsonText person : review.at("people").elements()) {
        for (JsonText grant : person.at("grants").elements()) {
          terminal
              .out()
              .println(
                  ROW.formatted(
                          text(person, "realm"),
                          text(person, "id"),
                          text(grant, "kind"),
                          text(grant, "what"),
                          text(grant, "granted_at"),
                          text(grant, "entry"))
                      .stripTrailing());
        }
      }
    }
    terminal
        .out()
        .println(
            "%s people, %s grants, %s who left, as of %s. %s"
                .formatted(
                    review.at("counts", "people"),
                    review.at("counts", "grants"),
                    review.at("counts", "leavers"),
                    text(review, "as_of"),
                    review.at("completeness", "words").text().orElse("")));
  }

  private static String text(JsonText document, String member) {
    return Printable.of(document.at(member).text().orElse(""));
  }
}
