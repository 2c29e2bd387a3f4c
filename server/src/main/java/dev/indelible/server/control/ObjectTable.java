package dev.indelible.server.control;

import dev.indelible.server.event.TenantId;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one kind that are in force, by id and by tenant. The control log's fold is the
 * only writer; readers need no lock, and see each object as it was or as it is.
 */
final class ObjectTable {

  /** An object in force, and how often it was changed. */
  private record Versioned(ConfigurationObject object, long version) {}

  /** The place of one object, which it keeps through all its changes. */
  private static final class Slot {
    private volatile Versioned current; // the fold's to write

    Slot(Versioned first) {
      current = first;
    }
  }

  private final boolean onePerTenant;
  private final Map<String, Slot> byId = new ConcurrentHashMap<>();
  private final Map<TenantId, Queue<Slot>> byTenant = new ConcurrentHashMap<>();
  private final Queue<Slot> ofInstallation = new ConcurrentLinkedQueue<>();

  /**
   * An empty table.
   *
   * @param onePerTenant whether a tenant has at most one, whose id is the tenant's; no list is kept
   *     for each tenant then
   */
  ObjectTable(boolean onePerTenant) {
    this.onePerTenant = onePerTenant;
  }

  /** The object of that id, or null. */
  @Nullable ConfigurationObject get(String id) {
    Slot slot = byId.get(id);
    return slot == null ? null : slot.current.object;
  }

  /** The number of changes that made the object of that id what it is; 0 when there is none. */
  long version(String id) {
    Slot slot = byId.get(id);
    return slot == null ? 0 : slot.current.version;
  }

  int size() {
    return byId.size();
  }

  /** All objects, in no order. */
  Stream<ConfigurationObject> all() {
    return objects(byId.values().stream());
  }

  /** The objects of a tenant, or of the installation when it is null; oldest first. */
  Stream<ConfigurationObject> of(@Nullable TenantId tenant) {
    if (onePerTenant) {
      return tenant == null ? Stream.empty() : Stream.ofNullable(get(tenant.value()));
    }
    Queue<Slot> slots = tenant == null ? ofInstallation : byTenant.get(tenant);
    return slots == null ? Stream.empty() : objects(slots.stream());
  }

  private static Stream<ConfigurationObject> objects(Stream<Slot> slots) {
    return slots.map(slot -> slot.current.object);
  }

  /** Puts an object in force; returns the one that it replaces. */
  @Nullable ConfigurationObject put(ConfigurationObject object, long version) {
    Versioned now = new Versioned(object, version);
    Slot known = byId.get(object.id());
    if (known != null) {
      ConfigurationObject before = known.current.object;
      known.current = now;
      return before;
    }
    Slot slot = new Slot(now);
    byId.put(object.id(), slot);
    if (!onePerTenant) {
      slots(object.tenant()).add(slot);
    }
    return null;
  }

  /** Forgets an object, so that one of its id would be new; returns it as it was. */
  @Nullable ConfigurationObject forget(ConfigurationObject object) {
    Slot slot = byId.remove(object.id());
    if (slot == null) {
      return null;
    }
    slots(object.tenant()).remove(slot);
    return slot.current.object;
  }

  /** Changes objects of a tenant without a change of their versions. */
  void replaceAll(TenantId tenant, UnaryOperator<ConfigurationObject> change) {
    for (Slot slot : byTenant.getOrDefault(tenant, new ConcurrentLinkedQueue<>())) {
      slot.current = new Versioned(change.apply(slot.current.object), slot.current.version);
    }
  }

  private Queue<Slot> slots(@Nullable TenantId tenant) {
    return tenant == null
        ? ofInstallation
        : byTenant.computeIfAbsent(tenant, _ -> new ConcurrentLinkedQueue<>());
  }
}
