package dev.indelible.server.access;

import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.profile.Permission;
import java.util.Collection;

/** Finds other members of a tenant who may do something, for what takes two people. Thread-safe. */
public final class OtherMembers {

  private final Configuration configuration;
  private final Roles roles;

  /** The members of the tenants of {@code configuration}. */
  public OtherMembers(Configuration configuration, Roles roles) {
    this.configuration = configuration;
    this.roles = roles;
  }

  /**
   * Whether some member who is none of these has a permission for all of a tenant.
   *
   * @param these such as {@code user:u_1}
   */
  public boolean may(Tenant tenant, Permission permission, Collection<String> these) {
    return configuration.members(tenant.tenant()).stream()
        .filter(member -> !these.contains(Persons.name(new ChangedBy("user", member.localId()))))
        .anyMatch(member -> roles.grant(tenant, member.assignments()).allowsWhole(permission));
  }
}
