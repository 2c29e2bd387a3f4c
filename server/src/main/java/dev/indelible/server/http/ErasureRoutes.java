package dev.indelible.server.http;

import dev.indelible.server.control.Change;
import dev.indelible.server.control.ConfigurationObject.Erasure;
import dev.indelible.server.control.ConfigurationObject.Tenant;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.journal.JournalUnavailableException;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.retention.ErasurePreview;
import dev.indelible.server.retention.Erasures;
import dev.indelible.server.retention.RetentionServices;
import dev.indelible.server.retention.Retentions;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;

/** Requests for erasure: received, previewed, approved, shown. */
final class ErasureRoutes {

  /** The largest request body here, in bytes. */
  static final int MAX_BODY_BYTES = 64 * 1024;

  /** The most requests in one answer. */
  static final int MAX_PAGE = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(ErasureRoutes.class);

  private final Callers callers;
  private final Erasures erasures;
  private final Retentions retentions;
  private final InstantSource clock;

  ErasureRoutes(Callers callers, RetentionServices services, InstantSource clock) {
    this.callers = callers;
    this.erasures = services.erasures();
    this.retentions = services.retentions();
    this.clock = clock;
  }

  List<Route> routes() {
    String path = "/v1/tenants/{tenant}/erasures";
    String one = path + "/{erasure_id}";
    return List.of(
        new Route("POST", path, "receiveErasure", asking(this::receive)),
        new Route("GET", path, "listErasures", List.of("limit", "cursor"), this::list),
        new Route(
            "GET",
            "/v1/tenants/{tenant}/erasure-report",
            "reportErasures",
            List.of("from", "to", "format"),
            this::report),
        new Route("GET", one, "getErasure", this::get),
        new Route("GET", one + "/preview", "previewErasure", this::preview),
        new Route("POST", one + "/approve", "approveErasure", asking(this::approve)),
        new Route("POST", one + "/reject", "rejectErasure", asking(this::reject)));
  }

  /** Turns what can go wrong with a request into answers, in one place. */
  private static Route.Handler asking(Route.Handler handler) {
    return exchange -> {
      try {
        handler.handle(exchange);
      } catch (Erasures.ChangedMeanwhileException e) {
        throw new ProblemException(
                409, "version_moved", "The request was changed meanwhile; look again.")
            .withCause(e);
      } catch (JournalUnavailableException e) {
        throw ProblemException.unavailable(
                "journal_failed", "The server cannot record changes now.", Duration.ofSeconds(5))
            .withCause(e);
      }
    };
  }

  private void receive(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.ERASURES_MANAGE);
    JsonFields fields =
        JsonFields.of(exchange.json(MAX_BODY_BYTES), "identifiers", "received_at", "reason");
    List<String> identifiers = SubjectReportRoutes.identifiers(fields);
    Instant receivedAt = fields.instant("received_at");
    if (receivedAt != null && receivedAt.isAfter(now())) {
      fields.fault("received_at", "out_of_range", "It must not be in the future.");
    }
    String reason = fields.text("reason", Field.OPTIONAL, Change.MAX_REASON_LENGTH);
    fields.check();
    Erasure erasure =
        erasures
            .receive(
                allowed.tenant().tenant(),
                identifiers,
                receivedAt == null ? now() : receivedAt,
                retentions.erasureDue(allowed.tenant()),
                allowed.caller().changedBy(),
                reason)
            .orElseThrow(
                () ->
                    new ProblemException(
                        409,
                        "too_many_erasures",
                        "Too many requests are open; settle some first."));
    exchange.setHeader(
        "Location", "/v1/tenants/" + allowed.tenant().id() + "/erasures/" + erasure.erasureId());
    exchange.respondJson(201, json -> write(json, erasure, now()));
  }

  private void list(Exchange exchange) throws IOException {
    Tenant tenant = callers.requireTenant(exchange, Permission.ERASURES_MANAGE).tenant();
    int limit = exchange.query().integer("limit", 1, MAX_PAGE, 100);
    String after = exchange.query().text("cursor").orElse("");
    List<Erasure> all = erasures.all(tenant.tenant());
    int from = 0;
    while (!after.isEmpty() && from < all.size() && !all.get(from++).erasureId().equals(after)) {
      // Skips what earlier pages had.
    }
    List<Erasure> page = all.subList(from, Math.min(all.size(), from + limit));
    boolean more = from + limit < all.size();
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("erasures");
          page.forEach(erasure -> write(json, erasure, now()));
          json.writeEndArray();
          if (more) {
            json.writeStringProperty("next_cursor", page.getLast().erasureId());
          } else {
            json.writeNullProperty("next_cursor");
          }
          json.writeEndObject();
        });
  }

  private void report(Exchange exchange) throws IOException {
    Tenant tenant = callers.requireTenant(exchange, Permission.ERASURES_MANAGE).tenant();
    String format = exchange.query().choice("format", List.of("json", "pdf"), "json");
    Instant from = exchange.query().instant("from").orElse(Instant.EPOCH);
    Instant to = exchange.query().instant("to").orElse(now());
    ErasureReport report =
        ErasureReport.of(tenant.tenant(), erasures.all(tenant.tenant()), from, to, now());
    if (format.equals("json")) {
      exchange.respondJson(200, report::write);
      return;
    }
    byte[] pdf = report.pdf();
    exchange.setHeader(
        "Content-Disposition", "attachment; filename=\"erasures-" + tenant.id() + ".pdf\"");
    try (OutputStream out = exchange.respondStream(200, "application/pdf")) {
      out.write(pdf);
    }
  }

  private Erasure erasure(Exchange exchange, Tenant tenant) {
    return erasures
        .find(tenant.tenant(), exchange.pathParameter("erasure_id"))
        .orElseThrow(
            () -> new ProblemException(404, "not_found", "The tenant has no such request."));
  }

  private void get(Exchange exchange) throws IOException {
    Tenant tenant = callers.requireTenant(exchange, Permission.ERASURES_MANAGE).tenant();
    Erasure erasure = erasure(exchange, tenant);
    exchange.respondJson(200, json -> write(json, erasure, now()));
  }

  private void preview(Exchange exchange) throws IOException {
    Tenant tenant = callers.requireTenant(exchange, Permission.ERASURES_MANAGE).tenant();
    Erasure erasure = erasure(exchange, tenant);
    Optional<ErasurePreview> found =
        erasure.isSettled() ? Optional.empty() : erasures.preview(erasure);
    ErasurePreview preview = found.orElseThrow(() -> settled(erasure));
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeStringProperty("id", erasure.erasureId());
          json.writeNumberProperty("entries", preview.entries());
          json.writeNumberProperty("as_actor", preview.asActor());
          json.writeNumberProperty("as_target", preview.asTarget());
          json.writeNumberProperty("as_searched", preview.asSearched());
          json.writeNumberProperty("deferred", preview.deferred());
          json.writeNumberProperty("without_personal", preview.withoutPersonal());
          json.writeEndObject();
        });
  }

  private static ProblemException settled(Erasure erasure) {
    return new ProblemException(
        409,
        "erasure_settled",
        "The request is %s; whom it was about is forgotten.".formatted(erasure.state()));
  }

  private void approve(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.ERASURES_MANAGE);
    String reason = reason(exchange);
    Erasure erasure = erasure(exchange, allowed.tenant());
    if (erasure.isSettled()) {
      throw settled(erasure);
    }
    try {
      Erasure done = erasures.approve(erasure, allowed.caller().changedBy(), reason);
      exchange.respondJson(done.isSettled() ? 200 : 202, json -> write(json, done, now()));
    } catch (Erasures.ChangedMeanwhileException e) {
      throw e;
    } catch (IOException e) {
      LOG.error("erasure {} is not finished", erasure.id(), e);
      throw ProblemException.unavailable(
              "erasure_unfinished",
              "The erasure could not be finished now; it is finished later, at the next start at the latest.",
              Duration.ofSeconds(30))
          .withCause(e);
    }
  }

  private void reject(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.ERASURES_MANAGE);
    String reason = reason(exchange);
    Erasure erasure = erasure(exchange, allowed.tenant());
    if (erasure.isSettled()) {
      throw settled(erasure);
    }
    Erasure rejected = erasures.reject(erasure, allowed.caller().changedBy(), reason);
    exchange.respondJson(200, json -> write(json, rejected, now()));
  }

  private static String reason(Exchange exchange) throws IOException {
    JsonFields fields = JsonFields.of(exchange.json(MAX_BODY_BYTES), "reason");
    String reason = fields.text("reason", Field.REQUIRED, Change.MAX_REASON_LENGTH);
    fields.check();
    return Objects.requireNonNull(reason);
  }

  /** Writes a request with its timeline. */
  static void write(JsonGenerator json, Erasure erasure, Instant now) {
    json.writeStartObject();
    json.writeStringProperty("id", erasure.erasureId());
    json.writeStringProperty("state", erasure.state());
    json.writeStringProperty("received_at", Times.format(erasure.receivedAt()));
    json.writeStringProperty("due_at", Times.format(erasure.dueAt()));
    time(json, "processing_at", erasure.processingAt());
    time(json, "fulfilled_at", erasure.fulfilledAt());
    time(json, "rejected_at", erasure.rejectedAt());
    json.writeBooleanProperty("overdue", isOverdue(erasure, now));
    json.writeNumberProperty("entries", erasure.entries());
    json.writeNumberProperty("deferred", erasure.deferred());
    json.writeArrayPropertyStart("records");
    erasure.records().forEach(json::writeString);
    json.writeEndArray();
    json.writeEndObject();
  }

  /** Whether it was not settled in time, or is not and the time is over. */
  static boolean isOverdue(Erasure erasure, Instant now) {
    Instant fulfilled = erasure.fulfilledAt();
    return erasure.rejectedAt() == null
        && (fulfilled == null ? now : fulfilled).isAfter(erasure.dueAt());
  }

  private static void time(JsonGenerator json, String field, @Nullable Instant time) {
    if (time != null) {
      json.writeStringProperty(field, Times.format(time));
    }
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
