package dev.indelible.server.http;

import dev.indelible.server.control.Change;
import dev.indelible.server.control.Hold;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.retention.Erasures;
import dev.indelible.server.retention.RetentionServices;
import dev.indelible.server.retention.SubjectReport;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reports of what a log holds about a person; asked for by POST, so that no URL names them. */
final class SubjectReportRoutes {

  /** The largest request body here, in bytes. */
  static final int MAX_BODY_BYTES = 64 * 1024;

  private final Callers callers;
  private final RetentionServices services;
  private final Looks looks;
  private final InstantSource clock;

  SubjectReportRoutes(
      Callers callers, RetentionServices services, Looks looks, InstantSource clock) {
    this.callers = callers;
    this.services = services;
    this.looks = looks;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        new Route(
            "POST", "/v1/tenants/{tenant}/subject-reports", "createSubjectReport", this::create));
  }

  private void create(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.ERASURES_MANAGE);
    JsonFields fields =
        JsonFields.of(exchange.json(MAX_BODY_BYTES), "identifiers", "format", "reason");
    List<String> identifiers = identifiers(fields);
    String format = fields.choice("format", List.of("json", "pdf"), "json");
    String reason = fields.text("reason", Field.REQUIRED, Change.MAX_REASON_LENGTH);
    fields.check();
    requirePersonal(allowed);
    SubjectReport found =
        callers.read(
            allowed, () -> services.erasures().report(allowed.tenant().tenant(), identifiers));
    looks.subjectReported(
        exchange,
        allowed,
        new Looks.Taken(
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

  /** To ask how many entries are about somebody is to search by what is personal. */
  static void requirePersonal(Callers.Allowed allowed) {
    if (!allowed.grant().allowsWhole(Permission.AUDIT_VIEW_PERSONAL)) {
      throw new ProblemException(
          403,
          "personal_withheld",
          "You may not see personal data, and so not have entries found by a person: this needs "
              + Permission.AUDIT_VIEW_PERSONAL.jsonName()
              + ", too.");
    }
  }

  /** Whom a request is about. */
  static List<String> identifiers(JsonFields fields) {
    Set<String> identifiers = new LinkedHashSet<>(fields.texts("identifiers"));
    boolean usable =
        !identifiers.isEmpty()
            && identifiers.size() <= Erasures.MAX_IDENTIFIERS
            && identifiers.stream().allMatch(SubjectReportRoutes::isUsable);
    if (!usable) {
      fields.fault(
          "identifiers",
          "missing",
          "Say who it is: 1 to %d ids, names or e-mail addresses of at most %d characters."
              .formatted(Erasures.MAX_IDENTIFIERS, Erasures.MAX_IDENTIFIER_LENGTH));
    }
    return List.copyOf(identifiers);
  }

  private static boolean isUsable(@Nullable String text) {
    return text != null && !text.isBlank() && text.length() <= Erasures.MAX_IDENTIFIER_LENGTH;
  }
}
