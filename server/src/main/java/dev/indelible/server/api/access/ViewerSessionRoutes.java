package dev.indelible.server.api.access;

import dev.indelible.server.access.Caller;
import dev.indelible.server.access.KeyNames;
import dev.indelible.server.access.Session;
import dev.indelible.server.access.Sessions;
import dev.indelible.server.access.Subject;
import dev.indelible.server.access.Token;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.control.TenantQuota;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.ListCursor;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.search.Search;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Viewer sessions: what a product's backend asks for so that one of its users may look. */
public final class ViewerSessionRoutes {

  /** The longest viewer session, and how long one is unless told otherwise. */
  static final Duration MAX_SESSION = Duration.ofMinutes(15);

  /** The most viewer sessions of one tenant at once. */
  static final int MAX_SESSIONS = TenantQuota.VIEWER_SESSIONS.most();

  /** The most origins of one session. */
  static final int MAX_ORIGINS = 20;

  private static final Duration MIN_SESSION = Duration.ofSeconds(10);
  private static final int MAX_BODY_BYTES = 64 * 1024;
  private static final int MAX_ORIGIN_LENGTH = 300;
  private static final Pattern ORIGIN =
      Pattern.compile(
          "https?://[a-z0-9.-]+(:[0-9]{1,5})?|https?://\\[[0-9a-f:.]+\\](:[0-9]{1,5})?");

  private final Callers callers;
  private final Sessions sessions;
  private final Search search;
  private final InstantSource clock;

  public ViewerSessionRoutes(
      Callers callers, Sessions sessions, Search search, InstantSource clock) {
    this.search = search;
    this.callers = callers;
    this.sessions = sessions;
    this.clock = clock;
  }

  public List<Route> routes() {
    String path = "/v1/tenants/{tenant}/viewer-sessions";
    return List.of(
        new Route("POST", path, "createViewerSession", this::create),
        new Route("GET", path, "listViewerSessions", this::list),
        new Route("DELETE", path + "/{session_id}", "endViewerSession", this::end));
  }

  private void create(Exchange exchange) throws IOException {
    Callers.Allowed allowed = program(exchange);
    JsonFields fields =
        JsonFields.of(
            exchange.json(MAX_BODY_BYTES),
            "user",
            "accounts",
            "permissions",
            "filter",
            "origins",
            "expires_in");
    Session.User user = Giving.user(fields);
    List<String> accounts = AssignmentFields.accounts(fields);
    Set<Permission> permissions = Giving.permissions(fields, "permissions");
    String filter = Giving.filter(fields, now());
    Set<String> origins = origins(fields);
    Duration lasts = fields.duration("expires_in", MIN_SESSION, MAX_SESSION, MAX_SESSION);
    fields.check();
    for (Permission permission : permissions) {
      if (!allowed.grant().allowsWhole(permission)) {
        throw Callers.lacks(permission);
      }
    }
    String kept = search.kept(allowed.scope(), filter, now());
    if (sessions.list(session -> isOf(session, allowed)).size() >= MAX_SESSIONS) {
      throw new Sessions.TooManyException();
    }
    Sessions.Begun begun =
        sessions.begin(
            Token.Kind.VIEWER,
            new Subject.OfViewer(
                allowed.tenant().tenant(),
                allowed.caller().keyId(),
                KeyNames.names(permissions),
                accounts == null ? Optional.empty() : Optional.of(Set.copyOf(accounts)),
                kept,
                origins),
            Objects.requireNonNull(user),
            now().plus(lasts));
    exchange.respondJson(
        201,
        json -> {
          json.writeStartObject();
          json.writeStringProperty("id", begun.session().id());
          json.writeStringProperty("token", begun.token());
          json.writeStringProperty("expires_at", Rfc3339.format(begun.session().expiresAt()));
          json.writeEndObject();
        });
  }

  /** A key: people sign in themselves, and a viewer makes no viewers. */
  private Callers.Allowed program(Exchange exchange) {
    // Guests are turned away before they read anything, and so no look of theirs is recorded.
    Callers.Allowed allowed = callers.requireReader(exchange, Permission.AUDIT_VIEW);
    if (allowed.caller() instanceof Caller.SignedIn) {
      throw new ProblemException(403, "forbidden", "Only a key makes and ends viewer sessions.");
    }
    return allowed;
  }

  private static Set<String> origins(JsonFields fields) {
    List<String> named = fields.texts("origins");
    if (named.size() > MAX_ORIGINS) {
      fields.fault("origins", "too_many", "At most " + MAX_ORIGINS + " origins.");
    }
    for (int i = 0; i < named.size(); i++) {
      String origin = named.get(i);
      if (origin.length() > MAX_ORIGIN_LENGTH || !ORIGIN.matcher(origin).matches()) {
        fields.fault(
            "origins/" + i,
            "bad_format",
            "An origin reads https://app.example.com, in small letters.");
      }
    }
    return Set.copyOf(named);
  }

  private void list(Exchange exchange) throws IOException {
    Callers.Allowed allowed = program(exchange);
    List<Session> found = new ArrayList<>(sessions.list(session -> isOf(session, allowed)));
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("viewer_sessions");
          for (Session session : found.subList(0, Math.min(found.size(), ListCursor.MAX_PAGE))) {
            SessionJson.write(
                json, session, false, filter -> search.mayAsk(allowed.scope(), filter));
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private void end(Exchange exchange) {
    Callers.Allowed allowed = program(exchange);
    String id = exchange.pathParameter("session_id");
    if (sessions.end(session -> session.id().equals(id) && isOf(session, allowed)) == 0) {
      throw new ProblemException(404, "not_found", "There is no viewer session of this id.");
    }
    exchange.respondEmpty(204);
  }

  private static boolean isOf(Session session, Callers.Allowed allowed) {
    return session.kind() == Token.Kind.VIEWER
        && allowed.tenant().tenant().equals(session.subject().tenant());
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
