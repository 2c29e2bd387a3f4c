package dev.indelible.server.api.events;

import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.Reasons;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.profile.TenantProfiles;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.takeout.LogExport;
import dev.indelible.server.takeout.Taker;
import dev.indelible.verify.audit.ExportHeader;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The entries of a log byte for byte, as the lines of a verifiable export. */
public final class LogExportRoutes {

  private final Callers callers;
  private final TenantProfiles profiles;
  private final TenantLogs logs;
  private final LogExport exports;

  public LogExportRoutes(
      Callers callers, TenantProfiles profiles, TenantLogs logs, LogExport exports) {
    this.profiles = profiles;
    this.callers = callers;
    this.exports = exports;
    this.logs = logs;
  }

  public List<Route> routes() {
    return List.of(
        new Route(
            "GET",
            "/v1/tenants/{tenant}/log/entries",
            "exportLogEntries",
            List.of("from_seq", "to_seq", "header", "personal", "reason"),
            this::entries));
  }

  private void entries(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireWholeReader(exchange, LogExport.PERMISSION);
    TenantId tenant = allowed.scope().tenant();
    ExportHeader header = header(exchange, tenant);
    long size =
        header == null ? logs.publishedSize(tenant) : header.checkpoint().checkpoint().size();
    long from = seq(exchange, "from_seq", 0, size);
    long to = seq(exchange, "to_seq", size, size);
    if (from > to) {
      throw ProblemException.invalidParameter("from_seq", "It must not be after to_seq.");
    }
    boolean withhold = withholds(exchange, allowed);
    String reason = Reasons.ofExport(exchange, profiles.of(tenant, allowed.tenant().profile()));
    Taker taker = callers.taker(exchange, allowed, LogExport.PERMISSION);
    LogExport.Wanted wanted = new LogExport.Wanted(header, from, to, withhold, reason);
    exports.record(taker, wanted);
    if (header != null) {
      exchange.setHeader(
          "Content-Disposition", "attachment; filename=\"" + tenant.value() + ".ndjson\"");
    }
    try (OutputStream out = exchange.respondStream(200, "application/x-ndjson")) {
      exports.write(taker, wanted, out);
    }
  }

  /** The first line, when the answer is to be a whole export; null when it is lines alone. */
  private @Nullable ExportHeader header(Exchange exchange, TenantId tenant)
      throws IOException, InterruptedException {
    if (!exchange.query().flag("header", false)) {
      return null;
    }
    for (String bound : List.of("from_seq", "to_seq")) {
      if (exchange.query().text(bound).isPresent()) {
        throw ProblemException.invalidParameter(
            bound, "With a header it is the whole log: leave the bounds away.");
      }
    }
    return new ExportHeader(
        tenant.value(), logs.verifierKeys(tenant), logs.checkpointOfExport(tenant), null, true);
  }

  /** Decides whether personal data is withheld: it goes to those alone who may see it. */
  private static boolean withholds(Exchange exchange, Callers.Allowed allowed) {
    boolean may = allowed.grant().allowsWhole(Permission.AUDIT_VIEW_PERSONAL);
    String asked =
        exchange
            .query()
            .choice("personal", List.of("include", "withhold"), may ? "include" : "withhold");
    if (asked.equals("include") && !may) {
      throw Callers.lacks(Permission.AUDIT_VIEW_PERSONAL);
    }
    return asked.equals("withhold");
  }

  private static long seq(Exchange exchange, String name, long fallback, long most) {
    String text = exchange.query().text(name).orElse("");
    if (text.isEmpty()) {
      return fallback;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= 0 && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // as below
    }
    throw ProblemException.invalidParameter(
        name, "It must be an integer from 0 to " + most + ", the size of the newest checkpoint.");
  }
}
