package dev.indelible.server.proof;

import dev.indelible.ports.journal.Journal;
import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.KeyedJournal;
import dev.indelible.server.proof.Cosignatures.Cosigned;
import dev.indelible.server.proof.HeadCodec.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest head of every log, each durable before anybody is shown it, and what witnesses said of
 * it and of older ones.
 *
 * <p>A fold of the heads journal, held in memory. The journal is compacted when it has grown
 * ({@link KeyedJournal}).
 *
 * <p>Any thread reads; changes are made one at a time.
 */
final class Heads {

  /** Limits of the journal's compaction, and of the heads made durable in one batch. */
  static final KeyedJournal.Bounds BOUNDS = new KeyedJournal.Bounds(8L << 20, 4, 10_000);

  private static final int BYTES_PER_HEAD = 128; // an upper bound
  private static final Logger LOG = LoggerFactory.getLogger(Heads.class);

  private final KeyedJournal<Entry> journal; // guarded by this
  private final Map<TenantId, Head> heads = new ConcurrentHashMap<>();
  private final Cosignatures cosignatures;
  private Entry.@Nullable Published before; // the head folded last; guarded by this

  private Heads(Journal journal, WitnessQuorum quorum, KeyedJournal.Bounds bounds)
      throws IOException, InterruptedException {
    this.cosignatures = new Cosignatures(quorum);
    this.journal = KeyedJournal.open(journal, HeadCodec.FORM, bounds, this::fold);
  }

  /** Folds the journal, which it does not close. */
  static Heads open(Journal journal, WitnessQuorum quorum)
      throws IOException, InterruptedException {
    return open(journal, quorum, BOUNDS);
  }

  static Heads open(Journal journal, WitnessQuorum quorum, KeyedJournal.Bounds bounds)
      throws IOException, InterruptedException {
    return new Heads(journal, quorum, bounds);
  }

  private synchronized void fold(Entry entry) {
    switch (entry) {
      case Entry.Published published -> {
        before = published;
        heads.merge(
            published.tenant(),
            published.head(),
            (known, next) -> next.size() >= known.size() ? next : known);
      }
      case Entry.Cosigned(TenantId tenant, long size, String line) ->
          of(tenant, size).ifPresent(head -> cosignatures.add(tenant, head, line));
    }
  }

  /** The head that a cosignature speaks of: the one that is before it, or the newest one. */
  private Optional<Head> of(TenantId tenant, long size) {
    Entry.Published last = before;
    return (last != null && last.tenant().equals(tenant) && last.head().size() == size)
        ? Optional.of(last.head())
        : get(tenant).filter(head -> head.size() == size);
  }

  /** The tenant's newest head, if it ever had one. */
  Optional<Head> get(TenantId tenant) {
    return Optional.ofNullable(heads.get(tenant));
  }

  /** Every tenant that has a head. */
  Set<TenantId> tenants() {
    return heads.keySet();
  }

  /** Cosignatures of checkpoints. */
  Cosignatures cosignatures() {
    return cosignatures;
  }

  /** The checkpoint that all witnesses are to cosign, if there is one at all. */
  Optional<Head> candidate(TenantId tenant) {
    return get(tenant).map(newest -> cosignatures.candidate(tenant, newest));
  }

  /**
   * Makes heads durable, then shows them.
   *
   * @throws IllegalStateException when one is smaller than what is known, or another of the same
   *     size
   * @throws JournalUnavailableException when they cannot be made durable; none is shown then
   */
  synchronized void publish(Map<TenantId, Head> next) {
    List<Entry> entries = new ArrayList<>(next.size());
    next.forEach(
        (tenant, head) -> {
          Head known = heads.get(tenant);
          if (known != null && (head.size() <= known.size()) && !head.equals(known)) {
            throw new IllegalStateException(tenant + ": " + head + " after " + known);
          }
          entries.add(new Entry.Published(tenant, head));
        });
    append(entries);
  }

  /**
   * Makes a witness's statement on a head that was published durable, then shows it.
   *
   * <p>When there is a newer head, all that is known of this one goes with it: a start knows no
   * candidate, and keeps of an older head only what comes in one piece.
   */
  synchronized void cosigned(TenantId tenant, Head head, String line) {
    List<Entry> entries = new ArrayList<>();
    if (!get(tenant).equals(Optional.of(head))) {
      entries.add(new Entry.Published(tenant, head));
      for (String known : cosignatures.lines(tenant, head)) {
        entries.add(new Entry.Cosigned(tenant, head.size(), known));
      }
    }
    entries.add(new Entry.Cosigned(tenant, head.size(), line));
    append(entries);
  }

  private void append(List<Entry> entries) {
    KeyedJournal.await(journal.append(entries));
    entries.forEach(this::fold);
    if (journal.hasGrown((long) BYTES_PER_HEAD * heads.size())) {
      try {
        journal.compact(state());
      } catch (IOException | JournalUnavailableException e) {
        // The heads are durable: what could not be forgotten is when the journal has grown again.
        LOG.warn("the journal of heads could not be cut; trying again later", e);
      }
    }
  }

  private List<Entry> state() {
    List<Entry> all = new ArrayList<>();
    heads.forEach((tenant, head) -> all.add(new Entry.Published(tenant, head)));
    for (TenantId tenant : cosignatures.tenants()) {
      for (Cosigned signed : cosignatures.of(tenant)) {
        all.add(new Entry.Published(tenant, signed.head()));
        for (String line : signed.lines()) {
          all.add(new Entry.Cosigned(tenant, signed.head().size(), line));
        }
      }
    }
    return all;
  }
}
