package dev.indelible.server.audit;

import dev.indelible.server.event.TenantId;
import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.Hash;
import dev.indelible.verify.VerifierKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Earlier states of the trees of a data directory: those that the server made durable before it
 * signed them, and those that the reader kept.
 */
final class LogHistory {

  /** The most roots that are kept of one log; older ones give way. */
  static final int MAX_ROOTS = 1_000;

  /** A root that was published. */
  record Published(long size, Hash root) {}

  private final Map<TenantId, List<Published>> published = new HashMap<>();
  private final Map<String, TenantId> tenantsByOrigin = new HashMap<>();
  private final Map<String, List<VerifierKey>> keysByOrigin = new HashMap<>();

  void publish(TenantId tenant, long size, Hash root) {
    List<Published> roots = published.computeIfAbsent(tenant, _ -> new ArrayList<>());
    if (roots.size() == MAX_ROOTS) {
      roots.removeFirst();
    }
    roots.add(new Published(size, root));
  }

  void name(String origin, TenantId tenant, VerifierKey key) {
    tenantsByOrigin.put(origin, tenant);
    keysByOrigin.computeIfAbsent(origin, _ -> new ArrayList<>()).add(key);
  }

  /** The keys that the control log says the log of that origin is or was signed with. */
  List<VerifierKey> keys(String origin) {
    return keysByOrigin.getOrDefault(origin, List.of());
  }

  /** The keys that the control log says a tenant's log is or was signed with, oldest first. */
  List<VerifierKey> keysOf(TenantId tenant) {
    List<VerifierKey> all = new ArrayList<>();
    tenantsByOrigin.forEach(
        (origin, owner) -> {
          if (owner.equals(tenant)) {
            all.addAll(keys(origin));
          }
        });
    return all;
  }

  /** Published states of a tenant's log. */
  List<Published> of(TenantId tenant) {
    return published.getOrDefault(tenant, List.of());
  }

  /** The tenants of which something was published. */
  Iterable<TenantId> tenants() {
    return published.keySet();
  }

  /** Whether the checkpoint is one of that tenant's log. */
  boolean isOf(Checkpoint checkpoint, TenantId tenant) {
    return tenant.equals(tenantsByOrigin.get(checkpoint.origin()));
  }
}
