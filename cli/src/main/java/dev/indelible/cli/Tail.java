package dev.indelible.cli;

import dev.indelible.cli.client.Answer;
import dev.indelible.cli.client.ApiClient;
import dev.indelible.cli.client.ApiClient.Opened;
import dev.indelible.cli.client.RetryPolicy;
import dev.indelible.cli.client.ServerSentEvents;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.server.json.NotJson;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;

/** {@code tail}: prints entries as they are recorded, and goes on where it was after a break. */
@Command(
    name = "tail",
    mixinStandardHelpOptions = true,
    description = "Print entries as they are recorded, until it is stopped.")
final class Tail implements Callable<Integer> {

  /** Keeps trying; whoever watches a log wants to see it again by itself. */
  private static final RetryPolicy RETRY =
      new RetryPolicy(Duration.ofMillis(250), Duration.ofSeconds(15), Duration.ofSeconds(15));

  private static final Set<String> ENTRY_TYPES = Set.of("message", "entry");

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

  private @Nullable String lastId;
  private long seen;

  Tail(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    String path = ApiClient.path("tenants", options.requiredTenant(terminal), "tail");
    String text = String.join(" ", query);
    Map<String, String> parameters = text.isBlank() ? Map.of() : Map.of("q", text);
    EntryPrinter printer = new EntryPrinter(terminal, json);
    try (ApiClient client = options.client(terminal, RETRY, terminal.err()::println)) {
      int failures = 0;
      while (seen < count) {
        long before = seen;
        Optional<String> retryAfter = Optional.empty();
        String why = "the stream ended";
        try {
          switch (client.open(path, parameters, lastId)) {
            case Opened.Stream(InputStream body) -> follow(body, printer);
            case Opened.Refused refused when !refused.notNow() ->
                throw Answers.refused(refused.answer(), text);
            case Opened.Refused refused -> {
              retryAfter = refused.retryAfter();
              why = refused.answer().problem();
            }
          }
        } catch (IOException failure) {
          why = "the stream broke (" + failure.getMessage() + ")";
        }
        if (seen < count) {
          failures = seen > before ? 1 : failures + 1;
          client.pauseAfter(failures, retryAfter, why);
        }
      }
    }
    return ExitCode.DONE;
  }

  private void follow(InputStream body, EntryPrinter printer) throws IOException {
    ServerSentEvents events = new ServerSentEvents(body);
    try (body) {
      for (ServerSentEvents.Event event = events.next(); event != null; event = events.next()) {
        if (ENTRY_TYPES.contains(event.type())) {
          try {
            printer.print(Answer.JSON.readTree(event.data()));
          } catch (JacksonException failure) {
            throw new IOException("not JSON: " + NotJson.why(failure), failure);
          }
          seen++;
        }
        if (seen >= count) {
          return;
        }
      }
    } finally {
      lastId = events.lastId() == null ? lastId : events.lastId();
    }
  }
}
