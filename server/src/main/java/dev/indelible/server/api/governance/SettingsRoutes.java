package dev.indelible.server.api.governance;

import dev.indelible.server.access.Caller;
import dev.indelible.server.api.access.Revocations;
import dev.indelible.server.api.caller.AccessRecording;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.GovernedChanges;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.ErasureRule;
import dev.indelible.server.control.Guest;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.control.Tenant.UnknownActions;
import dev.indelible.server.event.Entry;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.index.Facet;
import dev.indelible.server.index.FacetField;
import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.profile.Classifier;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.query.Order;
import dev.indelible.server.search.Found;
import dev.indelible.server.search.Search;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Routes of what a tenant decides otherwise than its profile. */
public final class SettingsRoutes {

  private static final int MAX_BODY_BYTES = 64 * 1024;

  /** The most actions that are listed: each is looked up twice. */
  static final int MAX_UNKNOWN_ACTIONS = 200;

  private static final String UNKNOWN = "flag:" + Classifier.UNKNOWN_ACTION;

  private final Callers callers;
  private final GovernedChanges changes;
  private final Search search;
  private final AccessRecording recording;
  private final Revocations revocations;
  private final RecordingFloor floor;
  private final boolean logsMayBePublished;

  /** Dependencies of the program that the routes answer from. */
  public record Dependencies(
      GovernedChanges changes,
      Search search,
      AccessRecording recording,
      Revocations revocations,
      RecordingFloor floor,
      boolean logsMayBePublished) {}

  public SettingsRoutes(Callers callers, Dependencies dependencies) {
    this.revocations = dependencies.revocations();
    this.callers = callers;
    this.search = dependencies.search();
    this.recording = dependencies.recording();
    this.changes = dependencies.changes();
    this.floor = dependencies.floor();
    this.logsMayBePublished = dependencies.logsMayBePublished();
  }

  public List<Route> routes() {
    return List.of(
        new Route("PATCH", "/v1/tenants/{tenant}", "changeTenant", this::change),
        new Route(
            "GET",
            "/v1/tenants/{tenant}/unknown-actions",
            "listUnknownActions",
            List.of("limit"),
            this::unknownActions));
  }

  /** The actions of real traffic that the profile's catalog lacks, most frequent first. */
  private void unknownActions(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireReader(exchange, Permission.AUDIT_VIEW);
    int limit = exchange.query().integer("limit", 1, MAX_UNKNOWN_ACTIONS, 100);
    Search.Question unknown = new Search.Question(UNKNOWN, null, null, ZoneOffset.UTC);
    Search.Counted<List<Facet>> counted =
        callers.read(
            allowed,
            () -> search.facets(allowed.scope(), unknown, List.of(FacetField.ACTION), limit, ""));
    Map<String, Entry> first = new HashMap<>();
    Map<String, Entry> last = new HashMap<>();
    for (Facet.Value value : counted.answer().getFirst().values()) {
      Search.Question these =
          new Search.Question(
              UNKNOWN + " action:\"" + value.value() + "\"", null, null, ZoneOffset.UTC);
      outermost(allowed, these, Order.OLDEST_FIRST)
          .ifPresent(entry -> first.put(value.value(), entry));
      outermost(allowed, these, Order.NEWEST_FIRST)
          .ifPresent(entry -> last.put(value.value(), entry));
    }
    recording.searched(exchange, allowed, UNKNOWN, counted.count());
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeNumberProperty("count", counted.count());
          json.writeArrayPropertyStart("unknown_actions");
          for (Facet.Value value : counted.answer().getFirst().values()) {
            json.writeStartObject();
            json.writeStringProperty("action", value.value());
            json.writeNumberProperty("count", value.count());
            writeSeen(json, "first_seen", first.get(value.value()));
            writeSeen(json, "last_seen", last.get(value.value()));
            Entry example = last.get(value.value());
            if (example != null) {
              json.writeStringProperty("example_id", example.id());
            }
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private Optional<Entry> outermost(Callers.Allowed allowed, Search.Question question, Order order)
      throws IOException {
    Search.Page page =
        callers.read(allowed, () -> search.page(allowed.scope(), question, order, 1, null));
    return page.entries().stream().findFirst().map(Found::shown);
  }

  private static void writeSeen(JsonGenerator json, String name, @Nullable Entry entry) {
    if (entry != null) {
      json.writeStringProperty(name, Rfc3339.format(entry.recordedAt()));
    }
  }

  private void change(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.SETTINGS_MANAGE);
    JsonNode body = exchange.json(MAX_BODY_BYTES);
    // The body may take its time: what is changed is the tenant as it is when all of it is here.
    long version = changes.control().configuration().version(allowed.tenant());
    Tenant old =
        changes
            .control()
            .configuration()
            .tenant(allowed.tenant().tenant())
            .orElseThrow(ProblemException::notFound);
    JsonFields fields =
        JsonFields.of(
            body,
            "name",
            "unknown_actions",
            "missing_reasons",
            "erasure_due_days",
            "erasures_take_two",
            "erasure_wait_days",
            "record_views",
            "support_access",
            "publishes_log",
            "reason");
    String name = fields.text("name", Field.OPTIONAL, Tenant.MAX_NAME_LENGTH);
    String unknown = fields.choice("unknown_actions", List.of("accept_and_flag", "reject"), "");
    Boolean refuseReasons =
        RecordingFields.refuseMissingReasons(fields, old.refuseMissingReasons());
    Integer due = erasureDueDays(fields, old.erasureDueDays());
    ErasureRule rule = RecordingFields.erasureRule(fields, old.erasureRule());
    Boolean recordViews = fields.flag("record_views");
    Boolean support = fields.flag("support_access");
    Boolean publishes = fields.flag("publishes_log");
    String reason = fields.text("reason", Field.OPTIONAL, Change.MAX_REASON_LENGTH);
    fields.check();
    boolean wanted = support == null ? old.supportAccess() : support;
    Tenant tenant =
        new Tenant(
            old.tenant(),
            name == null ? old.name() : name,
            old.profile(),
            unknownActions(unknown, old),
            refuseReasons,
            due,
            fields.has("record_views") ? recordViews : old.recordViews(),
            wanted,
            old.keptFor(),
            rule,
            publishes == null ? old.publishesLog() : publishes,
            old.createdAt());
    requireMay(allowed, old, tenant);
    if (!tenant.equals(old)) {
      make(new Change(tenant, version, allowed.caller().changedBy(), reason), old, tenant);
    }
    exchange.respondJson(200, json -> TenantJson.write(json, tenant));
  }

  /** Refuses changes that the caller may not make. */
  private void requireMay(Callers.Allowed allowed, Tenant old, Tenant tenant) {
    if (tenant.supportAccess() != old.supportAccess()) {
      requireMayOpt(allowed, tenant.supportAccess());
    }
    if (tenant.publishesLog() && !old.publishesLog()) {
      requireMayPublish(allowed);
    }
    boolean changesErasures =
        !Objects.equals(tenant.erasureDueDays(), old.erasureDueDays())
            || !tenant.erasureRule().equals(old.erasureRule());
    if (changesErasures && !allowed.grant().allowsWhole(Permission.ERASURES_MANAGE)) {
      throw Callers.lacks(Permission.ERASURES_MANAGE);
    }
    requireMayWeaken(allowed.caller(), old, tenant);
  }

  /** To show its log to everybody is the tenant's own decision, where the operator lets it. */
  private void requireMayPublish(Callers.Allowed allowed) {
    if (!logsMayBePublished) {
      throw new ProblemException(
          403, "forbidden", "The operator does not let logs be published (log.may_be_published).");
    }
    if (allowed.caller() instanceof Caller.Operator) {
      throw new ProblemException(
          403, "forbidden", "Publishing the log is for somebody of the tenant to decide.");
    }
  }

  private void make(Change change, Tenant old, Tenant tenant)
      throws IOException, InterruptedException {
    List<Guest> guests = changes.control().configuration().guests(tenant.tenant());
    long _ = changes.make(change);
    if (old.supportAccess() && !tenant.supportAccess()) {
      // The change itself ended them: what is left is what they are called.
      for (Guest guest : guests) {
        if (guest.isSupport()) {
          revocations.forget(guest);
        }
      }
    }
  }

  /**
   * Refuses to record less for anybody but the operator; whoever may manage settings may record
   * more.
   */
  private void requireMayWeaken(Caller caller, Tenant old, Tenant wanted) {
    if (!(caller instanceof Caller.Operator)
        && old.erasureRule().isWeakenedBy(wanted.erasureRule())) {
      throw RecordingFloor.operatorOnly(
          "One person would be enough for an erasure, or it would wait for less long");
    }
    RecordingFloor.require(caller, floor.weaknesses(old), floor.weaknesses(wanted));
  }

  private static UnknownActions unknownActions(@Nullable String asked, Tenant old) {
    if (asked == null || asked.isEmpty()) {
      return old.unknownActions();
    }
    return asked.equals("reject") ? UnknownActions.REJECT : UnknownActions.ACCEPT_AND_FLAG;
  }

  /** Reads the days after which requests for erasure are due; null is as the profile says. */
  private static @Nullable Integer erasureDueDays(JsonFields fields, @Nullable Integer old) {
    if (!fields.has("erasure_due_days")) {
      return old;
    }
    Long days = fields.number("erasure_due_days", Field.OPTIONAL);
    if (days != null && (days < 1 || days > Tenant.MAX_ERASURE_DUE_DAYS)) {
      fields.fault(
          "erasure_due_days",
          "out_of_range",
          "This must be from 1 to " + Tenant.MAX_ERASURE_DUE_DAYS + " days.");
      return old;
    }
    return days == null ? null : days.intValue();
  }

  /** Opting in is the tenant's own decision; anybody who may manage settings takes it back. */
  private static void requireMayOpt(Callers.Allowed allowed, boolean wanted) {
    if (!wanted) {
      return;
    }
    if (allowed.caller() instanceof Caller.Operator) {
      throw new ProblemException(
          403, "forbidden", "Only somebody of the tenant opts in to support access.");
    }
    if (!allowed.grant().allowsWhole(Permission.SUPPORT_GRANT)) {
      throw Callers.lacks(Permission.SUPPORT_GRANT);
    }
  }
}
