package dev.indelible.server.export;

import dev.indelible.server.access.Authentication;
import dev.indelible.server.access.Caller;
import dev.indelible.server.access.Scopes;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.query.TenantScope;
import java.util.Optional;

/** Rights of the makers of exports, as they are now. Thread-safe. */
public final class ExportRights {

  private final Authentication authentication;
  private final Configuration configuration;

  /** Rights by the configuration in force. */
  public ExportRights(Authentication authentication, Configuration configuration) {
    this.authentication = authentication;
    this.configuration = configuration;
  }

  /**
   * A maker who may export now.
   *
   * @param caller the maker
   * @param tenant whose log
   * @param scope the part of it
   */
  record Allowed(Caller caller, Tenant tenant, TenantScope scope) {}

  /** The maker of an order with the scope that they may export now; empty when they may not. */
  Optional<Allowed> now(ExportOrder order) {
    Optional<Tenant> tenant = configuration.tenant(order.tenant());
    return tenant.isEmpty()
        ? Optional.empty()
        : authentication
            .standing(order.maker().standing(order.tenant()))
            .filter(caller -> caller.may(Permission.AUDIT_EXPORT, order.tenant()))
            .map(
                caller ->
                    new Allowed(
                        caller,
                        tenant.get(),
                        Scopes.of(caller, order.tenant(), Permission.AUDIT_EXPORT)));
  }
}
