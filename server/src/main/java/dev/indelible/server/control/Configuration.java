package dev.indelible.server.control;

import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.control.ConfigurationObject.Access;
import dev.indelible.server.control.ConfigurationObject.Account;
import dev.indelible.server.control.ConfigurationObject.ApiKey;
import dev.indelible.server.control.ConfigurationObject.Closure;
import dev.indelible.server.control.ConfigurationObject.Erasure;
import dev.indelible.server.control.ConfigurationObject.Governance;
import dev.indelible.server.control.ConfigurationObject.Guest;
import dev.indelible.server.control.ConfigurationObject.Hold;
import dev.indelible.server.control.ConfigurationObject.LogKey;
import dev.indelible.server.control.ConfigurationObject.Member;
import dev.indelible.server.control.ConfigurationObject.PermissionSet;
import dev.indelible.server.control.ConfigurationObject.ProfileChanges;
import dev.indelible.server.control.ConfigurationObject.Retention;
import dev.indelible.server.control.ConfigurationObject.Tenant;
import dev.indelible.server.event.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/**
 * The configuration in force: the fold of the control log so far. Thread-safe; the control log's
 * fold is its only writer, and each object changes atomically.
 */
public final class Configuration {

  private record Versioned<T extends ConfigurationObject>(T object, long version) {}

  private final Map<TenantId, Versioned<Tenant>> tenants = new ConcurrentHashMap<>();
  private final NavigableSet<TenantId> tenantIds = new ConcurrentSkipListSet<>();
  private final Map<String, Versioned<ApiKey>> keys = new ConcurrentHashMap<>();
  private final Map<TenantId, List<String>> keysByTenant = new ConcurrentHashMap<>();
  private final Map<String, ChangedBy> keyMakers = new ConcurrentHashMap<>();
  private final Map<TenantId, List<Versioned<LogKey>>> logKeys = new ConcurrentHashMap<>();

  private final Map<String, Versioned<Governance>> governance = new ConcurrentHashMap<>();
  private final Map<TenantId, ProfileChanges> profileChanges = new ConcurrentHashMap<>();
  private final Map<TenantId, List<String>> erasures = new ConcurrentHashMap<>();
  private final Map<TenantId, List<String>> holds = new ConcurrentHashMap<>();
  private final Map<String, List<Made>> made = new ConcurrentHashMap<>();
  private final Map<TenantId, Map<String, Versioned<Access>>> access = new ConcurrentHashMap<>();
  private final Map<String, TenantId> guestTenants = new ConcurrentHashMap<>();

  private final Map<TenantId, Map<String, Versioned<SavedView>>> views = new ConcurrentHashMap<>();

  Configuration() {}

  /** The tenant of that id, unless it is closed. */
  public Optional<Tenant> tenant(TenantId id) {
    return closure(id).isPresent() ? Optional.empty() : tenantOrClosed(id);
  }

  /** The tenant of that id, closed or not: for the program's own entries. */
  public Optional<Tenant> tenantOrClosed(TenantId id) {
    Versioned<Tenant> found = tenants.get(id);
    return found == null ? Optional.empty() : Optional.of(found.object());
  }

  /** The tenant's closure; empty while it is open. */
  public Optional<Closure> closure(TenantId tenant) {
    Versioned<Governance> found = governance.get("closure/" + tenant.value());
    return found == null ? Optional.empty() : Optional.of((Closure) found.object());
  }

  /** The tenants that are closed. */
  public List<Closure> closures() {
    return governance.values().stream()
        .map(Versioned::object)
        .filter(Closure.class::isInstance)
        .map(Closure.class::cast)
        .sorted(Comparator.comparing(Closure::id))
        .toList();
  }

  /**
   * Tenants that are not closed, at most {@code limit} in the order of their ids, after {@code
   * after} when it is given.
   */
  public List<Tenant> tenants(@Nullable TenantId after, int limit) {
    NavigableSet<TenantId> from = after == null ? tenantIds : tenantIds.tailSet(after, false);
    return from.stream().flatMap(id -> tenant(id).stream()).limit(limit).toList();
  }

  /** How many tenants there are. */
  public int tenantCount() {
    return tenants.size();
  }

  /** The key of that id. */
  public Optional<ApiKey> key(String id) {
    Versioned<ApiKey> found = keys.get(id);
    return found == null ? Optional.empty() : Optional.of(found.object());
  }

  /** Maker of the key of that id; empty when there is none. */
  public Optional<ChangedBy> keyMaker(String id) {
    return Optional.ofNullable(keyMakers.get(id));
  }

  /** The keys of a tenant, oldest first, revoked ones included. */
  public List<ApiKey> keys(TenantId tenant) {
    List<ApiKey> result = new ArrayList<>();
    for (String id : keysByTenant.getOrDefault(tenant, List.of())) {
      key(id).ifPresent(result::add);
    }
    return result;
  }

  /** The operator's keys, revoked ones included. */
  public List<ApiKey> operatorKeys() {
    return keys.values().stream()
        .map(Versioned::object)
        .filter(key -> key.tenant() == null)
        .toList();
  }

  /** The keys of a tenant's log, oldest first, retired ones included. */
  public List<LogKey> logKeys(TenantId tenant) {
    return logKeys.getOrDefault(tenant, List.of()).stream().map(Versioned::object).toList();
  }

  /** How long the tenant's entries are kept, if that was ever said. */
  public Optional<Retention> retention(TenantId tenant) {
    Versioned<Governance> found = governance.get("retention/" + tenant.value());
    return found == null ? Optional.empty() : Optional.of((Retention) found.object());
  }

  /** Changes of the tenant to its profile, if it ever made any. */
  public Optional<ProfileChanges> profileChanges(TenantId tenant) {
    return Optional.ofNullable(profileChanges.get(tenant));
  }

  /** The tenant's legal holds, oldest first, released ones included. */
  public List<Hold> holds(TenantId tenant) {
    return holds.getOrDefault(tenant, List.of()).stream()
        .map(governance::get)
        .filter(Objects::nonNull)
        .map(found -> (Hold) found.object())
        .toList();
  }

  /** The tenant's requests for erasure, oldest first. */
  public List<Erasure> erasures(TenantId tenant) {
    return erasures.getOrDefault(tenant, List.of()).stream()
        .map(governance::get)
        .filter(Objects::nonNull)
        .map(found -> (Erasure) found.object())
        .toList();
  }

  /**
   * History of a hold or a request for erasure, with who made each change, from its beginning on.
   */
  public List<Made> history(Governance governed) {
    return made.getOrDefault(GovernanceCodec.path(governed), List.of());
  }

  /** The tenant's accounts in the order of their ids, without those that were removed. */
  public List<Account> accounts(TenantId tenant) {
    return access(tenant, Account.class);
  }

  /** The tenant's own permission sets in the order of their ids, without removed ones. */
  public List<PermissionSet> permissionSets(TenantId tenant) {
    return access(tenant, PermissionSet.class);
  }

  /** The tenant's members in the order of their ids, without those that were removed. */
  public List<Member> members(TenantId tenant) {
    return access(tenant, Member.class);
  }

  /** The tenant's guests in the order of their ids, without those that were sent away. */
  public List<Guest> guests(TenantId tenant) {
    return access(tenant, Guest.class);
  }

  /** The guest of that id, whichever tenant let them in, unless they were sent away. */
  public Optional<Guest> guest(String localId) {
    TenantId tenant = guestTenants.get(localId);
    return tenant == null ? Optional.empty() : access(tenant, Guest.class, localId);
  }

  /** The tenant's object of that kind and id, unless it was removed. */
  public <T extends Access> Optional<T> access(TenantId tenant, Class<T> kind, String localId) {
    Map<String, Versioned<Access>> of = access.getOrDefault(tenant, Map.of());
    Versioned<Access> found = of.get(AccessCodec.kind(kind) + "/" + tenant.value() + "/" + localId);
    return found == null || found.object().removedAt() != null
        ? Optional.empty()
        : Optional.of(kind.cast(found.object()));
  }

  private <T extends Access> List<T> access(TenantId tenant, Class<T> kind) {
    return access.getOrDefault(tenant, Map.of()).values().stream()
        .map(Versioned::object)
        .filter(object -> kind.isInstance(object) && object.removedAt() == null)
        .map(kind::cast)
        .sorted(Comparator.comparing(Access::localId))
        .toList();
  }

  /** The views that are saved for a tenant, everybody's, in the order of their names. */
  public List<SavedView> savedViews(TenantId tenant) {
    return views.getOrDefault(tenant, Map.of()).values().stream()
        .map(Versioned::object)
        .sorted(Comparator.comparing(SavedView::name).thenComparing(SavedView::viewId))
        .toList();
  }

  /** The version of the object of that kind and id: 0 when there is none. */
  public long version(ConfigurationObject object) {
    Versioned<?> current = versioned(object);
    return current == null ? 0 : current.version();
  }

  /**
   * Puts the changed object in force; called by the fold alone. Returns what it replaced.
   *
   * @param at when the change was made
   */
  @Nullable ConfigurationObject apply(Change change, long version, Instant at) {
    ConfigurationObject object = change.object();
    if (object instanceof Governance governed
        && (governed instanceof Hold || governed instanceof Erasure)) {
      made.merge(
          GovernanceCodec.path(governed),
          List.of(new Made(change.by(), change.reason(), at, governed)),
          Configuration::concatenated);
    }
    Versioned<?> before = versioned(object);
    switch (object) {
      case Tenant tenant -> {
        Versioned<Tenant> old = tenants.put(tenant.tenant(), new Versioned<>(tenant, version));
        tenantIds.add(tenant.tenant());
        if (old != null && old.object().supportAccess() && !tenant.supportAccess()) {
          endSupport(tenant.tenant(), at);
        }
      }
      case ApiKey key -> {
        keys.put(key.id(), new Versioned<>(key, version));
        TenantId tenant = key.tenant();
        if (before == null) {
          keyMakers.put(key.id(), change.by());
        }
        if (before == null && tenant != null) {
          keysByTenant.merge(tenant, List.of(key.id()), Configuration::concatenated);
        }
      }
      case LogKey key ->
          logKeys.merge(
              key.tenant(), List.of(new Versioned<>(key, version)), Configuration::replaced);
      case SavedView view -> apply(view, version);
      case Access changed -> {
        access
            .computeIfAbsent(changed.tenant(), tenant -> new ConcurrentHashMap<>())
            .put(AccessCodec.path(changed), new Versioned<>(wanted(changed, at), version));
        if (changed instanceof Guest guest) {
          guestTenants.put(guest.localId(), guest.tenant());
        }
      }
      case Governance governed -> {
        String path = GovernanceCodec.path(governed);
        governance.put(path, new Versioned<>(governed, version));
        if (governed instanceof ProfileChanges changed) {
          profileChanges.put(changed.tenant(), changed);
        }
        if (before == null) {
          switch (governed) {
            case Hold hold ->
                holds.merge(hold.tenant(), List.of(path), Configuration::concatenated);
            case Erasure erasure ->
                erasures.merge(erasure.tenant(), List.of(path), Configuration::concatenated);
            case Retention _, Closure _, ProfileChanges _ -> {}
          }
        }
      }
    }
    return before == null ? null : before.object();
  }

  /** A grant of support that the tenant opted out of meanwhile is over before it began. */
  private Access wanted(Access changed, Instant at) {
    if (changed instanceof Guest guest
        && guest.isSupport()
        && guest.removedAt() == null
        && tenantOrClosed(guest.tenant()).filter(Tenant::supportAccess).isEmpty()) {
      return guest.removed(at);
    }
    return changed;
  }

  /**
   * Ends what support staff was granted. It follows from the tenant's opting out, in the order of
   * the control log, so that it holds after a crash and for changes of earlier builds too: opting
   * in again revives nothing.
   */
  private void endSupport(TenantId tenant, Instant at) {
    access
        .getOrDefault(tenant, Map.of())
        .replaceAll(
            (path, found) ->
                found.object() instanceof Guest guest
                        && guest.isSupport()
                        && guest.removedAt() == null
                    ? new Versioned<>(guest.removed(at), found.version())
                    : found);
  }

  /** A view that was removed is forgotten: its id never comes again. */
  private void apply(SavedView view, long version) {
    Map<String, Versioned<SavedView>> of =
        views.computeIfAbsent(view.tenant(), tenant -> new ConcurrentHashMap<>());
    if (view.removedAt() != null) {
      of.remove(view.viewId());
    } else {
      of.put(view.viewId(), new Versioned<>(view, version));
    }
  }

  private @Nullable Versioned<?> versioned(ConfigurationObject object) {
    return switch (object) {
      case Tenant tenant -> tenants.get(tenant.tenant());
      case ApiKey key -> keys.get(key.id());
      case LogKey key ->
          logKeys.getOrDefault(key.tenant(), List.of()).stream()
              .filter(known -> known.object().keyId().equals(key.keyId()))
              .findFirst()
              .orElse(null);
      case Access changed ->
          access.getOrDefault(changed.tenant(), Map.of()).get(AccessCodec.path(changed));
      case Governance governed -> governance.get(GovernanceCodec.path(governed));
      case SavedView view -> views.getOrDefault(view.tenant(), Map.of()).get(view.viewId());
    };
  }

  /** The keys with one more, in the place of the one of its id if there is one. */
  private static List<Versioned<LogKey>> replaced(
      List<Versioned<LogKey>> known, List<Versioned<LogKey>> changed) {
    Versioned<LogKey> key = changed.getFirst();
    List<Versioned<LogKey>> result = new ArrayList<>(known);
    result.removeIf(other -> other.object().keyId().equals(key.object().keyId()));
    result.add(key);
    result.sort(Comparator.comparing(other -> other.object().createdAt()));
    return List.copyOf(result);
  }

  private static <T> List<T> concatenated(List<T> first, List<T> second) {
    List<T> result = new ArrayList<>(first);
    result.addAll(second);
    return List.copyOf(result);
  }
}
