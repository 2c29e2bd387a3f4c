package dev.indelible.server.control;

import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.control.ConfigurationObject.Access;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The configuration in force: the fold of the control log so far. Thread-safe; the control log's
 * fold is its only writer, and each object changes atomically. Of objects that are changed together
 * a reader may see one as it is and another as it was, for a moment: all of them are decided then.
 */
public final class Configuration {

  private final Map<Class<?>, ObjectTable> tables =
      ConfigurationObject.kinds().stream()
          .collect(
              Collectors.toUnmodifiableMap(
                  Kind::type, kind -> new ObjectTable(kind.isOnePerTenant())));

  private final NavigableSet<TenantId> tenantIds = new ConcurrentSkipListSet<>();
  private final Map<String, ChangedBy> keyMakers = new ConcurrentHashMap<>();
  private final Map<String, TenantId> guestTenants = new ConcurrentHashMap<>();
  private final Map<String, List<Made>> made = new ConcurrentHashMap<>(); // by path

  Configuration() {}

  // ---- Of any kind.

  /** The object of that kind and id. */
  public <T extends ConfigurationObject> Optional<T> get(Class<T> type, String id) {
    return Optional.ofNullable(table(type).get(id)).map(type::cast);
  }

  /** A tenant's objects of that kind, oldest first. */
  public <T extends ConfigurationObject> List<T> all(Class<T> type, TenantId tenant) {
    return stream(type, tenant).toList();
  }

  private <T extends ConfigurationObject> Stream<T> stream(
      Class<T> type, @Nullable TenantId tenant) {
    return table(type).of(tenant).map(type::cast);
  }

  private ObjectTable table(Class<?> type) {
    return Objects.requireNonNull(tables.get(type), type::getName);
  }

  /** The version of the object of that kind and id: 0 when there is none. */
  public long version(ConfigurationObject object) {
    return table(object.getClass()).version(object.id());
  }

  /** All changes of a hold or of a request for erasure, from its beginning on. */
  public List<Made> history(ConfigurationObject object) {
    return made.getOrDefault(object.path(), List.of());
  }

  // ---- Tenants.

  /** The tenant of that id, unless it is closed. */
  public Optional<Tenant> tenant(TenantId id) {
    return closure(id).isPresent() ? Optional.empty() : tenantOrClosed(id);
  }

  /** The tenant of that id, closed or not: for the program's own entries. */
  public Optional<Tenant> tenantOrClosed(TenantId id) {
    return get(Tenant.class, id.value());
  }

  /** The tenant's closure; empty while it is open. */
  public Optional<Closure> closure(TenantId tenant) {
    return get(Closure.class, tenant.value());
  }

  /** The tenants that are closed. */
  public List<Closure> closures() {
    return table(Closure.class)
        .all()
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

  /** The number of tenants. */
  public int tenantCount() {
    return table(Tenant.class).size();
  }

  // ---- Keys.

  /** The key of that id. */
  public Optional<ApiKey> key(String id) {
    return get(ApiKey.class, id);
  }

  /** Maker of the key of that id; empty when there is none. */
  public Optional<ChangedBy> keyMaker(String id) {
    return Optional.ofNullable(keyMakers.get(id));
  }

  /** The keys of a tenant, oldest first, revoked ones included. */
  public List<ApiKey> keys(TenantId tenant) {
    return all(ApiKey.class, tenant);
  }

  /** The operator's keys, oldest first, revoked ones included. */
  public List<ApiKey> operatorKeys() {
    return stream(ApiKey.class, null).toList();
  }

  /** The keys of a tenant's log, oldest first, retired ones included. */
  public List<LogKey> logKeys(TenantId tenant) {
    return sorted(LogKey.class, tenant, Comparator.comparing(LogKey::createdAt));
  }

  private <T extends ConfigurationObject> List<T> sorted(
      Class<T> type, TenantId tenant, Comparator<T> order) {
    return stream(type, tenant).sorted(order).toList();
  }

  // ---- What governs entries.

  /** The tenant's retention, if it was ever set. */
  public Optional<Retention> retention(TenantId tenant) {
    return get(Retention.class, tenant.value());
  }

  /** Changes of the tenant to its profile, if it ever made any. */
  public Optional<ProfileChanges> profileChanges(TenantId tenant) {
    return get(ProfileChanges.class, tenant.value());
  }

  /** The tenant's legal holds, oldest first, released ones included. */
  public List<Hold> holds(TenantId tenant) {
    return all(Hold.class, tenant);
  }

  /** The tenant's requests for erasure, oldest first. */
  public List<Erasure> erasures(TenantId tenant) {
    return all(Erasure.class, tenant);
  }

  // ---- Who may see what.

  /** The tenant's accounts in the order of their ids, without those that were removed. */
  public List<Account> accounts(TenantId tenant) {
    return present(Account.class, tenant);
  }

  /** The tenant's own permission sets in the order of their ids, without removed ones. */
  public List<PermissionSet> permissionSets(TenantId tenant) {
    return present(PermissionSet.class, tenant);
  }

  /** The tenant's members in the order of their ids, without those that were removed. */
  public List<Member> members(TenantId tenant) {
    return present(Member.class, tenant);
  }

  /** The tenant's guests in the order of their ids, without those that were sent away. */
  public List<Guest> guests(TenantId tenant) {
    return present(Guest.class, tenant);
  }

  /** The guest of that id, whichever tenant let them in, unless they were sent away. */
  public Optional<Guest> guest(String localId) {
    TenantId tenant = guestTenants.get(localId);
    return tenant == null ? Optional.empty() : access(tenant, Guest.class, localId);
  }

  /** The tenant's object of that kind and id, unless it was removed. */
  public <T extends Access> Optional<T> access(TenantId tenant, Class<T> type, String localId) {
    return get(type, tenant.value() + "/" + localId).filter(found -> found.removedAt() == null);
  }

  private <T extends Access> List<T> present(Class<T> type, TenantId tenant) {
    return stream(type, tenant)
        .filter(object -> object.removedAt() == null)
        .sorted(Comparator.comparing(Access::localId))
        .toList();
  }

  /** The views that are saved for a tenant, everybody's, in the order of their names. */
  public List<SavedView> savedViews(TenantId tenant) {
    return sorted(
        SavedView.class,
        tenant,
        Comparator.comparing(SavedView::name).thenComparing(SavedView::viewId));
  }

  /** The tenant's schedules of exports, oldest first. */
  public List<ExportSchedule> schedules(TenantId tenant) {
    return all(ExportSchedule.class, tenant);
  }

  /** The schedules of all tenants that are not closed, in no order. */
  public List<ExportSchedule> schedules() {
    return table(ExportSchedule.class)
        .all()
        .map(ExportSchedule.class::cast)
        .filter(schedule -> closure(schedule.tenant()).isEmpty())
        .toList();
  }

  /** The tenant's streams, oldest first. */
  public List<EventStream> eventStreams(TenantId tenant) {
    return all(EventStream.class, tenant);
  }

  /** The streams of all tenants that are not closed, in no order. */
  public List<EventStream> eventStreams() {
    return table(EventStream.class)
        .all()
        .map(EventStream.class::cast)
        .filter(stream -> closure(stream.tenant()).isEmpty())
        .toList();
  }

  /** The tenant's reviews, oldest first. */
  public List<ReviewProcess> reviews(TenantId tenant) {
    return all(ReviewProcess.class, tenant);
  }

  /** The reviews of all tenants that are not closed, in no order. */
  public List<ReviewProcess> reviews() {
    return table(ReviewProcess.class)
        .all()
        .map(ReviewProcess.class::cast)
        .filter(review -> closure(review.tenant()).isEmpty())
        .toList();
  }

  // ---- The fold.

  /**
   * Puts the changed object in force; called by the fold alone. Returns what it replaced.
   *
   * @param at when the change was made
   */
  @Nullable ConfigurationObject apply(Change change, long version, Instant at) {
    ConfigurationObject object = change.object();
    if (object.kind().keepsHistory()) {
      made.merge(
          object.path(),
          List.of(new Made(change.by(), change.reason(), at, object)),
          Configuration::concatenated);
    }
    ObjectTable table = table(object.getClass());
    if (isGone(object)) {
      return table.forget(object); // its id never comes again
    }
    ConfigurationObject before = table.put(wanted(object, at), version);
    if (object instanceof Tenant tenant) {
      tenantIds.add(tenant.tenant());
      if (before instanceof Tenant old && old.supportAccess() && !tenant.supportAccess()) {
        endSupport(tenant.tenant(), at);
      }
    } else if (object instanceof ApiKey key && before == null) {
      keyMakers.put(key.id(), change.by());
    } else if (object instanceof Guest guest) {
      guestTenants.put(guest.localId(), guest.tenant());
    }
    return before;
  }

  private static boolean isGone(ConfigurationObject object) {
    return switch (object) {
      case SavedView view -> view.removedAt() != null;
      case ExportSchedule schedule -> schedule.removedAt() != null;
      case EventStream stream -> stream.removedAt() != null;
      case ReviewProcess review -> review.removedAt() != null;
      default -> false;
    };
  }

  /** A grant of support that the tenant opted out of meanwhile is over before it began. */
  private ConfigurationObject wanted(ConfigurationObject changed, Instant at) {
    return changed instanceof Guest guest
            && tenantOrClosed(guest.tenant()).filter(Tenant::supportAccess).isEmpty()
        ? ended(guest, at)
        : changed;
  }

  /**
   * Ends what support staff was granted. It follows from the tenant's opting out, in the order of
   * the control log, so that it holds after a crash and for changes of earlier builds too: opting
   * in again revives nothing.
   */
  private void endSupport(TenantId tenant, Instant at) {
    table(Guest.class)
        .replaceAll(tenant, object -> object instanceof Guest guest ? ended(guest, at) : object);
  }

  private static Guest ended(Guest guest, Instant at) {
    return guest.isSupport() && guest.removedAt() == null ? guest.removed(at) : guest;
  }

  private static <T> List<T> concatenated(List<T> first, List<T> second) {
    List<T> result = new ArrayList<>(first);
    result.addAll(second);
    return List.copyOf(result);
  }
}
