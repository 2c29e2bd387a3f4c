package dev.indelible.server.api.governance;

import dev.indelible.server.access.Persons;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.GovernedChanges;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.Hold;
import dev.indelible.server.control.Made;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.http.ListCursor;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.query.QueryParser;
import dev.indelible.server.retention.Holds;
import dev.indelible.server.retention.RetentionServices;
import dev.indelible.server.search.Search;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Legal holds: applied, shown, released. */
public final class HoldRoutes {

  /** The largest request body here, in bytes. */
  static final int MAX_BODY_BYTES = 64 * 1024;

  private final Callers callers;
  private final RetentionServices services;
  private final GovernedChanges changes;
  private final Search search;
  private final InstantSource clock;

  public HoldRoutes(
      Callers callers,
      RetentionServices services,
      GovernedChanges changes,
      Search search,
      InstantSource clock) {
    this.search = search;
    this.callers = callers;
    this.services = services;
    this.changes = changes;
    this.clock = clock;
  }

  public List<Route> routes() {
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
    Hold wanted =
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
        .problem(wanted)
        .ifPresent(
            problem -> {
              fields.fault(
                  "query",
                  "invalid_query",
                  "Column %d: %s".formatted(problem.column(), problem.message()));
              fields.check();
            });
    Hold hold = wanted.withQuery(search.kept(allowed.scope(), wanted.query(), now()));
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
    exchange.respondJson(201, json -> write(json, hold, true));
  }

  private void list(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, Permission.AUDIT_VIEW);
    Tenant tenant = allowed.tenant();
    boolean released = exchange.query().flag("released", false);
    int limit = ListCursor.limit(exchange);
    ListCursor.Page<Hold> page =
        new ListCursor(tenant.id() + "/holds")
            .page(
                exchange,
                configuration().holds(tenant.tenant()),
                hold -> released || hold.isActive(),
                limit);
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("holds");
          page.items().forEach(hold -> write(json, hold, mayRead(allowed, hold)));
          json.writeEndArray();
          ListCursor.writeNext(json, page.next());
          json.writeEndObject();
        });
  }

  private Configuration configuration() {
    return changes.control().configuration();
  }

  private void get(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, Permission.AUDIT_VIEW);
    Hold hold = hold(exchange, allowed.tenant());
    exchange.respondJson(200, json -> write(json, hold, mayRead(allowed, hold)));
  }

  /** A query that asks for what is personal names whom it is about. */
  private boolean mayRead(Callers.Allowed allowed, Hold hold) {
    return search.mayAsk(allowed.scope(), hold.query());
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
      exchange.respondJson(200, json -> write(json, hold, mayRead(allowed, hold)));
      return;
    }
    Change.ChangedBy by = allowed.caller().changedBy();
    Persons persons = new Persons(configuration());
    String who = persons.of(allowed.caller());
    String first = hold.releaseAskedBy();
    if (hold.twoPeople() && first != null && persons.areOne(who, first)) {
      throw new ProblemException(
          409,
          "second_person_needed",
          "You asked for it, in person or by a key that counts as you; somebody else releases this hold.");
    }
    boolean done = !hold.twoPeople() || first != null;
    Hold changed = done ? hold.released(now()) : hold.releaseAsked(who);
    changes.make(new Change(changed, configuration().version(hold), by, reason));
    exchange.respondJson(done ? 200 : 202, json -> write(json, changed, mayRead(allowed, changed)));
  }

  private void write(JsonGenerator json, Hold hold, boolean withQuery) {
    List<Made> history = configuration().history(hold);
    json.writeStartObject();
    json.writeStringProperty("id", hold.holdId());
    json.writeStringProperty("name", hold.name());
    if (withQuery) {
      json.writeStringProperty("query", hold.query());
    } else {
      json.writeNullProperty("query");
      json.writeBooleanProperty("query_withheld", true);
    }
    json.writeStringProperty("state", hold.state());
    json.writeBooleanProperty("two_people_to_release", hold.twoPeople());
    json.writeStringProperty("applied_at", Rfc3339.format(hold.appliedAt()));
    text(json, "release_asked_by", hold.releaseAskedBy());
    Instant released = hold.releasedAt();
    text(json, "released_at", released == null ? null : Rfc3339.format(released));
    if (!history.isEmpty()) {
      text(json, "applied_by", history.getFirst().who());
      text(json, "reason", history.getFirst().reason());
    }
    json.writeArrayPropertyStart("history");
    for (Made made : history) {
      if (made.object() instanceof Hold then) {
        json.writeStartObject();
        json.writeStringProperty("state", then.state());
        json.writeStringProperty("by", made.who());
        json.writeStringProperty("at", Rfc3339.format(made.at()));
        text(json, "reason", made.reason());
        json.writeEndObject();
      }
    }
    json.writeEndArray();
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
