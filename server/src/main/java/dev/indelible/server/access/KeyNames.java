package dev.indelible.server.access;

import dev.indelible.server.profile.Permission;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Names in a key's record for what the key may do: permissions, and the scopes that stand for
 * several of them.
 */
public final class KeyNames {

  /** Scope of everything, for every tenant; operators' keys alone. */
  public static final String OPERATOR = "operator";

  /** Send events. */
  public static final String EVENTS_WRITE = "events.write";

  /** Scope to read, export and verify entries, with personal data in them. */
  public static final String EVENTS_READ = "events.read";

  /** The scopes that a tenant's key may have, in the order shown. */
  public static final List<String> SCOPES = List.of(EVENTS_WRITE, EVENTS_READ);

  private static final Set<Permission> READING =
      Set.copyOf(
          EnumSet.of(
              Permission.AUDIT_VIEW,
              Permission.AUDIT_VIEW_PERSONAL,
              Permission.AUDIT_EXPORT,
              Permission.AUDIT_VERIFY));

  private KeyNames() {}

  /** The permissions that a scope or a permission's own name stands for; empty for no such name. */
  public static Optional<Set<Permission>> permissions(String name) {
    if (name.equals(EVENTS_READ)) {
      return Optional.of(READING);
    }
    Permission permission = Permission.named(name);
    return permission == null ? Optional.empty() : Optional.of(Set.of(permission));
  }

  /** All that these names stand for; unknown ones, of a later version, for nothing. */
  public static Set<Permission> permissions(Collection<String> names) {
    Set<Permission> all = EnumSet.noneOf(Permission.class);
    names.forEach(name -> permissions(name).ifPresent(all::addAll));
    return all;
  }

  /** The scopes that these permissions amount to, in the order shown. */
  public static List<String> scopes(Set<Permission> permissions) {
    return SCOPES.stream()
        .filter(scope -> permissions.containsAll(permissions(List.of(scope))))
        .toList();
  }

  /** The names of permissions, sorted. */
  public static Set<String> names(Collection<Permission> permissions) {
    Set<String> names = new TreeSet<>();
    permissions.forEach(permission -> names.add(permission.jsonName()));
    return names;
  }
}
