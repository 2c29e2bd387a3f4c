package dev.indelible.server.proof;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.Journal;
import dev.indelible.server.journal.JournalUnavailableException;
import dev.indelible.server.journal.Position;
import dev.indelible.server.proof.Cosignatures.Cosigned;
import dev.indelible.server.proof.HeadCodec.Entry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest head of every log, each durable before anybody is shown it, and what witnesses said of
 * it and of older ones.
 *
 * <p>A fold of the heads journal, held in memory. When the journal has grown beyond what a snapshot
 * would take several times over, a snapshot is appended (the same heads once more) and what is
 * before it forgotten; a crash in between leaves both, which say the same.
 *
 * <p>Any thread reads; changes are made one at a time.
 */
final class Heads {

  /** Heads that are made durable in one batch. */
  static final int MAX_BATCH = 10_000;

  /** A journal shorter than this is not worth a snapshot, in bytes. */
  static final long MIN_SNAPSHOT_AFTER_BYTES = 8L << 20;

  /** How often a snapshot's bytes are written again before there is another. */
  static final int SNAPSHOT_FACTOR = 4;

  private static final int BYTES_PER_HEAD = 128; // an upper bound
  private static final Logger LOG = LoggerFactory.getLogger(Heads.class);

  private final Journal journal;
  private final Map<TenantId, Head> heads = new ConcurrentHashMap<>();
  private final Cosignatures cosignatures;
  private final long minSnapshotAfterBytes;
  private long journalBytes; // guarded by this
  private long snapshotBytes; // of the last one since the start; guarded by this
  private Entry.@Nullable Published before; // the head folded last; guarded by this

  private Heads(Journal journal, WitnessQuorum quorum, long minSnapshotAfterBytes) {
    this.journal = journal;
    this.cosignatures = new Cosignatures(quorum);
    this.minSnapshotAfterBytes = minSnapshotAfterBytes;
  }

  /** Folds the journal, which it does not close. */
  static Heads open(Journal journal, WitnessQuorum quorum)
      throws IOException, InterruptedException {
    return open(journal, quorum, MIN_SNAPSHOT_AFTER_BYTES);
  }

  static Heads open(Journal journal, WitnessQuorum quorum, long minSnapshotAfterBytes)
      throws IOException, InterruptedException {
    Heads heads = new Heads(journal, quorum, minSnapshotAfterBytes);
    Position end = journal.end();
    Position reached = journal.begin();
    try (Journal.Cursor cursor = journal.read(reached)) {
      Journal.Batch batch;
      while (reached.compareTo(end) < 0 && (batch = cursor.next(Duration.ZERO)) != null) {
        HeadCodec.decode(batch.payload()).forEach(heads::fold);
        heads.journalBytes += batch.payload().length;
        reached = batch.next();
      }
    }
    return heads;
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
    for (int from = 0; from < entries.size(); from += MAX_BATCH) {
      List<Entry> batch = entries.subList(from, Math.min(entries.size(), from + MAX_BATCH));
      appendBatch(batch);
      batch.forEach(this::fold);
    }
    long all = Math.max(snapshotBytes, (long) BYTES_PER_HEAD * heads.size());
    if (journalBytes > minSnapshotAfterBytes && journalBytes > SNAPSHOT_FACTOR * all) {
      try {
        snapshot();
      } catch (IOException | JournalUnavailableException e) {
        // The heads are durable: what could not be forgotten is when the journal has grown again.
        LOG.warn("the journal of heads could not be cut; trying again later", e);
      }
    }
  }

  private Position appendBatch(List<Entry> batch) {
    byte[] bytes = HeadCodec.encode(batch);
    try {
      Position position = journal.append(bytes).join().position();
      journalBytes += bytes.length;
      return position;
    } catch (CompletionException e) {
      if (e.getCause() instanceof JournalUnavailableException unavailable) {
        throw unavailable;
      }
      throw e;
    }
  }

  private void snapshot() throws IOException {
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
    Position first = null;
    journalBytes = 0;
    for (int from = 0; from < all.size(); from += MAX_BATCH) {
      Position position = appendBatch(all.subList(from, Math.min(all.size(), from + MAX_BATCH)));
      first = first == null ? position : first;
    }
    snapshotBytes = journalBytes;
    if (first != null) {
      journal.forget(first);
    }
  }
}
