package dev.indelible.server.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/**
 * The bodies that are waited for, bounded in number, for each holder and for all.
 *
 * <p>Whoever comes when a holder has its most takes the place of the one of them that has waited
 * longest: so that bodies which never come make room for those that do. Thread-safe.
 */
final class WaitingBodies {

  /** One body that is waited for. */
  interface Waiter {
    /** Told that another has its place; quick. */
    void evict();
  }

  /** Holder of waiters: an address, a key or a tenant, and the most that it may have. */
  record Holder(String name, int most) {}

  private final int all;

  // Guarded by this.
  private final Map<Waiter, List<Holder>> places = new HashMap<>();
  private final Map<String, LinkedHashSet<Waiter>> byHolder = new HashMap<>();
  private long evicted;

  WaitingBodies(int all) {
    this.all = all;
  }

  /** Takes a place for {@code waiter}, which counts for each of {@code holders}. */
  void enter(Waiter waiter, List<Holder> holders) {
    List<Waiter> evictions = new ArrayList<>();
    synchronized (this) {
      places.put(waiter, holders);
      for (Holder holder : holders) {
        SequencedSet<Waiter> waiters =
            byHolder.computeIfAbsent(holder.name(), _ -> new LinkedHashSet<>());
        waiters.add(waiter);
        if (waiters.size() > holder.most()) {
          evictions.add(waiters.getFirst());
          remove(waiters.getFirst());
        }
      }
      if (places.size() > all) {
        Waiter longest = largest().getFirst();
        evictions.add(longest);
        remove(longest);
      }
      evicted += evictions.size();
    }
    evictions.forEach(Waiter::evict);
  }

  private SequencedSet<Waiter> largest() {
    return byHolder.values().stream()
        .max(Comparator.comparingInt(LinkedHashSet::size))
        .orElseThrow();
  }

  /** Gives the place of {@code waiter} back, if it has one. */
  synchronized void leave(Waiter waiter) {
    remove(waiter);
  }

  private void remove(Waiter waiter) {
    List<Holder> holders = places.remove(waiter);
    if (holders == null) {
      return;
    }
    for (Holder holder : holders) {
      LinkedHashSet<Waiter> waiters = byHolder.get(holder.name());
      if (waiters != null && waiters.remove(waiter) && waiters.isEmpty()) {
        byHolder.remove(holder.name());
      }
    }
  }

  /** Bodies that are waited for. */
  synchronized int size() {
    return places.size();
  }

  /** Bodies whose place was given to another. */
  synchronized long evicted() {
    return evicted;
  }
}
