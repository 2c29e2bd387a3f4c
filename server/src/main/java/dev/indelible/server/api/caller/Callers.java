package dev.indelible.server.api.caller;

import dev.indelible.server.access.Authentication;
import dev.indelible.server.access.Caller;
import dev.indelible.server.access.Grant;
import dev.indelible.server.access.Scopes;
import dev.indelible.server.access.Session;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.http.Admission;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.SameOrigin;
import dev.indelible.server.http.SessionCookie;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.share.Asker;
import dev.indelible.server.share.BusyException;
import dev.indelible.server.share.IntakeGate;
import dev.indelible.server.share.ReadPool;
import dev.indelible.server.takeout.ProofJson;
import dev.indelible.server.takeout.Taker;
import java.io.IOException;
import java.util.Optional;

/** Authentication and authorisation of requests, and the answers when they fail. */
public final class Callers {

  private final Authentication authentication;
  private final Configuration configuration;
  private final AccessRecording recording;
  private final ReadPool reads;

  public Callers(
      Authentication authentication,
      Configuration configuration,
      AccessRecording recording,
      ReadPool reads) {
    this.reads = reads;
    this.authentication = authentication;
    this.configuration = configuration;
    this.recording = recording;
  }

  /** Finds the caller of a request. */
  public Caller require(Exchange exchange) {
    Caller caller = known(exchange);
    exchange.identified(
        new Admission.Identity(
            nameOf(caller),
            caller.home().map(TenantId::value).orElse(null),
            caller.session() != null));
    return caller;
  }

  /** The session that a caller showed, or else the key. */
  private static String nameOf(Caller caller) {
    Session session = caller.session();
    return session == null ? caller.keyId() : session.id();
  }

  /** Share that the events of a caller count for. */
  public static Asker sender(Caller caller) {
    return caller
        .home()
        .map(home -> new Asker("tenant:" + home.value(), nameOf(caller)))
        .orElseGet(() -> new Asker("operator", nameOf(caller), IntakeGate.OPERATOR_WEIGHT));
  }

  private Caller known(Exchange exchange) {
    return find(exchange)
        .orElseThrow(
            () ->
                new ProblemException(
                        401,
                        "unauthorized",
                        "Send a key that works: Authorization: Bearer ik_… It may have expired or been revoked. In a browser, sign in.")
                    .withHeader("WWW-Authenticate", "Bearer"));
  }

  private Optional<Caller> find(Exchange exchange) {
    Optional<String> header = exchange.header("Authorization");
    if (header.isPresent()) {
      return authentication.byHeader(header.get(), shown(exchange));
    }
    Optional<String> cookie = SessionCookie.of(exchange);
    if (cookie.isEmpty()) {
      return Optional.empty();
    }
    SameOrigin.requireOfCookie(exchange);
    return authentication.byCookie(cookie.get(), shown(exchange));
  }

  public static Authentication.Shown shown(Exchange exchange) {
    return new Authentication.Shown(
        exchange.remoteAddress(), SameOrigin.foreignOrigin(exchange).orElse(null));
  }

  /** The operator; anybody else learns that they may not. */
  public Caller.Operator requireOperator(Exchange exchange) {
    return operator(require(exchange));
  }

  /** The operator and the tenant that the path names; whoever may not know of it learns nothing. */
  public Allowed requireOperator(Exchange exchange, String parameter) {
    Caller caller = require(exchange);
    Tenant tenant = tenant(caller, exchange.pathParameter(parameter));
    Caller.Operator operator = operator(caller);
    return new Allowed(
        operator, tenant, Scopes.of(operator, tenant.tenant(), Permission.AUDIT_VIEW));
  }

  private static Caller.Operator operator(Caller caller) {
    if (caller instanceof Caller.Operator operator) {
      return operator;
    }
    throw new ProblemException(403, "forbidden", "Only an operator may do this.");
  }

  /**
   * The tenant that the path names, for a caller who has {@code permission} there, for some
   * accounts of it at least.
   *
   * <p>A tenant that the caller may not know of is answered exactly as one that does not exist.
   * That a guest reads it is recorded.
   */
  public Allowed requireTenant(Exchange exchange, Permission permission) {
    Allowed allowed = requireReader(exchange, permission);
    recording.settings(exchange, allowed.caller(), allowed.tenant());
    return allowed;
  }

  /**
   * Finds the tenant as {@link #requireTenant(Exchange, Permission)} does, for routes that record
   * the look themselves.
   */
  public Allowed requireReader(Exchange exchange, Permission permission) {
    Caller caller = require(exchange);
    Tenant tenant = tenant(caller, exchange.pathParameter("tenant"));
    return allowed(caller, tenant, permission);
  }

  /** Finds a tenant that something else than the path names. */
  public Allowed requireTenant(Caller caller, String name, Permission permission) {
    return allowed(caller, tenant(caller, name), permission);
  }

  private static Allowed allowed(Caller caller, Tenant tenant, Permission permission) {
    if (!caller.may(permission, tenant.tenant())) {
      throw lacks(permission);
    }
    return new Allowed(caller, tenant, Scopes.of(caller, tenant.tenant(), permission));
  }

  /** Finds the tenant for a caller who has the permission for everything in it. */
  public Allowed requireWholeTenant(Exchange exchange, Permission permission) {
    Allowed allowed = requireWholeReader(exchange, permission);
    recording.settings(exchange, allowed.caller(), allowed.tenant());
    return allowed;
  }

  /**
   * Finds the tenant as {@link #requireWholeTenant} does, for routes that record the look
   * themselves.
   */
  public Allowed requireWholeReader(Exchange exchange, Permission permission) {
    Allowed allowed = requireReader(exchange, permission);
    if (!allowed.seesWholeLog()) {
      throw new ProblemException(
          403, "forbidden", "You see a part of the log; this is about all of it.");
    }
    return allowed;
  }

  /**
   * The tenant that the path names, for any caller who may know of it. That a guest reads it is
   * recorded.
   */
  public Seen requireSeen(Exchange exchange) {
    Caller caller = require(exchange);
    Tenant tenant = tenant(caller, exchange.pathParameter("tenant"));
    recording.settings(exchange, caller, tenant);
    return new Seen(caller, tenant, caller.grant(tenant.tenant()).orElseThrow());
  }

  private Tenant tenant(Caller caller, String name) {
    if (!TenantId.isValid(name)) {
      throw noSuchTenant();
    }
    TenantId id = new TenantId(name);
    if (!caller.sees(id)) {
      throw noSuchTenant();
    }
    return configuration.tenant(id).orElseThrow(Callers::noSuchTenant);
  }

  /** Whether a request that goes on for long may still read what it read when it began. */
  public boolean stillMay(Exchange exchange, TenantScope scope, Permission permission) {
    return find(exchange)
        .filter(caller -> caller.may(permission, scope.tenant()))
        .filter(caller -> Scopes.of(caller, scope.tenant(), permission).equals(scope))
        .filter(caller -> configuration.tenant(scope.tenant()).isPresent())
        .isPresent();
  }

  /**
   * Searches or reads for a caller, in their turn and on a thread of the pool.
   *
   * @throws dev.indelible.server.share.BusyException when they, or all, have too much under way
   */
  public <T> T read(Allowed allowed, ReadPool.Reading<T> reading) throws IOException {
    return reads.read(asker(allowed), reading);
  }

  /**
   * Searches or reads for a caller on this thread what takes a moment.
   *
   * @return what {@code reading} does; empty when it is to be done by {@link #read}
   */
  public <T> Optional<T> readAtOnce(Allowed allowed, ReadPool.Reading<Optional<T>> reading)
      throws IOException {
    return reads.readAtOnce(asker(allowed), reading);
  }

  /** Reads for a caller who has time; false when nothing was read, as too much is under way. */
  public boolean readWhenFree(Allowed allowed, ReadPool.Reading<Boolean> reading)
      throws IOException {
    try {
      return read(allowed, reading);
    } catch (BusyException e) {
      return false;
    }
  }

  /** The caller of a request as one who takes entries away with a permission. */
  public Taker taker(Exchange exchange, Allowed allowed, Permission permission) {
    return new Taker(
        allowed.caller(),
        allowed.tenant(),
        allowed.scope(),
        AccessRecording.origin(exchange),
        new Taker.Turns() {
          @Override
          public <T> T read(ReadPool.Reading<T> reading) throws IOException {
            return Callers.this.read(allowed, reading);
          }

          @Override
          public boolean stillMay() {
            return Callers.this.stillMay(exchange, allowed.scope(), permission);
          }
        });
  }

  private static Asker asker(Allowed allowed) {
    return new Asker(allowed.tenant().id(), nameOf(allowed.caller()));
  }

  public static ProblemException lacks(Permission permission) {
    return new ProblemException(
        403,
        "forbidden",
        "This needs the permission " + permission.jsonName() + ", which you do not have.");
  }

  public static ProblemException noSuchTenant() {
    return new ProblemException(404, "not_found", "There is no such tenant for this key.");
  }

  /** A caller who may do what was asked for. */
  public record Allowed(Caller caller, Tenant tenant, TenantScope scope) {

    /** Permissions of the caller in the tenant. */
    public Grant grant() {
      return caller.grant(tenant.tenant()).orElseThrow();
    }

    /** Whether the scope is the whole log. */
    public boolean seesWholeLog() {
      return scope.accounts().isEmpty() && scope.fixed().equals(Filter.all());
    }

    /** Dependencies of this scope's entries that the caller may see. */
    public ProofJson.Parts seenParts() {
      if (!scope.permissions().contains(Permission.AUDIT_VIEW.jsonName())) {
        return ProofJson.Parts.NONE;
      }
      return scope.seesPersonal() ? ProofJson.Parts.ALL : ProofJson.Parts.FACTS;
    }
  }

  /** A caller who knows of a tenant. */
  public record Seen(Caller caller, Tenant tenant, Grant grant) {}
}
