package dev.indelible.server.api.access;

import dev.indelible.server.access.Authentication;
import dev.indelible.server.access.Bounds;
import dev.indelible.server.access.Caller;
import dev.indelible.server.access.People;
import dev.indelible.server.access.Persons;
import dev.indelible.server.access.Roles;
import dev.indelible.server.access.Scopes;
import dev.indelible.server.access.Session;
import dev.indelible.server.access.Sessions;
import dev.indelible.server.access.Subject;
import dev.indelible.server.access.Token;
import dev.indelible.server.api.caller.AccessRecording;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.control.Assignment;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.Guest;
import dev.indelible.server.control.Member;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.http.ListCursor;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.http.SameOrigin;
import dev.indelible.server.http.SessionCookie;
import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.search.Search;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Signing in to the console and out again, and who is signed in. */
public final class SessionRoutes {

  /** How long somebody stays signed in. */
  static final Duration CONSOLE_SESSION = Duration.ofHours(12);

  /** How long a sign-in link works unless told otherwise. */
  static final Duration LINK = Duration.ofMinutes(15);

  /** The longest that a sign-in link works. */
  static final Duration MAX_LINK = Duration.ofHours(24);

  private static final Duration MIN_LINK = Duration.ofMinutes(1);
  private static final int MAX_BODY_BYTES = 64 * 1024;
  private static final int MAX_ROLES = 20;
  private static final int MAX_CODE_LENGTH = 200;

  private final Callers callers;
  private final Dependencies dependencies;

  /** Dependencies of the program that the routes answer from. */
  public record Dependencies(
      Configuration configuration,
      Authentication authentication,
      Sessions sessions,
      Roles roles,
      People people,
      AccessRecording recording,
      Search search,
      InstantSource clock) {}

  public SessionRoutes(Callers callers, Dependencies dependencies) {
    this.callers = callers;
    this.dependencies = dependencies;
  }

  public List<Route> routes() {
    return List.of(
        new Route("POST", "/v1/sign-in-links", "createSignInLink", this::createLink),
        new Route("POST", "/v1/session", "signIn", this::signIn),
        new Route("GET", "/v1/session", "getSession", this::get),
        new Route("DELETE", "/v1/session", "signOut", this::signOut),
        new Route("GET", "/v1/sessions", "listSessions", List.of("tenant"), this::list),
        new Route("DELETE", "/v1/sessions/{session_id}", "endSession", this::end));
  }

  private void createLink(Exchange exchange) throws IOException {
    Caller caller = callers.require(exchange);
    String address = exchange.baseUrl();
    JsonFields fields =
        JsonFields.of(
            exchange.json(MAX_BODY_BYTES), "tenant", "user", "roles", "accounts", "expires_in");
    String tenantName = fields.text("tenant", Field.OPTIONAL, 64);
    Session.User user = Giving.user(fields);
    List<String> roles = fields.texts("roles");
    List<String> accounts = fields.texts("accounts");
    Duration lasts = fields.duration("expires_in", MIN_LINK, MAX_LINK, LINK);
    Subject subject;
    if (tenantName == null) {
      if (!(caller instanceof Caller.Operator operator)) {
        throw new ProblemException(
            403, "forbidden", "Only an operator makes links for operators; name a tenant.");
      }
      if (!roles.isEmpty() || !accounts.isEmpty()) {
        fields.fault("roles", "unknown_value", "Roles are those of a tenant; name one.");
      }
      fields.check();
      subject = new Subject.OfOperator(operator.keyId());
    } else {
      Callers.Allowed allowed =
          callers.requireTenant(caller, tenantName, Permission.MEMBERS_MANAGE);
      subject = member(allowed, fields, user, new Wanted(roles, accounts));
      dependencies
          .recording()
          .note(
              exchange,
              new AccessRecording.About(caller, allowed.tenant(), Objects.requireNonNull(user)),
              "audit.sign_in_link_created");
    }
    // Whoever is let in is elsewhere by nature, but stays no longer than what let them in.
    Bounds bounds = Bounds.of(caller, dependencies.configuration());
    Sessions.Begun link =
        dependencies
            .sessions()
            .link(
                subject,
                Objects.requireNonNull(user),
                new Sessions.LinkTerms(
                    bounds.cut(now().plus(lasts)),
                    bounds.cut(now().plus(CONSOLE_SESSION)),
                    Persons.makers(caller)));
    exchange.respondJson(
        201,
        json -> {
          json.writeStartObject();
          json.writeStringProperty("url", address + "/sign-in#" + link.token());
          json.writeStringProperty("expires_at", Rfc3339.format(link.session().expiresAt()));
          json.writeEndObject();
        });
  }

  private record Wanted(List<String> roles, List<String> accounts) {}

  /** A member, or somebody who has roles for this session alone; never more than the caller has. */
  private Subject member(
      Callers.Allowed allowed, JsonFields fields, Session.@Nullable User user, Wanted wanted) {
    Tenant tenant = allowed.tenant();
    List<Assignment> assignments = new ArrayList<>();
    List<String> accounts = wanted.accounts().isEmpty() ? null : wanted.accounts();
    if (wanted.roles().size() > MAX_ROLES || wanted.accounts().size() > Assignment.MAX_ACCOUNTS) {
      fields.fault("roles", "too_many", "At most " + MAX_ROLES + " roles.");
    }
    for (int i = 0; i < wanted.roles().size(); i++) {
      AssignmentFields.requireRole(
          fields,
          "roles/" + i,
          dependencies.roles().role(tenant, wanted.roles().get(i)),
          dependencies.roles().roleIds(tenant),
          accounts);
      assignments.add(new Assignment(wanted.roles().get(i), null, accounts));
    }
    Optional<Member> member =
        user == null
            ? Optional.empty()
            : dependencies.configuration().access(tenant.tenant(), Member.class, user.id());
    if (user != null && wanted.roles().isEmpty() && member.isEmpty()) {
      fields.fault(
          "user/id",
          "unknown_value",
          "There is no such member; add them first, or say their roles.");
    }
    fields.check();
    // Whoever is a member has their name on what is done: nobody acts as somebody who has more.
    member.ifPresent(
        known ->
            Giving.requireCovered(
                allowed.grant(), dependencies.roles().grant(tenant, known.assignments())));
    boolean own = wanted.roles().isEmpty();
    List<Assignment> held = own ? member.orElseThrow().assignments() : assignments;
    Giving.requireCovered(allowed.grant(), dependencies.roles().grant(tenant, held));
    return new Subject.OfMember(
        tenant.tenant(), Objects.requireNonNull(user).id(), own ? null : assignments);
  }

  private void signIn(Exchange exchange) throws IOException {
    SameOrigin.requireUnlessProgram(exchange);
    JsonFields fields = JsonFields.of(exchange.json(MAX_BODY_BYTES), "code", "key");
    String code = fields.text("code", Field.OPTIONAL, MAX_CODE_LENGTH);
    String key = fields.text("key", Field.OPTIONAL, MAX_CODE_LENGTH);
    if ((code == null) == (key == null)) {
      fields.fault("code", "missing", "Send the code of a sign-in link, or a key.");
    }
    fields.check();
    Optional<Sessions.Begun> begun =
        code == null
            ? dependencies
                .authentication()
                .beginWithKey(
                    Objects.requireNonNull(key),
                    Callers.shown(exchange),
                    now().plus(CONSOLE_SESSION))
            : redeem(code);
    Caller caller =
        begun
            .flatMap(one -> dependencies.authentication().caller(one.session()))
            .orElseThrow(
                () ->
                    new ProblemException(
                        401,
                        "invalid_code",
                        "This does not sign anybody in: a link works once and for a short time; ask for another one."));
    SessionCookie.of(exchange)
        .flatMap(old -> dependencies.sessions().find(Token.Kind.SESSION, old))
        .ifPresent(old -> dependencies.sessions().end(old::equals));
    Session session = begun.orElseThrow().session();
    caller
        .home()
        .flatMap(home -> dependencies.configuration().tenant(home))
        .ifPresent(
            tenant ->
                dependencies
                    .recording()
                    .note(
                        exchange,
                        new AccessRecording.About(caller, tenant, session.user()),
                        "audit.signed_in"));
    SessionCookie.set(exchange, begun.get().token(), Duration.between(now(), session.expiresAt()));
    respond(exchange, 201, caller);
  }

  private Optional<Sessions.Begun> redeem(String code) {
    Optional<Sessions.Begun> begun = dependencies.sessions().redeem(code);
    return begun.isPresent()
        ? begun
        : dependencies.authentication().redeemGuest(code, this::nameOf);
  }

  private Session.User nameOf(Guest guest) {
    try {
      return dependencies.people().guest(guest.tenant(), guest.localId());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void get(Exchange exchange) throws IOException {
    respond(exchange, 200, callers.require(exchange));
  }

  private void respond(Exchange exchange, int status, Caller caller) throws IOException {
    exchange.respondJson(
        status,
        json ->
            SessionJson.write(
                json, dependencies.configuration(), caller, filter -> mayRead(caller, filter)));
  }

  private boolean mayRead(Caller caller, String filter) {
    return caller
        .home()
        .filter(home -> caller.may(Permission.AUDIT_VIEW, home))
        .filter(
            home ->
                dependencies
                    .search()
                    .mayAsk(Scopes.of(caller, home, Permission.AUDIT_VIEW), filter))
        .isPresent();
  }

  private void signOut(Exchange exchange) {
    Caller caller = callers.require(exchange);
    Session session = caller.session();
    if (session != null) {
      dependencies.sessions().end(session::equals);
    }
    SessionCookie.clear(exchange);
    exchange.respondEmpty(204);
  }

  private void list(Exchange exchange) throws IOException {
    Caller caller = callers.require(exchange);
    String tenant = exchange.query().text("tenant").orElse("");
    if (!tenant.isEmpty()) {
      callers.requireTenant(caller, tenant, Permission.MEMBERS_MANAGE);
    }
    List<Session> found =
        dependencies
            .sessions()
            .list(
                session ->
                    maySee(caller, session)
                        && (tenant.isEmpty() || tenantOf(session).equals(tenant)));
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("sessions");
          for (Session session : found.subList(0, Math.min(found.size(), ListCursor.MAX_PAGE))) {
            SessionJson.write(
                json, session, session.equals(caller.session()), filter -> mayRead(caller, filter));
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private void end(Exchange exchange) {
    Caller caller = callers.require(exchange);
    String id = exchange.pathParameter("session_id");
    int ended =
        dependencies.sessions().end(session -> session.id().equals(id) && maySee(caller, session));
    if (ended == 0) {
      throw new ProblemException(404, "not_found", "There is no session of this id.");
    }
    exchange.respondEmpty(204);
  }

  /** One's own; those of the tenant where one manages members; all of them for an operator. */
  private static boolean maySee(Caller caller, Session session) {
    if (session.kind() != Token.Kind.SESSION) {
      return false;
    }
    if (caller instanceof Caller.Operator) {
      return true;
    }
    Session own = caller.session();
    boolean same =
        own != null
            && own.kind() == Token.Kind.SESSION
            && own.subject().equals(session.subject())
            && own.user().equals(session.user());
    return same
        || caller
            .home()
            .filter(home -> home.equals(session.subject().tenant()))
            .filter(home -> caller.may(Permission.MEMBERS_MANAGE, home))
            .isPresent();
  }

  private static String tenantOf(Session session) {
    var tenant = session.subject().tenant();
    return tenant == null ? "" : tenant.value();
  }

  private Instant now() {
    return Instant.ofEpochMilli(dependencies.clock().millis());
  }
}
