package dev.indelible.server.access;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.TenantScope;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes scopes: what a caller may read. */
public final class Scopes {

  private Scopes() {}

  /**
   * Scope of what a caller may read of a tenant by a permission that it has there.
   *
   * @throws IllegalArgumentException when it does not have it
   */
  public static TenantScope of(Caller caller, TenantId tenant, Permission permission) {
    Grant grant =
        caller
            .grant(tenant)
            .filter(found -> found.allows(permission))
            .orElseThrow(() -> new IllegalArgumentException("the caller may not read " + tenant));
    Optional<Set<String>> accounts = grant.accounts(permission);
    Set<String> asFar =
        grant.permissions().stream()
            .filter(other -> grant.reaches(other, accounts))
            .map(Permission::jsonName)
            .collect(Collectors.toSet());
    return new TenantScope(tenant, accounts, asFar, grant.fixed());
  }

  /** Scope of everything of a tenant, for the program's own folds; never for a request. */
  public static TenantScope ofTheProgram(TenantId tenant) {
    return new TenantScope(tenant, Optional.empty(), Set.of(TenantScope.PERSONAL), Filter.all());
  }
}
