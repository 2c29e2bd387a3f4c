package dev.indelible.server.api.events;

import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.Looks;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.takeout.EntryWriter;

import dev.indelible.server.event.EntryCsv;
import dev.indelible.server.index.FacetField;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.profile.Profile;
import dev.indelible.server.profile.Profile.ExportFormat;
import dev.indelible.server.profile.TenantProfiles;
import dev.indelible.server.query.Order;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.search.Found;
import dev.indelible.server.search.Search;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The entries that a query finds, as one file to keep: a JSON object on each line, or CSV. */
final class EntryExportRoutes {

  /** The most entries of one export; more is asked for window by window. */
  static final long MAX_ENTRIES = 5_000_000;

  /** How many entries the answer will have, unless it is cut off. */
  static final String COUNT_HEADER = "X-Total-Count";

  private static final byte[] NEWLINE = {'\n'};
  private static final byte[] JSON_BEGIN = {'[', '\n'};
  private static final byte[] JSON_BETWEEN = {',', '\n'};
  private static final byte[] JSON_END = {'\n', ']', '\n'};
  private static final DateTimeFormatter DAY = DateTimeFormatter.ISO_LOCAL_DATE;

  private final Callers callers;
  private final TenantProfiles profiles;
  private final Search search;
  private final EntryWriter entries;
  private final Looks looks;

  EntryExportRoutes(
      Callers callers, TenantProfiles profiles, Search search, EntryWriter entries, Looks looks) {
    this.callers = callers;
    this.profiles = profiles;
    this.search = search;
    this.entries = entries;
    this.looks = looks;
  }

  List<Route> routes() {
    return List.of(
        new Route(
            "GET",
            "/v1/tenants/{tenant}/export",
            "exportEvents",
            List.of("q", "from", "to", "zone", "order", "format", "reason"),
            this::export));
  }

  private void export(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireReader(exchange, Permission.AUDIT_EXPORT);
    TenantScope scope = allowed.scope();
    Profile profile = profiles.of(allowed.tenant().tenant(), allowed.tenant().profile());
    ExportFormat format = format(exchange, profile);
    String reason = Looks.reason(exchange, profile);
    Search.Question question = search.now(Questions.question(exchange));
    Order order = Questions.recordedOrder(exchange);
    long count =
        callers
            .read(allowed, () -> search.facets(scope, question, List.of(FacetField.OUTCOME), 1, ""))
            .count();
    requireExportable(count);
    looks.exported(exchange, allowed, new Looks.Taken(Looks.filter(exchange), count, reason));
    Asked asked = new Asked(allowed, question, order);
    Search.Page first = page(asked, null);
    exchange.setHeader(COUNT_HEADER, Long.toString(count));
    exchange.setHeader(
        "Content-Disposition",
        "attachment; filename=\"%s.%s\""
            .formatted(name(allowed, question), format.name().toLowerCase(Locale.ROOT)));
    try (OutputStream out = exchange.respondStream(200, contentType(format))) {
      Lines lines =
          switch (format) {
            case CSV -> new Csv(out, entries);
            case JSON -> new Json(out, entries);
            case NDJSON, PDF -> new Ndjson(out, entries);
          };
      write(exchange, asked, first, lines);
      lines.end();
    }
  }

  private static String contentType(ExportFormat format) {
    return switch (format) {
      case CSV -> "text/csv; charset=utf-8; header=present";
      case JSON -> "application/json";
      case NDJSON, PDF -> "application/x-ndjson";
    };
  }

  /** What is asked for, if the tenant's profile offers it; else the first that it offers. */
  private static ExportFormat format(Exchange exchange, Profile profile) {
    List<String> offered =
        profile.exportFormats().stream()
            .filter(format -> format != ExportFormat.PDF)
            .map(format -> format.name().toLowerCase(Locale.ROOT))
            .toList();
    String asked =
        exchange
            .query()
            .choice(
                "format",
                List.of("csv", "json", "ndjson"),
                offered.isEmpty() ? "ndjson" : offered.getFirst());
    if (!offered.contains(asked)) {
      throw new ProblemException(
          422,
          "format_not_offered",
          "The profile %s offers exports as %s."
              .formatted(profile.name(), String.join(", ", offered)));
    }
    return ExportFormat.valueOf(asked.toUpperCase(Locale.ROOT));
  }

  private record Asked(Callers.Allowed allowed, Search.Question question, Order order) {
    TenantScope scope() {
      return allowed.scope();
    }
  }

  private Search.Page page(Asked asked, @Nullable String cursor) throws IOException {
    return callers.read(
        asked.allowed(),
        () -> search.page(asked.scope(), asked.question(), asked.order(), Search.MAX_PAGE, cursor));
  }

  /** Takes entries one after another. */
  private interface Lines {
    void add(Found entry) throws IOException;

    /** Writes what comes behind the last one. */
    default void end() throws IOException {}
  }

  private static final class Csv implements Lines {
    private final OutputStream out;
    private final EntryWriter entries;
    private final EntryCsv csv = new EntryCsv();

    Csv(OutputStream out, EntryWriter entries) throws IOException {
      this.out = out;
      this.entries = entries;
      out.write(EntryCsv.headings());
    }

    @Override
    public void add(Found entry) throws IOException {
      out.write(csv.line(entry.shown(), entries.holdNames(entry)));
    }
  }

  private record Ndjson(OutputStream out, EntryWriter entries) implements Lines {
    @Override
    public void add(Found entry) throws IOException {
      entries.write(entry, out);
      out.write(NEWLINE);
    }
  }

  private static final class Json implements Lines {
    private final OutputStream out;
    private final EntryWriter entries;
    private boolean begun;

    Json(OutputStream out, EntryWriter entries) {
      this.out = out;
      this.entries = entries;
    }

    @Override
    public void add(Found entry) throws IOException {
      out.write(begun ? JSON_BETWEEN : JSON_BEGIN);
      begun = true;
      entries.write(entry, out);
    }

    @Override
    public void end() throws IOException {
      if (!begun) {
        out.write(JSON_BEGIN);
      }
      out.write(JSON_END);
    }
  }

  /** Page by page, so that no more than one is in memory, however slowly the client reads. */
  private void write(Exchange exchange, Asked asked, Search.Page first, Lines lines)
      throws IOException {
    Search.Page page = first;
    long left = MAX_ENTRIES;
    while (true) {
      for (Found entry : page.entries()) {
        lines.add(entry);
      }
      left -= page.entries().size();
      String next = page.next();
      if (next == null || left <= 0) {
        return;
      }
      if (!callers.stillMay(exchange, asked.scope(), Permission.AUDIT_EXPORT)) {
        throw new IOException("the caller may not export any more; the answer is cut off");
      }
      page = page(asked, next);
    }
  }

  static void requireExportable(long count) {
    if (count > MAX_ENTRIES) {
      throw new ProblemException(
          422,
          "too_many_entries",
          "These are %,d entries; one export has at most %,d. Ask for a part of the time."
              .formatted(count, MAX_ENTRIES));
    }
  }

  /** Tenant and window, in letters that every file system takes. */
  private static String name(Callers.Allowed allowed, Search.Question question) {
    String from = day(question, question.from());
    String to = day(question, question.to());
    return allowed.tenant().id()
        + (from == null ? "" : "-from-" + from)
        + (to == null ? "" : "-to-" + to);
  }

  private static @Nullable String day(Search.Question question, @Nullable Instant instant) {
    return instant == null ? null : DAY.format(instant.atZone(question.zone()));
  }
}
