package dev.indelible.server.follow;

import dev.indelible.ports.journal.Position;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.log.FreshEntry;
import dev.indelible.server.log.LogFollower;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Tenants whose logs have grown since their last checkpoint, each once, in the order in which they
 * began to. The sequencer adds, the publisher takes. Thread-safe; bounded by the number of tenants.
 */
public final class PendingTenants implements LogFollower {

  private final Map<TenantId, Long> sinceNanos = new ConcurrentHashMap<>();
  private final Queue<TenantId> queue = new ConcurrentLinkedQueue<>();

  @Override
  public void sequenced(List<FreshEntry> entries, Position through) {
    TenantId last = null;
    for (FreshEntry entry : entries) {
      TenantId tenant = entry.tenant();
      if (!tenant.equals(last)) {
        add(tenant);
        last = tenant;
      }
    }
  }

  /** Queues the tenant, if it does not wait already. */
  public void add(TenantId tenant) {
    // Asking first takes no lock, and mostly the tenant is there.
    if (!sinceNanos.containsKey(tenant)
        && sinceNanos.putIfAbsent(tenant, System.nanoTime()) == null) {
      queue.add(tenant);
    }
  }

  /** The tenant that has waited longest and was not taken yet, or null; it counts as waiting. */
  public @Nullable TenantId poll() {
    return queue.poll();
  }

  /** Ends a taken tenant's waiting: growth from now on makes it wait again. */
  public void settled(TenantId tenant) {
    sinceNanos.remove(tenant);
  }

  /** How many tenants wait. */
  public int size() {
    return sinceNanos.size();
  }

  /** How long the one that waits longest has waited, in nanoseconds; 0 when none does. */
  public long oldestNanos() {
    long now = System.nanoTime();
    long oldest = 0;
    for (long since : sinceNanos.values()) {
      oldest = Math.max(oldest, now - since);
    }
    return oldest;
  }

  @Override
  public void awaitDurable(Position through) {
    // Nothing of this is durable: the log itself tells what has grown.
  }
}
