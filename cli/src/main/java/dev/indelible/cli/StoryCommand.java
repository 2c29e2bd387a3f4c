package dev.indelible.cli;

import dev.indelible.cli.terminal.Printable;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.client.Answer;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.JsonText;
import dev.indelible.client.Request;
import dev.indelible.client.UnreachableException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code story}: tells what happened in a session, to a person or to an object. */
@Command(
    name = "story",
    mixinStandardHelpOptions = true,
    description = "Tell what happened, oldest first; the same again and again is one line.",
    footer = {
      "",
      "  indelible story --tenant acme --session s_81",
      "  indelible story --tenant acme --person u_9 --from 2026-11-01T00:00:00Z",
      "  indelible story --tenant acme --object ticket/42"
    })
final class StoryCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Mixin private ConnectionOptions options = new ConnectionOptions();

  @Option(names = "--session", paramLabel = "ID", description = "Of a session.")
  private @Nullable String session;

  @Option(names = "--person", paramLabel = "ID", description = "Of a person.")
  private @Nullable String person;

  @Option(names = "--object", paramLabel = "TYPE/ID", description = "Of an object.")
  private @Nullable String object;

  @Option(names = "--from", paramLabel = "TIME", description = "Nothing that happened before.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "Nothing that happened then or later.")
  private @Nullable String to;

  @Option(names = "--json", description = "The answer as it is.")
  private boolean json;

  StoryCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String tenant = options.requiredTenant(terminal);
    try (IndelibleClient client = options.clientWithoutRetries(terminal)) {
      Request request = Request.get(Request.path("tenants", tenant, "story"));
      request = with(request, "session", session);
      request = with(request, "person", person);
      request = with(request, "object", object);
      request = with(request, "from", from);
      request = with(request, "to", to);
      Answer answer = client.send(request);
      if (!answer.isSuccess()) {
        throw Answers.refused(answer);
      }
      print(answer);
    } catch (UnreachableException failure) {
      throw new CommandFailure(ExitCode.UNAVAILABLE, String.valueOf(failure.getMessage()));
    }
    return ExitCode.DONE;
  }

  private static Request with(Request request, String name, @Nullable String value) {
    return value == null ? request : request.parameter(name, value);
  }

  private void print(Answer answer) {
    if (json) {
      terminal.out().println(answer.text());
      return;
    }
    for (JsonText passage : answer.json().at("passages").elements()) {
      JsonText entry = passage.at("entry");
      long count = passage.at("count").integer().orElse(1);
      String to = count == 1 ? "" : " to " + text(passage, "to");
      terminal
          .out()
          .println(
              "%s%s  %s%s %s %s %s"
                  .formatted(
                      text(passage, "from"),
                      to,
                      count == 1 ? "" : count + " × ",
                      who(entry),
                      text(entry, "action"),
                      target(entry),
                      text(entry, "outcome").equals("failure") ? "(failed)" : "")
                  .stripTrailing());
    }
    if (!answer.json().at("complete").isTrue()) {
      terminal.err().println("The story breaks off: there are more entries. Give --from.");
    }
  }

  private static String who(JsonText entry) {
    JsonText actor = entry.at("actor");
    String name = text(actor, "name");
    return name.isEmpty() ? text(actor, "type") + "/" + text(actor, "id") : name;
  }

  private static String target(JsonText entry) {
    return entry.at("targets").elements().stream()
        .findFirst()
        .map(target -> text(target, "type") + "/" + text(target, "id"))
        .orElse("");
  }

  private static String text(JsonText document, String member) {
    return Printable.of(document.at(member).text().orElse(""));
  }
}
