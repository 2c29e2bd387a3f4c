package dev.indelible.server.access;

import dev.indelible.server.control.Assignment;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.PermissionSet;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.profile.Profile;
import dev.indelible.server.profile.TenantProfiles;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Permissions of roles and permission sets in a tenant: those of its profile and those that it made
 * for itself. Thread-safe; answers by the configuration that is in force.
 */
public final class Roles {

  private final Configuration configuration;
  private final TenantProfiles profiles;

  /** Roles of the tenants of {@code configuration}. */
  public Roles(Configuration configuration, TenantProfiles profiles) {
    this.configuration = configuration;
    this.profiles = profiles;
  }

  /** The profile of a tenant. */
  public Profile profile(Tenant tenant) {
    return profiles.of(tenant.tenant(), tenant.profile());
  }

  /** Union of the permissions of assignments; a role or set that no longer exists adds nothing. */
  public Grant grant(Tenant tenant, List<Assignment> assignments) {
    Grant all = Grant.NOTHING;
    for (Assignment assignment : assignments) {
      Set<Permission> permissions =
          assignment.role() != null
              ? ofRole(tenant, assignment.role())
              : permissionSet(tenant, String.valueOf(assignment.permissionSet())).orElse(Set.of());
      Optional<Set<String>> accounts =
          assignment.accounts() == null
              ? Optional.empty()
              : Optional.of(Set.copyOf(assignment.accounts()));
      all = all.and(Grant.of(permissions).within(accounts));
    }
    return all;
  }

  /** The names of the roles and permission sets that somebody has, each once. */
  public static List<String> names(List<Assignment> assignments) {
    return assignments.stream()
        .map(
            assignment ->
                assignment.role() != null
                    ? assignment.role()
                    : String.valueOf(assignment.permissionSet()))
        .distinct()
        .toList();
  }

  /** The role of that name in the tenant's profile. */
  public Optional<Profile.Role> role(Tenant tenant, String id) {
    return profile(tenant).roles().stream().filter(role -> role.id().equals(id)).findFirst();
  }

  /** The names of the roles of the tenant's profile. */
  public List<String> roleIds(Tenant tenant) {
    return profile(tenant).roles().stream().map(Profile.Role::id).toList();
  }

  /** The names of the permission sets that can be given: the tenant's own and the profile's. */
  public List<String> permissionSetIds(Tenant tenant) {
    return Stream.concat(
            configuration.permissionSets(tenant.tenant()).stream().map(PermissionSet::localId),
            profile(tenant).permissionSets().stream().map(Profile.PermissionSet::id))
        .distinct()
        .sorted()
        .toList();
  }

  private Set<Permission> ofRole(Tenant tenant, String id) {
    Set<Permission> permissions = java.util.EnumSet.noneOf(Permission.class);
    role(tenant, id)
        .ifPresent(
            role ->
                role.permissionSets()
                    .forEach(set -> ofProfile(tenant, set).ifPresent(permissions::addAll)));
    return permissions;
  }

  /** Permissions of a permission set: the tenant's own of that name, else the profile's. */
  public Optional<Set<Permission>> permissionSet(Tenant tenant, String id) {
    TenantId tenantId = tenant.tenant();
    Optional<PermissionSet> own = configuration.access(tenantId, PermissionSet.class, id);
    return own.isPresent()
        ? Optional.of(KeyNames.permissions(own.get().permissions()))
        : ofProfile(tenant, id);
  }

  /** Permissions of a permission set of the tenant's profile. */
  public Optional<Set<Permission>> ofProfile(Tenant tenant, String id) {
    return profile(tenant).permissionSets().stream()
        .filter(set -> set.id().equals(id))
        .map(Profile.PermissionSet::permissions)
        .findFirst();
  }
}
