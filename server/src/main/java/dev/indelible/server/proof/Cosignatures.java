package dev.indelible.server.proof;

import dev.indelible.server.event.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Witnesses' statements about every log's checkpoints, as far as they are still of use.
 *
 * <p>A log that is busy has a new checkpoint every second, and witnesses that take longer for one
 * would each cosign others. So each log has a <em>candidate</em>: a checkpoint that stays the same
 * until the quorum has cosigned it. Every witness is shown the candidate first, and the newest
 * checkpoint once it has cosigned that.
 *
 * <p>Any thread reads; changes are made one at a time.
 */
final class Cosignatures {

  /** The most witnesses of one checkpoint. */
  static final int MAX_LINES = 16;

  /** The most checkpoints of a log of which cosignatures are kept. */
  static final int MAX_KEPT = 4;

  /**
   * A checkpoint and what witnesses said of it.
   *
   * @param linesByKey signature lines, by the names of the keys
   * @param atNanos when the last of them came, by {@link System#nanoTime}
   */
  record Cosigned(Head head, Map<String, String> linesByKey, long atNanos) {

    Cosigned {
      linesByKey = Map.copyOf(linesByKey);
    }

    /** The signature lines, in a fixed order. */
    List<String> lines() {
      return linesByKey.values().stream().sorted().toList();
    }
  }

  private final WitnessQuorum quorum;
  private final Map<TenantId, List<Cosigned>> kept = new ConcurrentHashMap<>(); // ascending
  private final Map<TenantId, Head> candidates = new ConcurrentHashMap<>();

  Cosignatures(WitnessQuorum quorum) {
    this.quorum = quorum;
  }

  /** Witnesses whose cosignatures count, and how many are needed. */
  WitnessQuorum quorum() {
    return quorum;
  }

  /** Takes a witness's line on the tenant's checkpoint with that head. */
  void add(TenantId tenant, Head head, String line) {
    kept.compute(tenant, (_, known) -> with(tenant, known == null ? List.of() : known, head, line));
    synchronized (this) {
      notifyAll();
    }
  }

  private List<Cosigned> with(TenantId tenant, List<Cosigned> known, Head head, String line) {
    Map<String, String> lines = new LinkedHashMap<>();
    List<Cosigned> all = new ArrayList<>();
    for (Cosigned cosigned : known) {
      if (cosigned.head().equals(head)) {
        lines.putAll(cosigned.linesByKey());
      } else {
        all.add(cosigned);
      }
    }
    if (lines.size() < MAX_LINES || lines.containsKey(keyOf(line))) {
      lines.put(keyOf(line), line);
    }
    all.add(new Cosigned(head, lines, System.nanoTime()));
    all.sort(Comparator.comparingLong(cosigned -> cosigned.head().size()));
    Set<Head> ofUse = new HashSet<>();
    ofUse.add(head);
    ofUse.add(all.getLast().head());
    newestReached(all).ifPresent(reached -> ofUse.add(reached.head()));
    Head candidate = candidates.get(tenant);
    if (candidate != null) {
      ofUse.add(candidate);
    }
    return all.stream().filter(cosigned -> ofUse.contains(cosigned.head())).toList();
  }

  private Optional<Cosigned> newestReached(List<Cosigned> ascending) {
    return ascending.reversed().stream()
        .filter(cosigned -> quorum.isReachedBy(cosigned.linesByKey().values()))
        .findFirst();
  }

  /** The name of the key that signed: what is between the first two spaces of its line. */
  private static String keyOf(String line) {
    String[] words = line.split(" ", 3);
    return words.length < 2 ? line : words[1];
  }

  /** Cosigned checkpoints that are kept of a log, ascending by size. */
  List<Cosigned> of(TenantId tenant) {
    return kept.getOrDefault(tenant, List.of());
  }

  /** The tenants of whose logs anything is kept. */
  Iterable<TenantId> tenants() {
    return kept.keySet();
  }

  /** The signature lines under the checkpoint with that head. */
  List<String> lines(TenantId tenant, Head head) {
    return of(tenant).stream()
        .filter(cosigned -> cosigned.head().equals(head))
        .flatMap(cosigned -> cosigned.lines().stream())
        .toList();
  }

  /** The newest checkpoint that the quorum has cosigned. */
  Optional<Cosigned> reached(TenantId tenant) {
    return newestReached(of(tenant));
  }

  /**
   * The checkpoint that all witnesses are to cosign: the one that it was, until the quorum has,
   * then the newest one.
   */
  Head candidate(TenantId tenant, Head newest) {
    return candidates.compute(
        tenant,
        (_, known) ->
            known == null
                    || quorum.isNone()
                    || reached(tenant).filter(r -> r.head().size() >= known.size()).isPresent()
                ? newest
                : known);
  }

  /** Waits until the quorum has cosigned a checkpoint of at least that size, or time is up. */
  synchronized void awaitReached(TenantId tenant, long size, Duration timeout)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (reached(tenant).filter(reached -> reached.head().size() >= size).isEmpty()) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return;
      }
      wait(left);
    }
  }
}
