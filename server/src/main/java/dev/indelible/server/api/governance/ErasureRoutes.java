package dev.indelible.server.api.governance;

import dev.indelible.server.access.OtherMembers;
import dev.indelible.server.access.Persons;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.Erasure;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.http.ListCursor;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Problems;
import dev.indelible.server.http.Route;
import dev.indelible.server.json.Json;
import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.retention.Copies;
import dev.indelible.server.retention.ErasurePreview;
import dev.indelible.server.retention.Erasures;
import dev.indelible.server.retention.RetentionServices;
import dev.indelible.server.retention.Retentions;
import dev.indelible.server.retention.StayingTexts;
import dev.indelible.server.takeout.ErasureJson;
import dev.indelible.server.takeout.ErasureReport;
import dev.indelible.verify.audit.ErasureReceipt;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;

/** Requests for erasure: received, previewed, approved, shown. */
public final class ErasureRoutes {

  /** The largest request body here, in bytes. */
  static final int MAX_BODY_BYTES = 64 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(ErasureRoutes.class);

  private final Callers callers;
  private final Erasures erasures;
  private final Retentions retentions;
  private final Copies copies;
  private final Configuration configuration;
  private final People people;
  private final InstantSource clock;

  /**
   * Persons behind callers.
   *
   * @param persons tells them apart
   * @param others who else of a tenant may do something
   */
  public record People(Persons persons, OtherMembers others) {}

  public ErasureRoutes(
      Callers callers, RetentionServices services, People people, InstantSource clock) {
    this.callers = callers;
    this.people = people;
    this.configuration = services.configuration();
    this.erasures = services.erasures();
    this.retentions = services.retentions();
    this.copies = services.copies();
    this.clock = clock;
  }

  public List<Route> routes() {
    String path = "/v1/tenants/{tenant}/erasures";
    String one = path + "/{erasure_id}";
    return List.of(
        new Route("POST", path, "receiveErasure", this::receive),
        new Route("GET", path, "listErasures", List.of("limit", "cursor"), this::list),
        new Route(
            "GET",
            "/v1/tenants/{tenant}/erasure-report",
            "reportErasures",
            List.of("from", "to", "format"),
            this::report),
        new Route("GET", one, "getErasure", this::get),
        new Route("GET", one + "/preview", "previewErasure", this::preview),
        new Route("GET", one + "/receipt", "getErasureReceipt", this::receipt),
        new Route("POST", one + "/approve", "approveErasure", this::approve),
        new Route("POST", one + "/reject", "rejectErasure", this::reject));
  }

  private void receive(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.ERASURES_MANAGE);
    JsonFields fields =
        JsonFields.of(exchange.json(MAX_BODY_BYTES), "identifiers", "received_at", "reason");
    List<String> identifiers = PersonRequests.identifiers(fields);
    Instant receivedAt = fields.instant("received_at");
    if (receivedAt != null && receivedAt.isAfter(now())) {
      fields.fault("received_at", "out_of_range", "It must not be in the future.");
    }
    String reason = fields.text("reason", Field.OPTIONAL, Change.MAX_REASON_LENGTH);
    fields.check();
    PersonRequests.requirePersonal(allowed);
    Erasures.Received received =
        erasures
            .receive(
                allowed.tenant().tenant(),
                identifiers,
                new Erasures.Times(
                    receivedAt == null ? now() : receivedAt,
                    retentions.erasureDue(allowed.tenant())),
                acting(allowed, reason))
            .orElseThrow(
                () ->
                    new ProblemException(
                        409,
                        "too_many_erasures",
                        "Too many requests are open; settle some first."));
    Erasure erasure = received.erasure();
    exchange.setHeader(
        "Location", "/v1/tenants/" + allowed.tenant().id() + "/erasures/" + erasure.erasureId());
    exchange.respondJson(201, json -> show(json, erasure, received.receipt()));
  }

  private Erasures.Acting acting(Callers.Allowed allowed, @Nullable String reason) {
    return new Erasures.Acting(
        allowed.caller().changedBy(), people.persons().of(allowed.caller()), reason);
  }

  private void list(Exchange exchange) throws IOException {
    Tenant tenant = callers.requireTenant(exchange, Permission.ERASURES_MANAGE).tenant();
    int limit = ListCursor.limit(exchange);
    ListCursor.Page<Erasure> page =
        new ListCursor(tenant.id() + "/erasures")
            .page(exchange, erasures.all(tenant.tenant()), erasure -> true, limit);
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("erasures");
          page.items().forEach(erasure -> show(json, erasure, null));
          json.writeEndArray();
          ListCursor.writeNext(json, page.next());
          json.writeEndObject();
        });
  }

  private void report(Exchange exchange) throws IOException {
    Tenant tenant = callers.requireTenant(exchange, Permission.ERASURES_MANAGE).tenant();
    String format = exchange.query().choice("format", List.of("json", "pdf"), "json");
    Instant from = exchange.query().instant("from").orElse(Instant.EPOCH);
    Instant to = exchange.query().instant("to").orElse(now());
    ErasureReport report =
        ErasureReport.of(
            tenant.tenant(),
            erasures.all(tenant.tenant()),
            new ErasureReport.Span(from, to, now()),
            copies);
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
    exchange.respondJson(200, json -> show(json, erasure, null));
  }

  /** The receipt, for as long as the server knows whom the request is about. */
  private void receipt(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.ERASURES_MANAGE);
    Erasure erasure = erasure(exchange, allowed.tenant());
    PersonRequests.requirePersonal(allowed);
    if (erasure.isSettled()) {
      throw settled(erasure);
    }
    ErasureReceipt receipt =
        erasures
            .receipt(erasure)
            .orElseThrow(
                () ->
                    new ProblemException(
                        404, "not_found", "The request was received before there were receipts."));
    exchange.setHeader(
        "Content-Disposition", "attachment; filename=\"" + erasure.erasureId() + ".receipt.json\"");
    exchange.respondJson(200, json -> ErasureJson.write(json, receipt));
  }

  private Optional<ErasurePreview> preview(Erasure erasure) throws IOException {
    try {
      return erasures.preview(erasure);
    } catch (InterruptedException e) {
      throw Problems.stopping(); // only then is a reading interrupted
    }
  }

  private void preview(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.ERASURES_MANAGE);
    Erasure erasure = erasure(exchange, allowed.tenant());
    PersonRequests.requirePersonal(allowed);
    Optional<ErasurePreview> found =
        erasure.isSettled() ? Optional.empty() : callers.read(allowed, () -> preview(erasure));
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
          json.writeNumberProperty("kept_for_author", preview.keptForAuthor());
          writeStaying(json, preview.staying());
          json.writeEndObject();
        });
  }

  /** Writes what goes on to name the person, whatever is erased: whoever approves is to know. */
  private static void writeStaying(JsonGenerator json, StayingTexts staying) {
    json.writeObjectPropertyStart("staying");
    json.writeNumberProperty("entries", staying.entries());
    Json.texts(json, "entry_ids", staying.entryIds());
    json.writeArrayPropertyStart("configuration");
    for (StayingTexts.Changed changed : staying.changed()) {
      json.writeStartObject();
      json.writeStringProperty("kind", changed.kind());
      json.writeStringProperty("id", changed.id());
      Json.texts(json, "fields", changed.fields());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeBooleanProperty("complete", staying.complete());
    json.writeEndObject();
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
    PersonRequests.requirePersonal(allowed);
    if (erasure.isSettled()) {
      throw settled(erasure);
    }
    if (!isReady(allowed, erasure)) {
      Erasure waiting = erasures.await(erasure, acting(allowed, reason));
      exchange.respondJson(202, json -> show(json, waiting, null));
      return;
    }
    ErasureReceipt receipt = erasures.receipt(erasure).orElse(null);
    try {
      Erasure done = erasures.approve(erasure, allowed.caller().changedBy(), reason);
      exchange.respondJson(done.isSettled() ? 200 : 202, json -> show(json, done, receipt));
    } catch (Erasures.ChangedMeanwhileException e) {
      throw e;
    } catch (IOException e) {
      LOG.error("erasure {} is not finished", erasure.id(), e);
      throw ProblemException.unavailable(
              "erasure_unfinished",
              "The erasure could not be finished now; it is finished later, at the next start at"
                  + " the latest.",
              Duration.ofSeconds(30))
          .withCause(e);
    }
  }

  /** Whether the request may be carried out when this caller approves it, or waits instead. */
  private boolean isReady(Callers.Allowed allowed, Erasure erasure) {
    String approver = people.persons().of(allowed.caller());
    List<String> askers = erasures.askers(erasure);
    boolean byAsker = askers.stream().anyMatch(asker -> people.persons().areOne(asker, approver));
    boolean others =
        people
            .others()
            .may(
                allowed.tenant(),
                Permission.ERASURES_MANAGE,
                Stream.concat(askers.stream(), Stream.of(approver)).toList());
    return switch (erasures.approval(erasure, byAsker, others)) {
      case NOW -> true;
      case WAITS -> false;
      case WAITS_ALREADY ->
          throw new ProblemException(
              409,
              "second_person_needed",
              "You received and approved this request; it waits until %s unless somebody else, or the operator, approves it."
                  .formatted(Rfc3339.format(Objects.requireNonNull(erasure.waitsUntil()))));
      case NEEDS_ANOTHER ->
          throw new ProblemException(
              409,
              "second_person_needed",
              "You received this request; somebody else of the tenant, or the operator, approves"
                  + " it.");
    };
  }

  private void reject(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.ERASURES_MANAGE);
    String reason = reason(exchange);
    Erasure erasure = erasure(exchange, allowed.tenant());
    if (erasure.isSettled()) {
      throw settled(erasure);
    }
    Erasure rejected = erasures.reject(erasure, allowed.caller().changedBy(), reason);
    exchange.respondJson(200, json -> show(json, rejected, null));
  }

  private static String reason(Exchange exchange) throws IOException {
    JsonFields fields = JsonFields.of(exchange.json(MAX_BODY_BYTES), "reason");
    String reason = fields.text("reason", Field.REQUIRED, Change.MAX_REASON_LENGTH);
    fields.check();
    return Objects.requireNonNull(reason);
  }

  /** Writes a request with its timeline and with who acted on it. */
  private void show(JsonGenerator json, Erasure erasure, @Nullable ErasureReceipt receipt) {
    json.writeStartObject();
    ErasureJson.timeline(json, erasure, now());
    Json.texts(json, "asked_by", erasures.askers(erasure));
    configuration.history(erasure).stream()
        .filter(made -> made.object() instanceof Erasure then && isApproved(then))
        .findFirst()
        .ifPresent(made -> json.writeStringProperty("approved_by", made.who()));
    ErasureJson.left(json, copies.left(erasure.tenant(), erasure.erasureId()));
    if (receipt != null) {
      json.writeName("receipt");
      ErasureJson.write(json, receipt);
    }
    json.writeEndObject();
  }

  private static boolean isApproved(Erasure erasure) {
    return erasure.processingAt() != null || erasure.waitsUntil() != null;
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
