package dev.indelible.server.api.events;

import dev.indelible.server.access.Caller;
import dev.indelible.server.access.Session;
import dev.indelible.server.access.Subject;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.ChangePace;
import dev.indelible.server.api.caller.GovernedChanges;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.SavedView;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.json.Json;
import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.query.QueryParser;
import dev.indelible.server.query.QueryProblem;
import dev.indelible.server.search.Search;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Saved views: one's own, which nobody else sees, and the tenant's, which everybody sees who may
 * read the log, each within what they may read. One that asks for what is personal is shown to
 * those alone who may ask that: its text names whom it is about.
 */
public final class SavedViewRoutes {

  private static final int MAX_BODY_BYTES = 64 * 1024;
  private static final String LOCAL = "local";

  private final Callers callers;
  private final GovernedChanges changes;
  private final Search search;
  private final Supplier<String> ids;
  private final InstantSource clock;
  private final ChangePace pace = new ChangePace();

  /** Held while views are counted and one is added, so that no limit is passed by two at once. */
  private final ReentrantLock adding = new ReentrantLock();

  public SavedViewRoutes(
      Callers callers,
      GovernedChanges changes,
      Search search,
      Supplier<String> ids,
      InstantSource clock) {
    this.search = search;
    this.callers = callers;
    this.changes = changes;
    this.ids = ids;
    this.clock = clock;
  }

  public List<Route> routes() {
    String path = "/v1/tenants/{tenant}/views";
    return List.of(
        new Route("GET", path, "listSavedViews", this::list),
        new Route("POST", path, "createSavedView", this::create),
        new Route("PUT", path + "/{view_id}", "changeSavedView", this::change),
        new Route("DELETE", path + "/{view_id}", "deleteSavedView", this::delete));
  }

  private void list(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.AUDIT_VIEW);
    List<SavedView> views =
        visible(allowed).stream()
            .filter(view -> !view.isShared() || search.mayAsk(allowed.scope(), view.query()))
            .toList();
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("views");
          views.forEach(view -> write(json, view));
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private List<SavedView> visible(Callers.Allowed allowed) {
    String owner = owner(allowed.caller());
    return changes.control().configuration().savedViews(allowed.tenant().tenant()).stream()
        .filter(view -> view.isShared() || owner.equals(view.owner()))
        .toList();
  }

  /** Owner of a personal view: a person by their id, whichever session they have. */
  private static String owner(Caller caller) {
    Session session = caller.session();
    return caller.changedBy().type()
        + ":"
        + (session == null ? caller.keyId() : session.user().id());
  }

  private void create(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.AUDIT_VIEW);
    SavedView view = read(exchange, allowed, "view-" + ids.get());
    requireMayChange(allowed, view);
    adding.lockInterruptibly();
    try {
      requireRoom(allowed, view);
      make(allowed, view, 0);
    } finally {
      adding.unlock();
    }
    exchange.setHeader(
        "Location", "/v1/tenants/" + allowed.tenant().id() + "/views/" + view.viewId());
    exchange.respondJson(201, json -> write(json, view));
  }

  private void change(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.AUDIT_VIEW);
    SavedView old = find(exchange, allowed);
    requireMayChange(allowed, old);
    SavedView view = read(exchange, allowed, old.viewId());
    if (view.isShared() != old.isShared()) {
      throw new ProblemException(
          409, "other_kind", "A view stays personal or shared; save it anew as the other.");
    }
    if (!view.equals(old)) {
      make(allowed, view, changes.control().configuration().version(old));
    }
    exchange.respondJson(200, json -> write(json, view));
  }

  private void delete(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.AUDIT_VIEW);
    SavedView view = find(exchange, allowed);
    requireMayChange(allowed, view);
    Instant now = Instant.ofEpochMilli(clock.millis());
    make(allowed, view.removed(now), changes.control().configuration().version(view));
    exchange.respondEmpty(204);
  }

  private SavedView find(Exchange exchange, Callers.Allowed allowed) {
    String id = exchange.pathParameter("view_id");
    return visible(allowed).stream()
        .filter(view -> view.viewId().equals(id))
        .findFirst()
        .orElseThrow(() -> new ProblemException(404, "not_found", "You see no view of that id."));
  }

  private void make(Callers.Allowed allowed, SavedView view, long replaces)
      throws InterruptedException {
    pace.count(allowed.tenant().id() + "/" + owner(allowed.caller()), clock.instant());
    changes.make(new Change(view, replaces, allowed.caller().changedBy(), null));
  }

  private static void requireMayChange(Callers.Allowed allowed, SavedView view) {
    Session session = allowed.caller().session();
    if (session != null && session.subject() instanceof Subject.OfGuest) {
      throw new ProblemException(403, "forbidden", "Guests read; they save nothing.");
    }
    if (view.isShared() && !allowed.grant().allowsWhole(Permission.VIEWS_MANAGE)) {
      throw Callers.lacks(Permission.VIEWS_MANAGE);
    }
  }

  private void requireRoom(Callers.Allowed allowed, SavedView view) {
    int most = view.isShared() ? SavedView.MAX_SHARED : SavedView.MAX_PERSONAL;
    long there =
        visible(allowed).stream().filter(other -> other.isShared() == view.isShared()).count();
    if (there >= most) {
      throw new ProblemException(
          409, "too_many_views", "There are %d such views; delete one first.".formatted(most));
    }
  }

  private SavedView read(Exchange exchange, Callers.Allowed allowed, String id) throws IOException {
    JsonFields fields =
        JsonFields.of(
            exchange.json(MAX_BODY_BYTES),
            "name",
            "shared",
            "q",
            "time",
            "from",
            "to",
            "columns",
            "zone");
    String name = fields.text("name", Field.REQUIRED, SavedView.MAX_NAME_LENGTH);
    boolean shared = Objects.requireNonNullElse(fields.flag("shared"), false);
    String query = fields.textOrEmpty("q", QueryParser.MAX_LENGTH);
    String time = time(fields);
    Instant from = fields.instant("from");
    Instant to = fields.instant("to");
    if (time != null && (from != null || to != null)) {
      fields.fault("time", "bad_format", "Give time, or from and to.");
    }
    List<String> columns = columns(fields);
    String zone = zone(fields);
    if (QueryParser.parse(query, clock.instant(), ZoneOffset.UTC, QueryParser.Reading.TO_STORE)
        instanceof QueryProblem p) {
      fields.fault("q", "invalid_query", "Column %d: %s".formatted(p.column(), p.message()));
    }
    fields.check();
    // Whoever may not ask it may not have it asked under a name either.
    search.requireMayAsk(allowed.scope(), query);
    return new SavedView(
        allowed.tenant().tenant(),
        id,
        shared ? null : owner(allowed.caller()),
        Objects.requireNonNull(name).strip(),
        query,
        time,
        from,
        to,
        columns,
        zone,
        null);
  }

  private static @Nullable String time(JsonFields fields) {
    String time = fields.text("time", Field.OPTIONAL, 10);
    if (time != null && !SavedView.TIME.matcher(time).matches()) {
      fields.fault("time", "bad_format", "This must be newest, or a time such as P7D or PT1H.");
    }
    return time;
  }

  private static List<String> columns(JsonFields fields) {
    List<String> columns = fields.texts("columns");
    if (columns.size() > SavedView.MAX_COLUMNS
        || !columns.stream().allMatch(SavedView.COLUMN.asMatchPredicate())) {
      fields.fault(
          "columns",
          "bad_format",
          "These must be at most %d names of columns.".formatted(SavedView.MAX_COLUMNS));
    }
    return columns;
  }

  private static String zone(JsonFields fields) {
    String zone = fields.text("zone", Field.OPTIONAL, 64);
    if (zone == null || zone.equals(LOCAL)) {
      return LOCAL;
    }
    try {
      return ZoneId.of(zone).getId();
    } catch (DateTimeException e) {
      fields.fault("zone", "bad_format", "This must be local, or a zone such as Europe/Berlin.");
      return LOCAL;
    }
  }

  private static void write(JsonGenerator json, SavedView view) {
    json.writeStartObject();
    json.writeStringProperty("id", view.viewId());
    json.writeStringProperty("name", view.name());
    json.writeBooleanProperty("shared", view.isShared());
    json.writeStringProperty("q", view.query());
    Json.text(json, "time", view.time());
    Json.text(json, "from", view.from() == null ? null : Rfc3339.format(view.from()));
    Json.text(json, "to", view.to() == null ? null : Rfc3339.format(view.to()));
    Json.texts(json, "columns", view.columns());
    json.writeStringProperty("zone", view.zone());
    json.writeEndObject();
  }
}
