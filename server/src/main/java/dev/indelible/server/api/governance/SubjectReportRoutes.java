package dev.indelible.server.api.governance;

import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.Hold;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.http.Route;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.retention.RetentionServices;
import dev.indelible.server.retention.SubjectReport;
import dev.indelible.server.takeout.Exports;
import dev.indelible.server.takeout.SubjectReportDocument;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reports of what a log holds about a person; asked for by POST, so that no URL names them. */
public final class SubjectReportRoutes {

  /** The largest request body here, in bytes. */
  static final int MAX_BODY_BYTES = 64 * 1024;

  private final Callers callers;
  private final RetentionServices services;
  private final Exports exports;
  private final InstantSource clock;

  public SubjectReportRoutes(
      Callers callers, RetentionServices services, Exports exports, InstantSource clock) {
    this.callers = callers;
    this.services = services;
    this.exports = exports;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(
        new Route(
            "POST", "/v1/tenants/{tenant}/subject-reports", "createSubjectReport", this::create));
  }

  private void create(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.ERASURES_MANAGE);
    JsonFields fields =
        JsonFields.of(exchange.json(MAX_BODY_BYTES), "identifiers", "format", "reason");
    List<String> identifiers = PersonRequests.identifiers(fields);
    String format = fields.choice("format", List.of("json", "pdf"), "json");
    String reason = fields.text("reason", Field.REQUIRED, Change.MAX_REASON_LENGTH);
    fields.check();
    PersonRequests.requirePersonal(allowed);
    SubjectReport found =
        callers.read(
            allowed, () -> services.erasures().report(allowed.tenant().tenant(), identifiers));
    exports.subjectReported(
        callers.taker(exchange, allowed, Permission.ERASURES_MANAGE),
        new Exports.ExportedEntries(
            String.join(", ", identifiers), found.entries() + found.asSearched(), reason));
    Map<String, String> names = new HashMap<>();
    for (Hold hold : services.holds().active(allowed.tenant().tenant())) {
      names.put(hold.holdId(), hold.name());
    }
    SubjectReportDocument report =
        new SubjectReportDocument(
            allowed.tenant().tenant(),
            identifiers,
            found,
            names,
            Instant.ofEpochMilli(clock.millis()));
    if (format.equals("json")) {
      exchange.respondJson(200, report::write);
      return;
    }
    byte[] pdf = report.pdf();
    exchange.setHeader(
        "Content-Disposition",
        "attachment; filename=\"subject-report-" + allowed.tenant().id() + ".pdf\"");
    try (OutputStream out = exchange.respondStream(200, "application/pdf")) {
      out.write(pdf);
    }
  }
}
