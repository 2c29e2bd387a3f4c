package dev.indelible.server.access;

import dev.indelible.server.profile.Permission;
import dev.indelible.server.query.Filter;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Permissions of a caller in one tenant, each for the whole tenant or for some accounts, and a
 * filter that nothing it reads escapes. Immutable.
 *
 * @param reaches for each permission held the accounts it is held for; an empty optional is the
 *     whole tenant
 * @param fixed the filter of everything that is read
 */
public record Grant(Map<Permission, Optional<Set<String>>> reaches, Filter fixed) {

  /** Grant of nothing at all. */
  static final Grant NOTHING = new Grant(Map.of(), Filter.all());

  public Grant {
    reaches = Map.copyOf(reaches);
  }

  /** Creates a grant of these permissions for the whole tenant. */
  static Grant of(Collection<Permission> permissions) {
    return new Grant(
        permissions.stream()
            .distinct()
            .collect(Collectors.toMap(Function.identity(), p -> Optional.<Set<String>>empty())),
        Filter.all());
  }

  /** Creates a grant for the whole tenant, to compare with another grant. */
  public static Grant ofTenant(Collection<Permission> permissions) {
    return of(permissions);
  }

  /** Grant of everything. */
  static Grant everything() {
    return of(Arrays.asList(Permission.values()));
  }

  /** This and another one: a permission that both have reaches as far as both together. */
  Grant and(Grant other) {
    Map<Permission, Optional<Set<String>>> all = new EnumMap<>(Permission.class);
    all.putAll(reaches);
    other.reaches.forEach((permission, accounts) -> all.merge(permission, accounts, Grant::union));
    return new Grant(all, Filter.and(java.util.List.of(fixed, other.fixed)));
  }

  private static Optional<Set<String>> union(Optional<Set<String>> a, Optional<Set<String>> b) {
    if (a.isEmpty() || b.isEmpty()) {
      return Optional.empty();
    }
    Set<String> both = new HashSet<>(a.get());
    both.addAll(b.get());
    return Optional.of(Set.copyOf(both));
  }

  /**
   * Limits the grant to some accounts; permissions that cannot be held for an account are dropped.
   *
   * @param accounts the accounts; empty optional: no change
   */
  Grant within(Optional<Set<String>> accounts) {
    if (accounts.isEmpty()) {
      return this;
    }
    Map<Permission, Optional<Set<String>>> narrowed = new EnumMap<>(Permission.class);
    reaches.forEach(
        (permission, held) -> {
          if (permission.isPerAccount()) {
            Set<String> both = new HashSet<>(accounts.get());
            held.ifPresent(both::retainAll);
            narrowed.put(permission, Optional.of(Set.copyOf(both)));
          }
        });
    return new Grant(narrowed, fixed);
  }

  /** Limits the grant to these permissions. */
  Grant only(Set<Permission> permissions) {
    Map<Permission, Optional<Set<String>>> fewer = new EnumMap<>(Permission.class);
    fewer.putAll(reaches);
    fewer.keySet().retainAll(permissions);
    return new Grant(fewer, fixed);
  }

  /** Limits the grant to the entries that a filter finds. */
  Grant filtered(Filter filter) {
    return new Grant(reaches, Filter.and(java.util.List.of(fixed, filter)));
  }

  /** Whether a permission is held, perhaps for some accounts alone. */
  public boolean allows(Permission permission) {
    return reaches.containsKey(permission);
  }

  /** Whether a permission is held for everything in the tenant. */
  public boolean allowsWhole(Permission permission) {
    return reaches(permission, Optional.empty()) && fixed.equals(Filter.all());
  }

  /** The permissions held, in the order of their declaration. */
  public Set<Permission> permissions() {
    Set<Permission> held = EnumSet.noneOf(Permission.class);
    held.addAll(reaches.keySet());
    return held;
  }

  /** Accounts for which a permission is held; empty optional: all. */
  Optional<Set<String>> accounts(Permission permission) {
    return reaches.getOrDefault(permission, Optional.of(Set.of()));
  }

  /** The accounts that anything of it is for; empty optional when something is for all. */
  public Optional<Set<String>> accounts() {
    return reaches.values().stream().reduce(Grant::union).orElse(Optional.of(Set.of()));
  }

  /**
   * Whether everything that another grant allows is allowed here too: nobody gives away what they
   * do not have.
   */
  public boolean covers(Grant other) {
    return fixed.equals(Filter.all())
        && other.reaches.entrySet().stream()
            .allMatch(entry -> reaches(entry.getKey(), entry.getValue()));
  }

  /** Whether a permission is held for all of these accounts. */
  boolean reaches(Permission permission, Optional<Set<String>> accounts) {
    Optional<Set<String>> held = reaches.get(permission);
    return held != null
        && (held.isEmpty()
            || accounts.filter(wanted -> held.get().containsAll(wanted)).isPresent());
  }
}
