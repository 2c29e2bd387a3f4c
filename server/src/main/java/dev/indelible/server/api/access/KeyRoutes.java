package dev.indelible.server.api.access;

import dev.indelible.server.access.AccessServices;
import dev.indelible.server.access.Bounds;
import dev.indelible.server.access.Caller;
import dev.indelible.server.access.KeyNames;
import dev.indelible.server.access.KeyRing;
import dev.indelible.server.access.Persons;
import dev.indelible.server.access.Sessions;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.GovernedChanges;
import dev.indelible.server.control.ApiKey;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.TenantQuota;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.http.ListCursor;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.json.Json;
import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.query.IpNetwork;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** A tenant's API keys: made, shown, rotated, revoked. */
public final class KeyRoutes {

  /** The most keys of one tenant that are not revoked. */
  static final int MAX_KEYS = TenantQuota.KEYS.most();

  /** How long an old key goes on working after a rotation, unless told otherwise. */
  static final Duration OVERLAP = Duration.ofDays(1);

  /** The longest that it goes on. */
  static final Duration MAX_OVERLAP = Duration.ofDays(30);

  private static final int MAX_BODY_BYTES = 64 * 1024;

  private final Callers callers;
  private final GovernedChanges changes;
  private final KeyRing keys;
  private final Sessions sessions;
  private final Revocations revocations;
  private final InstantSource clock;

  public KeyRoutes(
      Callers callers, GovernedChanges changes, AccessServices access, InstantSource clock) {
    this.callers = callers;
    this.changes = changes;
    this.keys = access.keys();
    this.sessions = access.sessions();
    this.revocations = new Revocations(changes, access.sessions(), access.people());
    this.clock = clock;
  }

  public List<Route> routes() {
    String path = "/v1/tenants/{tenant}/keys";
    return List.of(
        new Route("POST", path, "createKey", this::create),
        new Route("GET", path, "listKeys", List.of("limit", "cursor"), this::list),
        new Route("DELETE", path + "/{key_id}", "revokeKey", List.of("reason"), this::revoke),
        new Route("POST", path + "/{key_id}/rotate", "rotateKey", this::rotate));
  }

  private void create(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.KEYS_MANAGE);
    JsonFields fields =
        JsonFields.of(
            exchange.json(MAX_BODY_BYTES),
            "name",
            "scopes",
            "permissions",
            "networks",
            "expires_at",
            "reason");
    String name = fields.text("name", Field.REQUIRED, ApiKey.MAX_NAME_LENGTH);
    Set<String> names = names(fields);
    List<String> networks = networks(fields);
    Instant expiresAt = fields.instant("expires_at");
    if (expiresAt != null && !expiresAt.isAfter(now())) {
      fields.fault("expires_at", "out_of_range", "It must be in the future.");
    }
    String reason = fields.text("reason", Field.OPTIONAL, Change.MAX_REASON_LENGTH);
    fields.check();
    requireCovered(allowed, names);
    requireWithin(allowed.caller(), expiresAt, networks);
    requireRoom(allowed.tenant().tenant());
    KeyRing.Minted minted =
        keys.mint(
            new KeyRing.Wanted(
                allowed.tenant().tenant(),
                Objects.requireNonNull(name),
                names,
                networks,
                expiresAt));
    changes.make(new Change(minted.key(), 0, allowed.caller().changedBy(), reason));
    respondWithSecret(exchange, minted);
  }

  private void respondWithSecret(Exchange exchange, KeyRing.Minted minted) throws IOException {
    exchange.respondJson(
        201,
        json -> {
          json.writeStartObject();
          write(json, minted.key());
          json.writeStringProperty("secret", minted.secret());
          json.writeEndObject();
        });
  }

  /** A key is a permission given away. */
  private static void requireCovered(Callers.Allowed allowed, Set<String> names) {
    for (Permission permission : KeyNames.permissions(names)) {
      if (!allowed.grant().allowsWhole(permission) && !isSending(allowed, permission)) {
        throw new ProblemException(
            403,
            "more_than_own",
            "This would give the permission "
                + permission.jsonName()
                + ", which you do not have yourself.");
      }
    }
  }

  /** Nor does a key last longer, or work elsewhere, than what it was made by. */
  private void requireWithin(Caller caller, @Nullable Instant expiresAt, List<String> networks) {
    Bounds own = Bounds.of(caller, configuration());
    if (!own.coverTime(expiresAt)) {
      throw new ProblemException(
          403,
          "more_than_own",
          "Your own key works until "
              + Rfc3339.format(Objects.requireNonNull(own.until()))
              + "; say an expires_at that is no later.");
    }
    if (!own.coverNetworks(networks)) {
      throw new ProblemException(
          403,
          "more_than_own",
          "Your own key works from some networks alone; say networks that are within those.");
    }
  }

  /** No role sends events, and whoever manages keys makes those of the product that does. */
  private static boolean isSending(Callers.Allowed allowed, Permission permission) {
    return permission == Permission.EVENTS_WRITE
        && allowed.grant().allowsWhole(Permission.KEYS_MANAGE);
  }

  private void requireRoom(TenantId tenant) {
    long active = configuration().keys(tenant).stream().filter(key -> key.isActive(now())).count();
    if (active >= MAX_KEYS) {
      throw new ProblemException(
          409,
          "too_many_keys",
          "The tenant has " + MAX_KEYS + " keys that work; revoke some first.");
    }
  }

  private static Set<String> names(JsonFields fields) {
    Set<String> names = new LinkedHashSet<>();
    for (String field : List.of("scopes", "permissions")) {
      List<String> named = fields.texts(field);
      for (int i = 0; i < named.size(); i++) {
        if (KeyNames.permissions(named.get(i)).isEmpty()) {
          fields.fault(
              field + "/" + i,
              "unknown_value",
              "There are the scopes events.write and events.read, and the permissions "
                  + Permission.names()
                  + ".");
        }
        names.add(named.get(i));
      }
    }
    if (names.isEmpty()) {
      fields.fault(
          "scopes",
          "missing",
          "Say what the key may do: scopes (events.write, events.read), permissions, or both.");
    }
    return names;
  }

  private static List<String> networks(JsonFields fields) {
    List<String> networks = fields.texts("networks");
    if (networks.size() > ApiKey.MAX_NETWORKS) {
      fields.fault("networks", "too_many", "At most " + ApiKey.MAX_NETWORKS + " networks.");
    }
    List<String> normal = new ArrayList<>();
    for (int i = 0; i < networks.size(); i++) {
      Optional<IpNetwork> network = IpNetwork.parse(networks.get(i));
      if (network.isEmpty()) {
        fields.fault(
            "networks/" + i, "bad_format", "A network reads 203.0.113.0/24 or 2001:db8::/32.");
      } else {
        normal.add(network.get().toString());
      }
    }
    return normal;
  }

  private void list(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.KEYS_MANAGE);
    int limit = ListCursor.limit(exchange);
    ListCursor.Page<ApiKey> page =
        new ListCursor(allowed.tenant().id() + "/keys")
            .page(exchange, configuration().keys(allowed.tenant().tenant()), key -> true, limit);
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("keys");
          for (ApiKey key : page.items()) {
            json.writeStartObject();
            write(json, key);
            json.writeEndObject();
          }
          json.writeEndArray();
          ListCursor.writeNext(json, page.next());
          json.writeEndObject();
        });
  }

  private ApiKey key(Exchange exchange, TenantId tenant) {
    return configuration()
        .key(exchange.pathParameter("key_id"))
        .filter(found -> tenant.equals(found.tenant()))
        .orElseThrow(
            () -> new ProblemException(404, "not_found", "The tenant has no key of that id."));
  }

  private void revoke(Exchange exchange) throws InterruptedException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.KEYS_MANAGE);
    // Also a key that may more than the caller: it gives nothing, and a leak must not wait.
    revocations.key(
        key(exchange, allowed.tenant().tenant()),
        new Revocations.Because(
            allowed.caller().changedBy(), AccessAnswers.reason(exchange), now()));
    exchange.respondEmpty(204);
  }

  private void rotate(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.KEYS_MANAGE);
    TenantId tenant = allowed.tenant().tenant();
    ApiKey old = key(exchange, tenant);
    JsonFields fields =
        JsonFields.of(exchange.json(MAX_BODY_BYTES), "overlap", "expires_at", "reason");
    Duration overlap = fields.duration("overlap", Duration.ZERO, MAX_OVERLAP, OVERLAP);
    Instant expiresAt = fields.instant("expires_at");
    if (expiresAt != null && !expiresAt.isAfter(now())) {
      fields.fault("expires_at", "out_of_range", "It must be in the future.");
    }
    String reason = fields.text("reason", Field.OPTIONAL, Change.MAX_REASON_LENGTH);
    fields.check();
    if (!old.isActive(now())) {
      throw new ProblemException(
          409, "key_inactive", "This key was revoked or has expired; make a new one.");
    }
    requireCovered(allowed, old.scopes());
    Instant ends = expiresAt == null ? old.expiresAt() : expiresAt;
    requireWithin(allowed.caller(), ends, old.networks());
    requireRoom(tenant);
    KeyRing.Minted minted =
        keys.mint(new KeyRing.Wanted(tenant, old.name(), old.scopes(), old.networks(), ends));
    Change.ChangedBy by = allowed.caller().changedBy();
    long version = configuration().version(old);
    changes.makeTogether(
        List.of(
            new Change(minted.key(), 0, by, reason),
            new Change(old.expiring(now().plus(overlap)), version, by, reason)));
    respondWithSecret(exchange, minted);
  }

  private void write(JsonGenerator json, ApiKey key) {
    json.writeStringProperty("id", key.id());
    TenantId tenant = key.tenant();
    if (tenant != null) {
      json.writeStringProperty("tenant", tenant.value());
    }
    json.writeStringProperty("name", key.name());
    Set<Permission> permissions = KeyNames.permissions(key.scopes());
    Json.texts(json, "scopes", KeyNames.scopes(permissions));
    Json.texts(json, "permissions", KeyNames.names(permissions));
    if (!key.networks().isEmpty()) {
      Json.texts(json, "networks", key.networks());
    }
    configuration()
        .keyMaker(key.id())
        .ifPresent(maker -> json.writeStringProperty("made_by", Persons.name(maker)));
    json.writeStringProperty("created_at", Rfc3339.format(key.createdAt()));
    time(json, "expires_at", key.expiresAt());
    time(json, "revoked_at", key.revokedAt());
    time(json, "last_used_at", sessions.lastUse(key.id()).orElse(null));
  }

  private static void time(JsonGenerator json, String field, @Nullable Instant time) {
    Json.text(json, field, time == null ? null : Rfc3339.format(time));
  }

  private Configuration configuration() {
    return changes.control().configuration();
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
