package dev.indelible.server.access;

import dev.indelible.server.control.ApiKey;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.Guest;
import dev.indelible.server.control.Member;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.query.FactsOnly;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.HashedActors;
import dev.indelible.server.query.ParsedQuery;
import dev.indelible.server.query.QueryParser;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who sends a request, by what it shows: an API key, a viewer session's token, or a
 * console session's cookie.
 *
 * <p>What a session may do is decided anew for each request, by the configuration that is in force
 * then: whoever is no longer a member, or whose key was revoked, is out at once. Thread-safe.
 */
public final class Authentication {

  private static final String BEARER = "Bearer ";

  private final Configuration configuration;
  private final KeyRing keys;
  private final Sessions sessions;
  private final Roles roles;
  private final Function<TenantId, HashedActors> hashed;
  private final InstantSource clock;

  /**
   * Rules that give access its meaning.
   *
   * @param roles the permissions of roles
   * @param hashed what filters mean where actors are hashed: one by a clear id holds for entries
   *     too whose personal part is gone
   */
  record Meaning(Roles roles, Function<TenantId, HashedActors> hashed) {}

  /** Authentication by the keys and sessions of {@code configuration}. */
  Authentication(
      Configuration configuration,
      KeyRing keys,
      Sessions sessions,
      Meaning meaning,
      InstantSource clock) {
    this.configuration = configuration;
    this.keys = keys;
    this.sessions = sessions;
    this.roles = meaning.roles();
    this.hashed = meaning.hashed();
    this.clock = clock;
  }

  /**
   * Properties of a request, besides its secret.
   *
   * @param address where it comes from, as an address literal
   * @param foreignOrigin the origin of the page that sends it, when that is not this server's; else
   *     null
   */
  public record Shown(String address, @Nullable String foreignOrigin) {}

  /** The caller that an {@code Authorization} header speaks for, or empty when it proves nobody. */
  public Optional<Caller> byHeader(String authorization, Shown shown) {
    if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Optional.empty();
    }
    String text = authorization.substring(BEARER.length()).strip();
    Optional<Caller> byKey = keys.authenticate(text, shown.address());
    if (byKey.isPresent()) {
      sessions.used(byKey.get().keyId());
      return byKey;
    }
    return sessions
        .find(Token.Kind.VIEWER, text)
        .filter(session -> mayUse(session, shown.foreignOrigin()))
        .flatMap(this::caller);
  }

  private static boolean mayUse(Session session, @Nullable String foreignOrigin) {
    return foreignOrigin == null
        || !(session.subject() instanceof Subject.OfViewer viewer)
        || viewer.origins().isEmpty()
        || viewer.origins().contains(foreignOrigin);
  }

  /** The caller that the value of a console session's cookie speaks for. */
  public Optional<Caller> byCookie(String value, Shown shown) {
    return sessions
        .find(Token.Kind.SESSION, value)
        .filter(session -> isWithinNetworks(session.subject(), shown.address()))
        .flatMap(this::caller);
  }

  /** A key that works from some networks alone makes sessions that do. */
  private boolean isWithinNetworks(Subject subject, String address) {
    return switch (subject) {
      case Subject.OfOperator(String keyId) -> keys.worksFrom(keyId, address);
      case Subject.OfKey(TenantId _, String keyId) -> keys.worksFrom(keyId, address);
      case Subject.OfMember _, Subject.OfGuest _, Subject.OfViewer _ -> true;
    };
  }

  /** Caller that a session stands for now, or empty when the grounds of the session are gone. */
  public Optional<Caller> caller(Session session) {
    return switch (session.subject()) {
      case Subject.OfOperator(String keyId) ->
          keys.behind(keyId, session).filter(Caller.Operator.class::isInstance);
      case Subject.OfKey(TenantId _, String keyId) ->
          keys.behind(keyId, session).filter(Caller.TenantKey.class::isInstance);
      case Subject.OfMember member -> ofMember(session, member);
      case Subject.OfGuest guest -> ofGuest(session, guest);
      case Subject.OfViewer viewer -> ofViewer(session, viewer);
    };
  }

  /**
   * Caller as they may act now, without a session: a member with the roles that they have, a key
   * that works, an auditor who is still invited. Empty when there is none any more.
   */
  public Optional<Caller> standing(Standing standing) {
    return switch (standing.subject()) {
      case Subject.OfOperator(String keyId) ->
          keys.behind(keyId, null).filter(Caller.Operator.class::isInstance);
      case Subject.OfKey(TenantId _, String keyId) ->
          keys.behind(keyId, null).filter(Caller.TenantKey.class::isInstance);
      case Subject.OfMember member when member.assignments() != null ->
          makersWork(standing) ? caller(standing.session()) : Optional.empty();
      case Subject.OfMember _, Subject.OfGuest _, Subject.OfViewer _ -> caller(standing.session());
    };
  }

  /** Checks the keys that let in a member who is one for a session alone. */
  private boolean makersWork(Standing standing) {
    List<String> makers = standing.makers();
    return makers != null
        && !makers.isEmpty()
        && makers.stream()
            .flatMap(maker -> keyId(maker).stream())
            .allMatch(
                id ->
                    configuration.key(id).filter(key -> key.isActive(clock.instant())).isPresent());
  }

  private static Optional<String> keyId(String maker) {
    int colon = maker.indexOf(':');
    String kind = maker.substring(0, Math.max(colon, 0));
    return kind.equals("api_key") || kind.equals("operator")
        ? Optional.of(maker.substring(colon + 1))
        : Optional.empty();
  }

  private Optional<Caller> ofMember(Session session, Subject.OfMember subject) {
    Optional<Tenant> tenant = configuration.tenant(subject.tenant());
    if (tenant.isEmpty()) {
      return Optional.empty();
    }
    var assignments =
        subject.assignments() != null
            ? Optional.of(subject.assignments())
            : configuration
                .access(subject.tenant(), Member.class, subject.memberId())
                .map(Member::assignments);
    return assignments.map(
        held -> new Caller.SignedIn(session, subject.tenant(), roles.grant(tenant.get(), held)));
  }

  private Optional<Caller> ofGuest(Session session, Subject.OfGuest subject) {
    Optional<Tenant> tenant = configuration.tenant(subject.tenant());
    return configuration
        .access(subject.tenant(), Guest.class, subject.guestId())
        .filter(guest -> guest.isActive(clock.instant()))
        .filter(guest -> tenant.isPresent() && isWanted(guest, tenant.get()))
        .map(
            guest ->
                new Caller.SignedIn(
                    session,
                    subject.tenant(),
                    Grant.of(KeyNames.permissions(guest.permissions()))
                        .only(reading())
                        .within(Optional.ofNullable(guest.accounts()).map(Set::copyOf))
                        .filtered(ofGuest(tenant.orElseThrow(), guest))));
  }

  /** Support staff is out as soon as the tenant opts out. */
  private static boolean isWanted(Guest guest, Tenant tenant) {
    return !guest.isSupport() || tenant.supportAccess();
  }

  private Optional<Caller> ofViewer(Session session, Subject.OfViewer subject) {
    Optional<Tenant> tenant = configuration.tenant(subject.tenant());
    if (tenant.isEmpty()) {
      return Optional.empty();
    }
    return keys.behind(subject.keyId(), session)
        .flatMap(minter -> minter.grant(subject.tenant()))
        .map(
            grant ->
                new Caller.SignedIn(
                    session,
                    subject.tenant(),
                    grant
                        .only(KeyNames.permissions(subject.permissions()))
                        .only(reading())
                        .within(subject.accounts())
                        .filtered(
                            filter(
                                tenant.get(),
                                subject.filter(),
                                session.createdAt(),
                                grant.allows(Permission.AUDIT_VIEW_PERSONAL)))));
  }

  private Filter ofGuest(Tenant tenant, Guest guest) {
    boolean personal =
        guest.personalFilter()
            || guest.permissions().contains(Permission.AUDIT_VIEW_PERSONAL.jsonName());
    return filter(tenant, guest.filter(), guest.createdAt(), personal);
  }

  /** Permissions of callers who are not of the tenant: reading alone. */
  private static Set<Permission> reading() {
    return KeyNames.permissions(Set.of(KeyNames.EVENTS_READ));
  }

  /**
   * Parses a filter; one that can no longer be understood shows nothing, and neither does one that
   * asks for personal data in the name of somebody who may not see it.
   *
   * @param personal whether whoever set the filter may see what is personal
   */
  private Filter filter(Tenant tenant, String query, Instant at, boolean personal) {
    return switch (QueryParser.parse(query, at, ZoneOffset.UTC)) {
      case ParsedQuery.Valid(Filter filter) ->
          personal ? hashed.apply(tenant.tenant()).of(filter) : factsOnly(tenant, filter);
      case dev.indelible.server.query.QueryProblem _ -> Filter.none();
    };
  }

  private Filter factsOnly(Tenant tenant, Filter filter) {
    try {
      return new FactsOnly(roles.profile(tenant).actorHashing()).of(filter);
    } catch (FactsOnly.PersonalException e) {
      return Filter.none();
    }
  }

  /** The session that the code of a guest's link begins; empty when it is none that works. */
  public Optional<Sessions.Begun> redeemGuest(String code, NameOfGuest names) {
    Optional<Token> token = Token.parse(Token.Kind.GUEST, code);
    if (token.isEmpty()) {
      return Optional.empty();
    }
    return configuration
        .guest(token.get().id())
        .filter(guest -> token.get().matches(guest.secretHash()))
        .filter(guest -> guest.isActive(clock.instant()))
        .filter(
            guest ->
                configuration
                    .tenant(guest.tenant())
                    .filter(tenant -> isWanted(guest, tenant))
                    .isPresent())
        .map(
            guest ->
                sessions.begin(
                    Token.Kind.SESSION,
                    new Subject.OfGuest(guest.tenant(), guest.localId(), guest.isSupport()),
                    names.of(guest),
                    guest.expiresAt()));
  }

  /** Knows what a guest is called. */
  @FunctionalInterface
  public interface NameOfGuest {
    Session.User of(Guest guest);
  }

  /**
   * A guest who is not let in before it is recorded.
   *
   * @param code the code in the link; not kept anywhere
   * @param guest the recorded guest
   */
  public record Invited(String code, Guest guest) {
    @Override
    public String toString() {
      return "Invited[" + guest.localId() + "]";
    }
  }

  /** Makes a guest of the id and the hash of the secret that it is given. */
  public Invited invite(BiFunction<String, String, Guest> guest) {
    Token token = keys.mintGuest();
    return new Invited(token.text(), guest.apply(token.id(), token.hash()));
  }

  /** The session of somebody who shows a key, until {@code expiresAt}; empty when it is none. */
  public Optional<Sessions.Begun> beginWithKey(String key, Shown shown, Instant expiresAt) {
    return keys.authenticate(key, shown.address())
        .map(
            caller -> {
              String name =
                  configuration.key(caller.keyId()).map(ApiKey::name).orElse(caller.keyId());
              Subject subject =
                  caller
                      .home()
                      .<Subject>map(tenant -> new Subject.OfKey(tenant, caller.keyId()))
                      .orElseGet(() -> new Subject.OfOperator(caller.keyId()));
              return sessions.begin(
                  Token.Kind.SESSION,
                  subject,
                  new Session.User(caller.keyId(), name, null),
                  expiresAt);
            });
  }
}
