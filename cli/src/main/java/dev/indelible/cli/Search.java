package dev.indelible.cli;

import dev.indelible.cli.terminal.Printable;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.client.Answer;
import dev.indelible.client.Entry;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.Page;
import dev.indelible.client.Query;
import dev.indelible.client.RefusedException;
import dev.indelible.client.Request;
import dev.indelible.client.RetryPolicy;
import dev.indelible.client.UnreachableException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code search}: prints the entries that a query finds, what happened last first. */
@Command(
    name = "search",
    mixinStandardHelpOptions = true,
    description = "Print the entries that a query finds, what happened last first.",
    footer = {
      "",
      "  indelible search --tenant acme 'actor:u_7 action:user.* -outcome:success after:-7d'",
      "  indelible search --tenant acme --all --json 'category:authentication' > entries.ndjson",
      "  indelible search --tenant acme --order newest flag:late      # what was recorded late, last"
    })
final class Search implements Callable<Integer> {

  /** Short retries: a person is waiting, and is told soon that the server cannot be reached. */
  private static final RetryPolicy RETRY =
      new RetryPolicy(Duration.ofMillis(250), Duration.ofSeconds(5), Duration.ofSeconds(10));

  private final Terminal terminal;

  @Mixin private ConnectionOptions options = new ConnectionOptions();

  @Parameters(
      paramLabel = "QUERY",
      arity = "0..*",
      description = "Qualifiers and words; all of them must hold. Nothing finds everything.")
  private List<String> query = List.of();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "The earliest: RFC 3339, or -7d, -24h.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "Before which, likewise.")
  private @Nullable String to;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description =
          "Time zone of the query's days and of the times shown, such as Europe/Berlin (UTC).")
  private @Nullable String zone;

  @Option(
      names = "--order",
      paramLabel = "ORDER",
      description =
          "By when it happened, last or first first: -occurred (unless told otherwise), occurred."
              + " By when it was recorded: newest, oldest. What says that it happens more than 5"
              + " minutes after it was recorded stands by its recording.")
  private String order = "-occurred";

  @Option(names = "--limit", paramLabel = "N", description = "How many at most (100).")
  private int limit = 100;

  @Option(names = "--all", description = "All of them, page by page.")
  private boolean all;

  @Option(names = "--json", description = "One JSON object per line instead of a table.")
  private boolean json;

  Search(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new CommandFailure(ExitCode.USAGE, "--limit is at least 1");
    }
    String tenant = options.requiredTenant(terminal);
    String text = String.join(" ", query);
    EntryPrinter printer = new EntryPrinter(terminal, json, shownZone());
    long left = all ? Long.MAX_VALUE : limit;
    String cursor = null;
    try (IndelibleClient client = options.client(terminal, RETRY, terminal.err()::println)) {
      IndelibleClient log = client.forTenant(tenant);
      do {
        int size = (int) Math.min(left, Query.MAX_PAGE_SIZE);
        Page page = log.page(query(text).order(order).pageSize(size), cursor);
        for (Entry entry : page.entries()) {
          printer.print(entry);
          left--;
        }
        page.hints().forEach(hint -> terminal.err().println(Printable.of(hint)));
        cursor = page.nextCursor().orElse(null);
      } while (cursor != null && left > 0 && !terminal.out().checkError());
      if (cursor != null && left <= 0) {
        terminal.out().flush();
        terminal.err().println(more(client, tenant, text));
      }
    } catch (RefusedException refusal) {
      throw Answers.refused(refusal, text);
    } catch (UnreachableException failure) {
      throw new CommandFailure(ExitCode.UNAVAILABLE, String.valueOf(failure.getMessage()));
    }
    return ExitCode.DONE;
  }

  /** The zone that times are shown in; one that there is not is refused by the server, in words. */
  private ZoneId shownZone() {
    try {
      return zone == null ? ZoneOffset.UTC : ZoneId.of(zone);
    } catch (DateTimeException e) {
      return ZoneOffset.UTC;
    }
  }

  /** A sentence that there are more entries than were printed, with their number if it is known. */
  private String more(IndelibleClient client, String tenant, String text) {
    Map<String, String> parameters = new HashMap<>();
    parameters.put("fields", "outcome");
    parameters.put("limit", "1");
    put(parameters, "q", text.isBlank() ? null : text);
    put(parameters, "from", from);
    put(parameters, "to", to);
    put(parameters, "zone", zone);
    Answer answer = client.get(Request.path("tenants", tenant, "facets"), parameters);
    return answer.isSuccess()
        ? "%,d of %,d entries; --all prints all of them"
            .formatted(limit, answer.json().at("count").integer().orElse(0))
        : "%,d entries, and there are more; --all prints all of them".formatted(limit);
  }

  private static void put(Map<String, String> parameters, String name, @Nullable String value) {
    if (value != null) {
      parameters.put(name, value);
    }
  }

  private Query query(String text) {
    Query query = Query.of(text);
    query = from == null ? query : query.from(from);
    query = to == null ? query : query.to(to);
    return zone == null ? query : query.zone(zone);
  }
}
