package dev.indelible.server.api.events;

import dev.indelible.server.api.caller.AccessRecording;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.Reasons;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.Route;
import dev.indelible.server.profile.Profile;
import dev.indelible.server.profile.Profile.ExportFormat;
import dev.indelible.server.profile.TenantProfiles;
import dev.indelible.server.search.Search;
import dev.indelible.server.takeout.EntryExport;
import dev.indelible.server.takeout.Exports;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** The entries that a query finds, as one file to keep: a JSON object on each line, or CSV. */
public final class EntryExportRoutes {

  /** How many entries the answer will have, unless it is cut off. */
  static final String COUNT_HEADER = "X-Total-Count";

  private final Callers callers;
  private final TenantProfiles profiles;
  private final Search search;
  private final EntryExport exports;

  public EntryExportRoutes(
      Callers callers, TenantProfiles profiles, Search search, EntryExport exports) {
    this.callers = callers;
    this.profiles = profiles;
    this.search = search;
    this.exports = exports;
  }

  public List<Route> routes() {
    return List.of(
        new Route(
            "GET",
            "/v1/tenants/{tenant}/export",
            "exportEvents",
            List.of("q", "from", "to", "zone", "order", "format", "reason"),
            this::export));
  }

  private void export(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireReader(exchange, EntryExport.PERMISSION);
    Profile profile = profiles.of(allowed.tenant().tenant(), allowed.tenant().profile());
    ExportFormat format = format(exchange, profile);
    String reason = Reasons.ofExport(exchange, profile);
    EntryExport.Started export =
        exports.start(
            callers.taker(exchange, allowed, EntryExport.PERMISSION),
            new EntryExport.Wanted(
                search.now(Questions.question(exchange)),
                AccessRecording.filter(exchange),
                Questions.recordedOrder(exchange),
                format,
                reason));
    exchange.setHeader(COUNT_HEADER, Long.toString(export.count()));
    exchange.setHeader("Content-Disposition", "attachment; filename=\"" + export.fileName() + "\"");
    try (OutputStream out = exchange.respondStream(200, export.mediaType())) {
      export.writeTo(out);
    }
  }

  /** The format that is asked for; else the first that the tenant's profile offers. */
  private static ExportFormat format(Exchange exchange, Profile profile) {
    List<String> offered = Exports.formats(profile);
    String asked =
        exchange
            .query()
            .choice(
                "format",
                List.of("csv", "json", "ndjson"),
                offered.isEmpty() ? "ndjson" : offered.getFirst());
    return Exports.format(profile, asked);
  }
}
