package dev.indelible.server.api.access;

import dev.indelible.server.access.Grant;
import dev.indelible.server.access.KeyNames;
import dev.indelible.server.access.Roles;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.GovernedChanges;
import dev.indelible.server.control.Account;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.PermissionSet;
import dev.indelible.server.control.TenantQuota;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.profile.Profile;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JsonGenerator;

/** A tenant's accounts and its own permission sets. */
public final class AccountRoutes {

  /** The most accounts of a tenant. */
  static final int MAX_ACCOUNTS = TenantQuota.ACCOUNTS.most();

  /** The most permission sets that a tenant makes for itself. */
  static final int MAX_SETS = TenantQuota.PERMISSION_SETS.most();

  private static final int MAX_BODY_BYTES = 64 * 1024;
  private static final Pattern SET_ID = Pattern.compile("[a-z0-9][a-z0-9_-]{0,99}");

  private final Callers callers;
  private final GovernedChanges changes;
  private final Roles roles;
  private final SetAssignments assignments;
  private final InstantSource clock;

  public AccountRoutes(Callers callers, GovernedChanges changes, Roles roles, InstantSource clock) {
    this.callers = callers;
    this.changes = changes;
    this.roles = roles;
    this.assignments = new SetAssignments(changes);
    this.clock = clock;
  }

  public List<Route> routes() {
    String accounts = "/v1/tenants/{tenant}/accounts";
    String sets = "/v1/tenants/{tenant}/permission-sets";
    return List.of(
        new Route("GET", accounts, "listAccounts", this::listAccounts),
        new Route("POST", accounts, "createAccount", this::createAccount),
        new Route("PATCH", accounts + "/{account_id}", "changeAccount", this::changeAccount),
        new Route(
            "DELETE",
            accounts + "/{account_id}",
            "removeAccount",
            List.of("reason"),
            this::removeAccount),
        new Route("GET", sets, "listPermissionSets", this::listSets),
        new Route("POST", sets, "createPermissionSet", this::createSet),
        new Route("PATCH", sets + "/{set_id}", "changePermissionSet", this::changeSet),
        new Route(
            "DELETE",
            sets + "/{set_id}",
            "removePermissionSet",
            List.of("reason"),
            this::removeSet));
  }

  private void listAccounts(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.AUDIT_VIEW);
    List<Account> visible =
        configuration().accounts(allowed.tenant().tenant()).stream()
            .filter(
                account ->
                    allowed
                        .scope()
                        .accounts()
                        .map(own -> own.contains(account.localId()))
                        .orElse(true))
            .toList();
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("accounts");
          visible.forEach(account -> write(json, account));
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static void write(JsonGenerator json, Account account) {
    json.writeStartObject();
    json.writeStringProperty("id", account.localId());
    json.writeStringProperty("name", account.name());
    json.writeEndObject();
  }

  private void createAccount(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.MEMBERS_MANAGE);
    JsonFields fields = JsonFields.of(exchange.json(MAX_BODY_BYTES), "id", "name", "reason");
    String id = fields.text("id", Field.REQUIRED, Account.MAX_LENGTH);
    String name = fields.text("name", Field.OPTIONAL, Account.MAX_LENGTH);
    String reason = fields.text("reason", Field.OPTIONAL, Change.MAX_REASON_LENGTH);
    fields.check();
    Account account =
        new Account(
            allowed.tenant().tenant(), Objects.requireNonNull(id), name == null ? id : name, null);
    if (configuration().access(account.tenant(), Account.class, id).isPresent()) {
      throw AccessAnswers.exists("an account");
    }
    if (configuration().accounts(account.tenant()).size() >= MAX_ACCOUNTS) {
      throw AccessAnswers.tooMany("accounts", MAX_ACCOUNTS);
    }
    changes.make(
        new Change(
            account, configuration().version(account), allowed.caller().changedBy(), reason));
    exchange.respondJson(201, json -> write(json, account));
  }

  private Account account(Exchange exchange, Callers.Allowed allowed) {
    return configuration()
        .access(allowed.tenant().tenant(), Account.class, exchange.pathParameter("account_id"))
        .orElseThrow(
            () -> new ProblemException(404, "not_found", "The tenant has no such account."));
  }

  private void changeAccount(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.MEMBERS_MANAGE);
    Account old = account(exchange, allowed);
    JsonFields fields = JsonFields.of(exchange.json(MAX_BODY_BYTES), "name", "reason");
    String name = fields.text("name", Field.REQUIRED, Account.MAX_LENGTH);
    String reason = fields.text("reason", Field.OPTIONAL, Change.MAX_REASON_LENGTH);
    fields.check();
    Account account = new Account(old.tenant(), old.localId(), Objects.requireNonNull(name), null);
    changes.make(
        new Change(account, configuration().version(old), allowed.caller().changedBy(), reason));
    exchange.respondJson(200, json -> write(json, account));
  }

  private void removeAccount(Exchange exchange) throws InterruptedException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.MEMBERS_MANAGE);
    Account old = account(exchange, allowed);
    changes.make(
        new Change(
            new Account(old.tenant(), old.localId(), old.name(), now()),
            configuration().version(old),
            allowed.caller().changedBy(),
            AccessAnswers.reason(exchange)));
    exchange.respondEmpty(204);
  }

  private void listSets(Exchange exchange) throws IOException {
    Callers.Seen seen = callers.requireSeen(exchange);
    Profile profile = roles.profile(seen.tenant());
    List<PermissionSet> own = configuration().permissionSets(seen.tenant().tenant());
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("permission_sets");
          PermissionSetJson.writeSets(json, profile, own);
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static Set<Permission> permissions(JsonFields fields) {
    Set<Permission> permissions = EnumSet.noneOf(Permission.class);
    List<String> names = fields.texts("permissions");
    for (int i = 0; i < names.size(); i++) {
      Permission permission = Permission.named(names.get(i));
      if (permission == null) {
        fields.fault(
            "permissions/" + i,
            "unknown_value",
            "There is no such permission; there are " + Permission.names() + ".");
      } else {
        permissions.add(permission);
      }
    }
    return permissions;
  }

  private void createSet(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.PERMISSION_SETS_MANAGE);
    JsonFields fields =
        JsonFields.of(exchange.json(MAX_BODY_BYTES), "id", "name", "permissions", "reason");
    String id = fields.text("id", Field.REQUIRED, PermissionSet.MAX_LENGTH);
    if (id != null && !SET_ID.matcher(id).matches()) {
      fields.fault("id", "bad_format", "An id has a-z 0-9 _ - and begins with a letter or digit.");
    }
    if (id != null && roles.ofProfile(allowed.tenant(), id).isPresent()) {
      fields.fault("id", "unknown_value", "The profile has a permission set of this name.");
    }
    String name = fields.text("name", Field.OPTIONAL, PermissionSet.MAX_LENGTH);
    Set<Permission> permissions = permissions(fields);
    String reason = fields.text("reason", Field.OPTIONAL, Change.MAX_REASON_LENGTH);
    fields.check();
    PermissionSet set =
        new PermissionSet(
            allowed.tenant().tenant(),
            Objects.requireNonNull(id),
            name == null ? id : name,
            KeyNames.names(permissions),
            null);
    if (configuration().access(set.tenant(), PermissionSet.class, id).isPresent()) {
      throw AccessAnswers.exists("a permission set");
    }
    if (configuration().permissionSets(set.tenant()).size() >= MAX_SETS) {
      throw AccessAnswers.tooMany("permission sets", MAX_SETS);
    }
    Giving.requireCovered(allowed.grant(), Grant.ofTenant(permissions));
    // With the assignments of a set of this id that an earlier build deleted.
    assignments.removeWith(
        new Change(set, configuration().version(set), allowed.caller().changedBy(), reason), set);
    respond(exchange, 201, set, permissions);
  }

  private static void respond(
      Exchange exchange, int status, PermissionSet set, Set<Permission> permissions)
      throws IOException {
    exchange.respondJson(
        status,
        json -> PermissionSetJson.writeSet(json, set.localId(), set.name(), permissions, true));
  }

  private PermissionSet set(Exchange exchange, Callers.Allowed allowed) {
    PermissionSet set =
        configuration()
            .access(
                allowed.tenant().tenant(), PermissionSet.class, exchange.pathParameter("set_id"))
            .orElseThrow(
                () ->
                    new ProblemException(
                        404, "not_found", "The tenant made no such permission set."));
    Giving.requireCovered(allowed.grant(), Grant.ofTenant(KeyNames.permissions(set.permissions())));
    return set;
  }

  private void changeSet(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.PERMISSION_SETS_MANAGE);
    PermissionSet old = set(exchange, allowed);
    JsonFields fields =
        JsonFields.of(exchange.json(MAX_BODY_BYTES), "name", "permissions", "reason");
    String name = fields.text("name", Field.OPTIONAL, PermissionSet.MAX_LENGTH);
    Set<Permission> permissions =
        fields.has("permissions") ? permissions(fields) : KeyNames.permissions(old.permissions());
    String reason = fields.text("reason", Field.OPTIONAL, Change.MAX_REASON_LENGTH);
    fields.check();
    PermissionSet set =
        new PermissionSet(
            old.tenant(),
            old.localId(),
            name == null ? old.name() : name,
            KeyNames.names(permissions),
            null);
    Giving.requireCovered(allowed.grant(), Grant.ofTenant(permissions));
    changes.make(
        new Change(set, configuration().version(set), allowed.caller().changedBy(), reason));
    respond(exchange, 200, set, permissions);
  }

  private void removeSet(Exchange exchange) throws InterruptedException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.PERMISSION_SETS_MANAGE);
    PermissionSet old = set(exchange, allowed);
    Change removal =
        new Change(
            new PermissionSet(old.tenant(), old.localId(), old.name(), old.permissions(), now()),
            configuration().version(old),
            allowed.caller().changedBy(),
            AccessAnswers.reason(exchange));
    assignments.removeWith(removal, old);
    // Those that were made while the others were looked for.
    assignments.remove(old, removal.by(), removal.reason());
    exchange.respondEmpty(204);
  }

  private Configuration configuration() {
    return changes.control().configuration();
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
