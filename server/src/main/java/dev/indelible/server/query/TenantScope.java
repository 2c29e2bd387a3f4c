package dev.indelible.server.query;

import dev.indelible.server.event.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Entries that one authenticated caller may read: the only key to a tenant's entries.
 *
 * <p>Only package {@code access} builds one, out of an authenticated key, token or session; nothing
 * else may, however much it knows about a tenant.
 *
 * @param tenant the tenant
 * @param accounts the accounts whose entries are visible, perhaps none at all; empty optional: all,
 *     entries without an account included
 * @param permissions the caller's permissions
 * @param fixed the filter that restricts every query
 */
public record TenantScope(
    TenantId tenant, Optional<Set<String>> accounts, Set<String> permissions, Filter fixed) {

  /** The name of the permission to see what is personal. */
  public static final String PERSONAL = "audit.view_personal";

  public TenantScope {
    accounts = accounts.map(Set::copyOf);
    permissions = Set.copyOf(permissions);
  }

  /** Whether what is personal may be seen. */
  public boolean seesPersonal() {
    return permissions.contains(PERSONAL);
  }

  /** Whether every entry of the tenant is within it. */
  public boolean isWhole() {
    return accounts.isEmpty() && fixed.equals(Filter.all());
  }

  /** Restricts {@code filter} to this scope. */
  public Filter restrict(Filter filter) {
    List<Filter> parts = new ArrayList<>();
    parts.add(fixed);
    accounts.ifPresent(visible -> parts.add(oneOf(visible)));
    parts.add(filter);
    return Filter.and(parts);
  }

  /** No entry has an account without a name; a list that was kept from before may name one. */
  private static Filter oneOf(Set<String> accounts) {
    List<Filter.Value> named =
        accounts.stream()
            .filter(account -> !account.isEmpty())
            .sorted()
            .map(Filter.Value::exact)
            .toList();
    return named.isEmpty() ? Filter.none() : new Filter.Term(Field.ACCOUNT, named);
  }
}
