package dev.indelible.server.api.access;

import dev.indelible.server.access.AccessServices;
import dev.indelible.server.access.Authentication;
import dev.indelible.server.access.Bounds;
import dev.indelible.server.access.Caller;
import dev.indelible.server.access.Grant;
import dev.indelible.server.access.KeyNames;
import dev.indelible.server.access.Session;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.GovernedChanges;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.Guest;
import dev.indelible.server.control.TenantQuota;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.json.Json;
import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.search.Search;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/** Those who may read for a time: auditors, and support staff where the tenant wants it. */
public final class GuestRoutes {

  /** The longest that an auditor may read. */
  static final Duration MAX_AUDIT = Duration.ofDays(90);

  /** The longest that support staff may read. */
  static final Duration MAX_SUPPORT = Duration.ofDays(7);

  /** The most guests of a tenant at once. */
  static final int MAX_GUESTS = TenantQuota.GUESTS.most();

  private static final Duration MIN = Duration.ofMinutes(1);
  private static final Duration AUDIT = Duration.ofDays(14);
  private static final Duration SUPPORT = Duration.ofHours(4);
  private static final int MAX_BODY_BYTES = 64 * 1024;

  /** The two kinds of guests. */
  private enum Kind {
    AUDITOR("auditor-links", "auditor_links", Permission.MEMBERS_MANAGE, AUDIT, MAX_AUDIT),
    SUPPORT_STAFF(
        "support-grants", "support_grants", Permission.SUPPORT_GRANT, SUPPORT, MAX_SUPPORT);

    private final String path;
    private final String field;
    private final Permission permission;
    private final Duration preset;
    private final Duration most;

    Kind(String path, String field, Permission permission, Duration preset, Duration most) {
      this.path = "/v1/tenants/{tenant}/" + path;
      this.field = field;
      this.permission = permission;
      this.preset = preset;
      this.most = most;
    }

    boolean isOf(Guest guest) {
      return guest.isSupport() == (this == SUPPORT_STAFF);
    }
  }

  private final Callers callers;
  private final GovernedChanges changes;
  private final AccessServices access;
  private final Search search;
  private final InstantSource clock;

  public GuestRoutes(
      Callers callers,
      GovernedChanges changes,
      AccessServices access,
      Search search,
      InstantSource clock) {
    this.search = search;
    this.callers = callers;
    this.changes = changes;
    this.access = access;
    this.clock = clock;
  }

  public List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    routes.addAll(of(Kind.AUDITOR, "AuditorLink"));
    routes.addAll(of(Kind.SUPPORT_STAFF, "SupportGrant"));
    return routes;
  }

  private List<Route> of(Kind kind, String name) {
    return List.of(
        new Route("GET", kind.path, "list" + name + "s", exchange -> list(exchange, kind)),
        new Route("POST", kind.path, "create" + name, exchange -> create(exchange, kind)),
        new Route(
            "DELETE",
            kind.path + "/{id}",
            "end" + name,
            List.of("reason"),
            exchange -> end(exchange, kind)));
  }

  private static void requireWanted(Kind kind, Callers.Allowed allowed) {
    if (kind == Kind.SUPPORT_STAFF && !allowed.tenant().supportAccess()) {
      throw new ProblemException(
          409,
          "support_not_wanted",
          "This tenant has not opted in to support access; somebody of the tenant sets support_access first.");
    }
  }

  private void requireRoom(Kind kind, TenantId tenant) {
    long active = guests(kind, tenant).stream().filter(guest -> guest.isActive(now())).count();
    if (active >= MAX_GUESTS) {
      throw AccessAnswers.tooMany(kind.field, MAX_GUESTS);
    }
  }

  private void create(Exchange exchange, Kind kind) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireTenant(exchange, kind.permission);
    TenantId tenant = allowed.tenant().tenant();
    requireWanted(kind, allowed);
    JsonFields fields =
        JsonFields.of(
            exchange.json(MAX_BODY_BYTES),
            "user",
            "permissions",
            "accounts",
            "filter",
            "expires_in",
            "reason");
    Session.User user = Giving.user(fields);
    Set<Permission> permissions =
        fields.has("permissions")
            ? Giving.permissions(fields, "permissions")
            : EnumSet.of(Permission.AUDIT_VIEW, Permission.AUDIT_VERIFY);
    List<String> accounts = AssignmentFields.accounts(fields);
    String filter = Giving.filter(fields, now());
    Duration lasts = fields.duration("expires_in", MIN, kind.most, kind.preset);
    String reason = fields.text("reason", Field.REQUIRED, Change.MAX_REASON_LENGTH);
    fields.check();
    Giving.requireCovered(allowed.grant(), Grant.ofTenant(permissions));
    requireWithin(allowed.caller(), now().plus(lasts));
    String kept = search.kept(allowed.scope(), filter, now());
    requireRoom(kind, tenant);
    String address = exchange.baseUrl();
    Change.ChangedBy by = allowed.caller().changedBy();
    Authentication.Invited invited =
        access
            .authentication()
            .invite(
                (id, hash) ->
                    new Guest(
                        tenant,
                        id,
                        kind == Kind.SUPPORT_STAFF,
                        hash,
                        KeyNames.names(permissions),
                        accounts,
                        kept,
                        allowed.scope().seesPersonal(),
                        by.type() + ":" + by.id(),
                        now(),
                        now().plus(lasts),
                        null));
    Guest guest = invited.guest();
    access.people().setGuest(tenant, guest.localId(), Objects.requireNonNull(user));
    changes.make(new Change(guest, 0, by, reason));
    exchange.respondJson(
        201,
        json -> {
          json.writeStartObject();
          write(json, guest, user, allowed);
          json.writeStringProperty("url", address + "/sign-in#" + invited.code());
          json.writeEndObject();
        });
  }

  /** A guest is let in for no longer than whoever lets them in, and works from anywhere. */
  private void requireWithin(Caller caller, Instant expiresAt) {
    Bounds own = Bounds.of(caller, configuration());
    if (!own.coverTime(expiresAt)) {
      throw new ProblemException(
          403,
          "more_than_own",
          "Your own key works until "
              + Rfc3339.format(Objects.requireNonNull(own.until()))
              + "; say an expires_in that ends no later.");
    }
    if (own.haveNetworks()) {
      throw new ProblemException(
          403,
          "more_than_own",
          "Your own key works from some networks alone, and a guest's link works from anywhere.");
    }
  }

  private List<Guest> guests(Kind kind, TenantId tenant) {
    return configuration().guests(tenant).stream().filter(kind::isOf).toList();
  }

  private void list(Exchange exchange, Kind kind) throws IOException {
    Callers.Allowed allowed = callers.requireTenant(exchange, kind.permission);
    TenantId tenant = allowed.tenant().tenant();
    List<Guest> guests = guests(kind, tenant);
    List<Session.User> users = new ArrayList<>();
    for (Guest guest : guests) {
      users.add(access.people().guest(tenant, guest.localId()));
    }
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart(kind.field);
          for (int i = 0; i < guests.size(); i++) {
            json.writeStartObject();
            write(json, guests.get(i), users.get(i), allowed);
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private void write(JsonGenerator json, Guest guest, Session.User user, Callers.Allowed allowed) {
    json.writeStringProperty("id", guest.localId());
    SessionJson.writeUser(json, user);
    Json.texts(json, "permissions", guest.permissions());
    if (guest.accounts() != null) {
      Json.texts(json, "accounts", guest.accounts());
    }
    SessionJson.filter(json, guest.filter(), filter -> search.mayAsk(allowed.scope(), filter));
    json.writeStringProperty("granted_by", guest.grantedBy());
    json.writeStringProperty("created_at", Rfc3339.format(guest.createdAt()));
    json.writeStringProperty("expires_at", Rfc3339.format(guest.expiresAt()));
    json.writeStringProperty("state", guest.isActive(now()) ? "active" : "expired");
  }

  private void end(Exchange exchange, Kind kind) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireTenant(exchange, kind.permission);
    TenantId tenant = allowed.tenant().tenant();
    Guest guest =
        configuration()
            .access(tenant, Guest.class, exchange.pathParameter("id"))
            .filter(kind::isOf)
            .orElseThrow(
                () -> new ProblemException(404, "not_found", "There is nothing of this id."));
    new Revocations(changes, access.sessions(), access.people())
        .guest(
            guest,
            new Revocations.Because(
                allowed.caller().changedBy(), AccessAnswers.reason(exchange), now()));
    exchange.respondEmpty(204);
  }

  private Configuration configuration() {
    return changes.control().configuration();
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
