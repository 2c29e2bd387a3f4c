package dev.indelible.server.api.governance;

import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.ports.journal.Position;
import dev.indelible.server.access.Caller;
import dev.indelible.server.access.Grant;
import dev.indelible.server.access.KeyNames;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.ChangeOutcome;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.control.ErasureRule;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.control.Tenant.UnknownActions;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.http.ListCursor;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.ingest.ControlMirror;
import dev.indelible.server.json.Json;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.profile.Profile;
import dev.indelible.server.profile.Profiles;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.retention.RetentionTerms;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tenants, and who a caller is. */
public final class TenantRoutes {

  /** The largest request body here, in bytes. */
  static final int MAX_BODY_BYTES = 64 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(TenantRoutes.class);
  private static final Duration MIRROR_TIMEOUT = Duration.ofSeconds(10);

  private final Callers callers;
  private final Dependencies dependencies;

  /** Dependencies of the program that the routes answer from. */
  public record Dependencies(
      ControlLog control,
      ControlMirror mirror,
      Profiles profiles,
      TenantLogs logs,
      InstantSource clock) {}

  public TenantRoutes(Callers callers, Dependencies dependencies) {
    this.callers = callers;
    this.dependencies = dependencies;
  }

  public List<Route> routes() {
    return List.of(
        new Route("POST", "/v1/tenants", "createTenant", this::createTenant),
        new Route(
            "GET", "/v1/tenants", "listTenants", List.of("limit", "cursor"), this::listTenants),
        new Route("GET", "/v1/tenants/{tenant}", "getTenant", this::getTenant),
        new Route("GET", "/v1/whoami", "getWhoami", this::whoAmI));
  }

  private static @Nullable String id(JsonFields fields) {
    String id = fields.text("id", Field.REQUIRED, TenantId.MAX_LENGTH);
    if (id != null && !TenantId.isValid(id)) {
      fields.fault(
          "id",
          "bad_format",
          "A tenant's id has 1 to %d characters of a-z 0-9 . _ - and begins with a letter or a digit."
              .formatted(TenantId.MAX_LENGTH));
    }
    return id;
  }

  private @Nullable String profile(JsonFields fields) {
    String profile = fields.text("profile", Field.OPTIONAL, Tenant.MAX_NAME_LENGTH);
    if (profile != null && !profileNames().contains(profile)) {
      fields.fault(
          "profile",
          "unknown_value",
          "There are the profiles " + String.join(", ", profileNames()) + ".");
    }
    return profile;
  }

  private void createTenant(Exchange exchange) throws IOException, InterruptedException {
    Caller.Operator operator = callers.requireOperator(exchange);
    JsonFields fields =
        JsonFields.of(
            exchange.json(MAX_BODY_BYTES),
            "id",
            "name",
            "profile",
            "unknown_actions",
            "missing_reasons",
            "erasures_take_two",
            "erasure_wait_days",
            "reason");
    String id = id(fields);
    String name = fields.text("name", Field.OPTIONAL, Tenant.MAX_NAME_LENGTH);
    String profile = profile(fields);
    String unknownActions =
        fields.choice("unknown_actions", List.of("accept_and_flag", "reject"), "accept_and_flag");
    Boolean refuseMissingReasons = RecordingFields.refuseMissingReasons(fields, null);
    ErasureRule erasureRule = RecordingFields.erasureRule(fields, ErasureRule.TWO);
    String reason = fields.text("reason", Field.OPTIONAL, Change.MAX_REASON_LENGTH);
    fields.check();
    TenantId tenantId = new TenantId(Objects.requireNonNull(id));
    String profileName = profile == null ? Profiles.STANDARD : profile;
    Tenant tenant =
        new Tenant(
            tenantId,
            name == null ? tenantId.value() : name,
            profileName,
            unknownActions.equals("reject")
                ? UnknownActions.REJECT
                : UnknownActions.ACCEPT_AND_FLAG,
            refuseMissingReasons,
            null,
            null,
            false,
            RetentionTerms.presetOf(
                    Objects.requireNonNull(dependencies.profiles().find(profileName)))
                .jsonName(),
            erasureRule,
            false,
            now());
    if (change(new Change(tenant, 0, operator.changedBy(), reason))
        instanceof ChangeOutcome.VersionMoved) {
      throw new ProblemException(
          409, "tenant_exists", "There is a tenant " + tenantId + " already; choose another id.");
    }
    makeLogKey(tenantId);
    exchange.setHeader("Location", "/v1/tenants/" + tenantId);
    exchange.respondJson(201, json -> TenantJson.write(json, tenant));
  }

  /**
   * Makes the log's key, and waits until it has its entry, so that no event comes before it. The
   * tenant is there whatever becomes of this: the key is made at the first use otherwise.
   */
  private void makeLogKey(TenantId tenant) throws InterruptedException {
    try {
      Position made = dependencies.logs().keys().ensure(tenant).position();
      if (made != null) {
        boolean _ = dependencies.mirror().awaitMirrored(made, MIRROR_TIMEOUT);
      }
    } catch (JournalUnavailableException e) {
      LOG.warn("tenant {} has no log key yet", tenant, e);
    }
  }

  private void listTenants(Exchange exchange) throws IOException {
    Caller caller = callers.require(exchange);
    int limit = ListCursor.limit(exchange);
    ListCursor cursor = new ListCursor("tenants");
    String after = cursor.position(exchange);
    if (after != null && !TenantId.isValid(after)) {
      throw ListCursor.invalid();
    }
    List<Tenant> tenants =
        switch (caller) {
          case Caller.Operator _ ->
              configurationTenants(after == null ? null : new TenantId(after), limit);
          case Caller.TenantKey _, Caller.SignedIn _ ->
              caller
                  .home()
                  .flatMap(home -> dependencies.control().configuration().tenant(home))
                  .stream()
                  .filter(tenant -> after == null || tenant.id().compareTo(after) > 0)
                  .toList();
        };
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("tenants");
          for (Tenant tenant : tenants) {
            json.writeStartObject();
            TenantJson.writeMembers(json, tenant);
            if (caller instanceof Caller.Operator) {
              // Of the checkpoint, which is no entry: to list tenants is to read of none.
              json.writeNumberProperty(
                  "log_size", dependencies.logs().publishedSize(tenant.tenant()));
            }
            json.writeEndObject();
          }
          json.writeEndArray();
          ListCursor.writeNext(
              json, tenants.size() == limit ? cursor.after(tenants.getLast().id()) : null);
          json.writeEndObject();
        });
  }

  private List<Tenant> configurationTenants(@Nullable TenantId after, int limit) {
    return dependencies.control().configuration().tenants(after, limit);
  }

  private void getTenant(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.AUDIT_VIEW);
    exchange.respondJson(200, json -> TenantJson.write(json, allowed.tenant()));
  }

  private void whoAmI(Exchange exchange) throws IOException {
    Caller caller = callers.require(exchange);
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeStringProperty("key_id", caller.keyId());
          json.writeStringProperty(
              "kind",
              switch (caller) {
                case Caller.Operator _ -> "operator";
                case Caller.TenantKey _ -> "key";
                case Caller.SignedIn _ -> "session";
              });
          if (caller.home().isPresent()) {
            json.writeStringProperty("tenant", caller.home().get().value());
          } else {
            json.writeNullProperty("tenant");
          }
          Set<Permission> permissions =
              caller
                  .home()
                  .flatMap(caller::grant)
                  .map(Grant::permissions)
                  .orElseGet(() -> EnumSet.allOf(Permission.class));
          List<String> scopes = new ArrayList<>(KeyNames.scopes(permissions));
          if (caller instanceof Caller.Operator) {
            scopes.add(KeyNames.OPERATOR);
          }
          Json.texts(json, "scopes", scopes);
          Json.texts(json, "permissions", KeyNames.names(permissions));
          json.writeEndObject();
        });
  }

  /** Makes the change, and waits until it has its entry in the tenant's log. */
  private ChangeOutcome change(Change change) throws InterruptedException {
    ChangeOutcome outcome = dependencies.control().change(change);
    if (outcome instanceof ChangeOutcome.Applied applied) {
      boolean _ = dependencies.mirror().awaitMirrored(applied.position(), MIRROR_TIMEOUT);
    }
    return outcome;
  }

  private List<String> profileNames() {
    return dependencies.profiles().all().stream().map(Profile::name).toList();
  }

  private Instant now() {
    return Instant.ofEpochMilli(dependencies.clock().millis());
  }
}
