package dev.indelible.server.http;

import dev.indelible.server.control.Change;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.ConfigurationObject.Hold;
import dev.indelible.server.control.ConfigurationObject.Tenant;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.query.QueryParser;
import dev.indelible.server.retention.Holds;
import dev.indelible.server.retention.RetentionServices;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Legal holds: applied, shown, released. */
final class HoldRoutes {

  /** The largest request body here, in bytes. */
  static final int MAX_BODY_BYTES = 64 * 1024;

  /** The most holds in one answer. */
  static final int MAX_PAGE = 1_000;

  private final Callers callers;
  private final RetentionServices services;
  private final GovernedChanges changes;
  private final InstantSource clock;

  HoldRoutes(
      Callers callers, RetentionServices services, GovernedChanges changes, InstantSource clock) {
    this.callers = callers;
    this.services = services;
    this.changes = changes;
    this.clock = clock;
  }

  List<Route> routes() {
    String path = "/v1/tenants/{tenant}/holds";
    return List.of(
        new Route("POST", path, "applyHold", this::apply),
        new Route("GET", path, "listHolds", List.of("released", "limit", "cursor"), this::list),
        new Route("GET", path + "/{hold_id}", "getHold", this::get),
        new Route("DELETE", path + "/{hold_id}", "releaseHold", List.of("reason"), this::release));
  }

  private void apply(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.HOLDS_MANAGE);
    Tenant tenant = allowed.tenant();
    JsonNode body = exchange.json(MAX_BODY_BYTES);
    JsonFields fields = JsonFields.of(body, "name", "query", "two_people_to_release", "reason");
    String name = fields.text("name", Field.REQUIRED, Hold.MAX_NAME_LENGTH);
    String query = fields.text("query", Field.OPTIONAL, QueryParser.MAX_LENGTH);
    String reason = fields.text("reason", Field.REQUIRED, Change.MAX_REASON_LENGTH);
    JsonNode two = body.path("two_people_to_release");
    if (!two.isMissingNode() && !two.isBoolean()) {
      fields.fault("two_people_to_release", "wrong_type", "This must be true or false.");
    }
    fields.check();
    if (!services.retentions().offersHolds(tenant)) {
      throw new ProblemException(
          422,
          "holds_not_offered",
          "The profile %s does not know legal holds.".formatted(tenant.profile()));
    }
    Hold hold =
        new Hold(
            tenant.tenant(),
            "hold-" + services.ids().get(),
            Objects.requireNonNull(name),
            query == null ? "" : query,
            two.asBoolean(false),
            now(),
            null,
            null);
    services
        .holds()
        .problem(hold)
        .ifPresent(
            problem -> {
              fields.fault(
                  "query",
                  "invalid_query",
                  "Column %d: %s".formatted(problem.column(), problem.message()));
              fields.check();
            });
    if (services.holds().active(tenant.tenant()).size() >= Holds.MAX_ACTIVE) {
      throw new ProblemException(
          409,
          "too_many_holds",
          "The tenant has " + Holds.MAX_ACTIVE + " holds in force; release some first.");
    }
    boolean applied =
        services
            .holds()
            .apply(
                tenant.tenant(),
                () -> changes.make(new Change(hold, 0, allowed.caller().changedBy(), reason)));
    if (!applied) {
      throw Callers.noSuchTenant();
    }
    exchange.setHeader("Location", "/v1/tenants/" + tenant.id() + "/holds/" + hold.holdId());
    exchange.respondJson(201, json -> write(json, hold));
  }

  private void list(Exchange exchange) throws IOException {
    Tenant tenant = callers.requireWholeTenant(exchange, Permission.AUDIT_VIEW).tenant();
    boolean released = exchange.query().flag("released", false);
    int limit = exchange.query().integer("limit", 1, MAX_PAGE, 100);
    String after = exchange.query().text("cursor").orElse("");
    List<Hold> all =
        configuration().holds(tenant.tenant()).stream()
            .filter(hold -> released || hold.isActive())
            .toList();
    int from = 0;
    while (!after.isEmpty() && from < all.size() && !all.get(from++).holdId().equals(after)) {
      // Skips what earlier pages had.
    }
    List<Hold> page = all.subList(from, Math.min(all.size(), from + limit));
    boolean more = from + limit < all.size();
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("holds");
          page.forEach(hold -> write(json, hold));
          json.writeEndArray();
          if (more) {
            json.writeStringProperty("next_cursor", page.getLast().holdId());
          } else {
            json.writeNullProperty("next_cursor");
          }
          json.writeEndObject();
        });
  }

  private Configuration configuration() {
    return changes.control().configuration();
  }

  private void get(Exchange exchange) throws IOException {
    Tenant tenant = callers.requireWholeTenant(exchange, Permission.AUDIT_VIEW).tenant();
    Hold hold = hold(exchange, tenant);
    exchange.respondJson(200, json -> write(json, hold));
  }

  private Hold hold(Exchange exchange, Tenant tenant) {
    String id = exchange.pathParameter("hold_id");
    return configuration().holds(tenant.tenant()).stream()
        .filter(hold -> hold.holdId().equals(id))
        .findFirst()
        .orElseThrow(
            () -> new ProblemException(404, "not_found", "The tenant has no hold of that id."));
  }

  private void release(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.HOLDS_MANAGE);
    String reason = exchange.query().text("reason").orElse("");
    if (reason.isBlank() || reason.length() > Change.MAX_REASON_LENGTH) {
      throw ProblemException.invalidParameter("reason", "Say why the hold is released.");
    }
    Hold hold = hold(exchange, allowed.tenant());
    if (!hold.isActive()) {
      exchange.respondJson(200, json -> write(json, hold));
      return;
    }
    Change.ChangedBy by = allowed.caller().changedBy();
    String who = by.type() + ":" + by.id();
    String first = hold.releaseAskedBy();
    if (hold.twoPeople() && who.equals(first)) {
      throw new ProblemException(
          409, "second_person_needed", "You asked for it; somebody else releases this hold.");
    }
    boolean done = !hold.twoPeople() || first != null;
    Hold changed = done ? hold.released(now()) : hold.releaseAsked(who);
    changes.make(new Change(changed, configuration().version(hold), by, reason));
    exchange.respondJson(done ? 200 : 202, json -> write(json, changed));
  }

  private static void write(JsonGenerator json, Hold hold) {
    json.writeStartObject();
    json.writeStringProperty("id", hold.holdId());
    json.writeStringProperty("name", hold.name());
    json.writeStringProperty("query", hold.query());
    json.writeStringProperty(
        "state",
        !hold.isActive()
            ? "released"
            : hold.releaseAskedBy() == null ? "in_force" : "release_asked");
    json.writeBooleanProperty("two_people_to_release", hold.twoPeople());
    json.writeStringProperty("applied_at", Times.format(hold.appliedAt()));
    text(json, "release_asked_by", hold.releaseAskedBy());
    Instant released = hold.releasedAt();
    text(json, "released_at", released == null ? null : Times.format(released));
    json.writeEndObject();
  }

  private static void text(JsonGenerator json, String field, @Nullable String value) {
    if (value != null) {
      json.writeStringProperty(field, value);
    }
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
