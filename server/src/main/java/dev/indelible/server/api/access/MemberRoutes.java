package dev.indelible.server.api.access;

import dev.indelible.server.access.AccessServices;
import dev.indelible.server.access.MadeThings;
import dev.indelible.server.access.People;
import dev.indelible.server.access.Roles;
import dev.indelible.server.access.Session;
import dev.indelible.server.access.Sessions;
import dev.indelible.server.access.Subject;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.GovernedChanges;
import dev.indelible.server.control.Assignment;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.Guest;
import dev.indelible.server.control.Member;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.control.TenantQuota;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.http.ListCursor;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.json.Json;
import dev.indelible.server.profile.Permission;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/** Routes of members: the people who may sign in to a tenant, and their assignments. */
public final class MemberRoutes {

  /** The most members of a tenant. */
  static final int MAX_MEMBERS = TenantQuota.MEMBERS.most();

  private static final int MAX_BODY_BYTES = 64 * 1024;
  private static final String REVOKE_MADE = "revoke_made";

  private final Callers callers;
  private final GovernedChanges changes;
  private final Roles roles;
  private final People people;
  private final Sessions sessions;
  private final Revocations revocations;
  private final InstantSource clock;

  public MemberRoutes(
      Callers callers, GovernedChanges changes, AccessServices access, InstantSource clock) {
    this.callers = callers;
    this.changes = changes;
    this.roles = access.roles();
    this.people = access.people();
    this.sessions = access.sessions();
    this.revocations = new Revocations(changes, access.sessions(), access.people());
    this.clock = clock;
  }

  public List<Route> routes() {
    String path = "/v1/tenants/{tenant}/members";
    String one = path + "/{member_id}";
    return List.of(
        new Route("GET", path, "listMembers", List.of("limit", "cursor"), this::list),
        new Route("POST", path, "addMember", this::add),
        new Route("GET", one, "getMember", this::get),
        new Route("PATCH", one, "changeMember", this::change),
        new Route("GET", one + "/made", "listMadeByMember", this::made),
        new Route("DELETE", one, "removeMember", List.of("reason", REVOKE_MADE), this::remove));
  }

  private void list(Exchange exchange) throws IOException {
    Tenant tenant = callers.requireTenant(exchange, Permission.MEMBERS_MANAGE).tenant();
    int limit = ListCursor.limit(exchange);
    ListCursor cursor = new ListCursor(tenant.id() + "/members");
    String after = cursor.position(exchange);
    List<Member> left =
        configuration().members(tenant.tenant()).stream()
            .filter(member -> after == null || member.localId().compareTo(after) > 0)
            .toList();
    List<Member> page = left.subList(0, Math.min(limit, left.size()));
    List<Session.User> users = new ArrayList<>();
    for (Member member : page) {
      users.add(people.member(tenant.tenant(), member.localId()));
    }
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("members");
          for (int i = 0; i < page.size(); i++) {
            write(json, tenant, page.get(i), users.get(i));
          }
          json.writeEndArray();
          ListCursor.writeNext(
              json, left.size() > page.size() ? cursor.after(page.getLast().localId()) : null);
          json.writeEndObject();
        });
  }

  private void write(JsonGenerator json, Tenant tenant, Member member, Session.User user) {
    json.writeStartObject();
    json.writeStringProperty("id", member.localId());
    Json.text(json, "name", user.name());
    Json.text(json, "email", user.email());
    json.writeName("assignments");
    json.writeRawValue(Assignment.toJson(member.assignments()).toString());
    Json.texts(
        json,
        "permissions",
        roles.grant(tenant, member.assignments()).permissions().stream()
            .map(Permission::jsonName)
            .sorted()
            .toList());
    json.writeEndObject();
  }

  private Member member(Exchange exchange, Tenant tenant) {
    return configuration()
        .access(tenant.tenant(), Member.class, exchange.pathParameter("member_id"))
        .orElseThrow(
            () -> new ProblemException(404, "not_found", "The tenant has no such member."));
  }

  private void get(Exchange exchange) throws IOException {
    Tenant tenant = callers.requireTenant(exchange, Permission.MEMBERS_MANAGE).tenant();
    respond(exchange, 200, tenant, member(exchange, tenant));
  }

  private void respond(Exchange exchange, int status, Tenant tenant, Member member)
      throws IOException {
    Session.User user = people.member(tenant.tenant(), member.localId());
    exchange.respondJson(status, json -> write(json, tenant, member, user));
  }

  /** The accounts that the tenant lists, and those that the member has already. */
  private Set<String> accounts(Tenant tenant, List<Assignment> held) {
    Set<String> accounts = new HashSet<>();
    configuration().accounts(tenant.tenant()).forEach(account -> accounts.add(account.localId()));
    if (accounts.isEmpty()) {
      return accounts;
    }
    for (Assignment assignment : held) {
      accounts.addAll(assignment.accounts() == null ? List.of() : assignment.accounts());
    }
    return accounts;
  }

  private void add(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.MEMBERS_MANAGE);
    Tenant tenant = allowed.tenant();
    JsonFields fields =
        JsonFields.of(
            exchange.json(MAX_BODY_BYTES), "id", "name", "email", "assignments", "reason");
    String id = fields.text("id", Field.REQUIRED, Session.User.MAX_LENGTH);
    String name = fields.text("name", Field.OPTIONAL, Session.User.MAX_LENGTH);
    String email = fields.text("email", Field.OPTIONAL, Session.User.MAX_LENGTH);
    List<Assignment> assignments =
        AssignmentFields.read(fields, roles, tenant, accounts(tenant, List.of()));
    String reason = fields.text("reason", Field.OPTIONAL, Change.MAX_REASON_LENGTH);
    fields.check();
    Member member = new Member(tenant.tenant(), Objects.requireNonNull(id), assignments, null);
    if (configuration().access(tenant.tenant(), Member.class, id).isPresent()) {
      throw AccessAnswers.exists("a member");
    }
    if (configuration().members(tenant.tenant()).size() >= MAX_MEMBERS) {
      throw AccessAnswers.tooMany("members", MAX_MEMBERS);
    }
    Giving.requireCovered(allowed.grant(), roles.grant(tenant, assignments));
    people.setMember(tenant.tenant(), id, new Session.User(id, name, email));
    changes.make(
        new Change(member, configuration().version(member), allowed.caller().changedBy(), reason));
    respond(exchange, 201, tenant, member);
  }

  private void change(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.MEMBERS_MANAGE);
    Tenant tenant = allowed.tenant();
    Member old = member(exchange, tenant);
    JsonFields fields =
        JsonFields.of(exchange.json(MAX_BODY_BYTES), "name", "email", "assignments", "reason");
    String name = fields.text("name", Field.OPTIONAL, Session.User.MAX_LENGTH);
    String email = fields.text("email", Field.OPTIONAL, Session.User.MAX_LENGTH);
    List<Assignment> assignments =
        fields.has("assignments")
            ? AssignmentFields.read(fields, roles, tenant, accounts(tenant, old.assignments()))
            : old.assignments();
    String reason = fields.text("reason", Field.OPTIONAL, Change.MAX_REASON_LENGTH);
    fields.check();
    Giving.requireCovered(allowed.grant(), roles.grant(tenant, old.assignments()));
    Giving.requireCovered(allowed.grant(), roles.grant(tenant, assignments));
    Session.User known = people.member(tenant.tenant(), old.localId());
    people.setMember(
        tenant.tenant(),
        old.localId(),
        new Session.User(
            old.localId(),
            fields.has("name") ? name : known.name(),
            fields.has("email") ? email : known.email()));
    Member member = new Member(old.tenant(), old.localId(), assignments, null);
    if (!member.equals(old)) {
      changes.make(
          new Change(member, configuration().version(old), allowed.caller().changedBy(), reason));
    }
    respond(exchange, 200, tenant, member);
  }

  private void remove(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireTenant(exchange, Permission.MEMBERS_MANAGE);
    Tenant tenant = allowed.tenant();
    Member old = member(exchange, tenant);
    Giving.requireCovered(allowed.grant(), roles.grant(tenant, old.assignments()));
    Revocations.Because because =
        new Revocations.Because(
            allowed.caller().changedBy(), AccessAnswers.reason(exchange), now());
    MadeThings made =
        exchange.query().flag(REVOKE_MADE, false)
            ? made(tenant, old.localId())
            : new MadeThings(List.of(), List.of(), List.of());
    requireMayRevoke(allowed, made);
    endSessions(made);
    List<Change> together = new ArrayList<>();
    made.keys().forEach(key -> together.add(revocations.revocation(key, because)));
    made.guests().forEach(guest -> together.add(revocations.removal(guest, because)));
    together.add(
        because.change(
            new Member(old.tenant(), old.localId(), old.assignments(), because.now()),
            configuration().version(old)));
    changes.makeTogether(together);
    // Those that began while the keys still worked.
    endSessions(made);
    for (Guest guest : made.guests()) {
      revocations.forget(guest);
    }
    people.setMember(tenant.tenant(), old.localId(), null);
    sessions.end(
        session ->
            session.subject() instanceof Subject.OfMember member
                && member.tenant().equals(old.tenant())
                && member.memberId().equals(old.localId()));
    exchange.respondEmpty(204);
  }

  /**
   * Answers with what somebody made that still works, whether or not they are a member any more.
   */
  private void made(Exchange exchange) throws IOException {
    Tenant tenant = callers.requireTenant(exchange, Permission.MEMBERS_MANAGE).tenant();
    MadeThings made = made(tenant, exchange.pathParameter("member_id"));
    exchange.respondJson(200, json -> MadeJson.write(json, made));
  }

  private MadeThings made(Tenant tenant, String memberId) {
    return MadeThings.by("user:" + memberId, tenant.tenant(), configuration(), sessions);
  }

  /** Each kind of thing that somebody made is taken back by whoever may take that back. */
  private static void requireMayRevoke(Callers.Allowed allowed, MadeThings made) {
    if (!made.keys().isEmpty() && !allowed.grant().allowsWhole(Permission.KEYS_MANAGE)) {
      throw Callers.lacks(Permission.KEYS_MANAGE);
    }
    if (made.guests().stream().anyMatch(Guest::isSupport)
        && !allowed.grant().allowsWhole(Permission.SUPPORT_GRANT)) {
      throw Callers.lacks(Permission.SUPPORT_GRANT);
    }
  }

  private void endSessions(MadeThings made) {
    made.keys().forEach(revocations::endSessions);
    made.sessions().forEach(revocations::session);
  }

  private Configuration configuration() {
    return changes.control().configuration();
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
