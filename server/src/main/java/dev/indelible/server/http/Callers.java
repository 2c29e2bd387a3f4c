package dev.indelible.server.http;

import dev.indelible.server.access.Caller;
import dev.indelible.server.access.KeyRing;
import dev.indelible.server.access.Scope;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.ConfigurationObject.Tenant;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.query.TenantScope;

/** Authentication and authorisation of requests, and the answers when they fail. */
final class Callers {

  private final KeyRing keys;
  private final Configuration configuration;

  Callers(KeyRing keys, Configuration configuration) {
    this.keys = keys;
    this.configuration = configuration;
  }

  /** Who sent the request. */
  Caller require(Exchange exchange) {
    return keys.authenticate(exchange.header("Authorization").orElse(null))
        .orElseThrow(
            () ->
                new ProblemException(
                        401,
                        "unauthorized",
                        "Send a key that works: Authorization: Bearer ik_… It may have expired or been revoked.")
                    .withHeader("WWW-Authenticate", "Bearer"));
  }

  /** The operator; anybody else learns that they may not. */
  Caller.Operator requireOperator(Exchange exchange) {
    if (require(exchange) instanceof Caller.Operator operator) {
      return operator;
    }
    throw new ProblemException(403, "forbidden", "Only an operator's key may do this.");
  }

  /**
   * The tenant that the path names, for a caller who may do {@code scope} there.
   *
   * <p>A tenant that the caller may not know of is answered exactly as one that does not exist.
   */
  Allowed requireTenant(Exchange exchange, Scope scope) {
    Caller caller = require(exchange);
    String name = exchange.pathParameter("tenant");
    if (!TenantId.isValid(name)) {
      throw noSuchTenant();
    }
    TenantId id = new TenantId(name);
    if (!caller.sees(id)) {
      throw noSuchTenant();
    }
    Tenant tenant = configuration.tenant(id).orElseThrow(Callers::noSuchTenant);
    if (!caller.may(scope)) {
      throw new ProblemException(
          403, "forbidden", "This key lacks the scope " + scope.value() + "; use one that has it.");
    }
    return new Allowed(caller, tenant, keys.scope(caller, id));
  }

  /** Whether the key of a request that goes on for long still is what it was when it began. */
  boolean stillMay(Exchange exchange, TenantId tenant, Scope scope) {
    return keys.authenticate(exchange.header("Authorization").orElse(null))
        .filter(caller -> caller.sees(tenant) && caller.may(scope))
        .isPresent();
  }

  private static ProblemException noSuchTenant() {
    return new ProblemException(404, "not_found", "There is no such tenant for this key.");
  }

  /** A caller who may do what was asked for. */
  record Allowed(Caller caller, Tenant tenant, TenantScope scope) {}
}
