package dev.indelible.server.log;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.RunReader;
import dev.indelible.server.run.Slice;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.verify.Hash;
import dev.indelible.verify.TreeFrontier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Parts of the log at one moment: runs, then generations that wait to be sealed, then the current
 * one.
 *
 * <p>Its lists never change; the current generation grows. Whoever reads {@linkplain #retain
 * retains} it first, so that the files of its runs stay open until {@link #release}, whatever is
 * sealed or merged meanwhile. Thread-safe.
 */
final class View {

  final List<SealedRun> runs;
  final List<Generation> frozen;
  final Generation current;

  /** How often parts of sealed entries were removed before: entries of one edition never differ. */
  final long edition;

  private final AtomicInteger references = new AtomicInteger(1);

  View(List<SealedRun> runs, List<Generation> frozen, Generation current, long edition) {
    this.edition = edition;
    this.runs = List.copyOf(runs);
    this.frozen = List.copyOf(frozen);
    this.current = current;
    this.runs.forEach(SealedRun::retain);
  }

  /** Whether the view could still be retained. */
  boolean retain() {
    int seen;
    do {
      seen = references.get();
      if (seen == 0) {
        return false;
      }
    } while (!references.compareAndSet(seen, seen + 1));
    return true;
  }

  void release() {
    if (references.decrementAndGet() == 0) {
      runs.forEach(SealedRun::release);
    }
  }

  /** End of the tenant's log; the frontier is the caller's own. */
  TenantHead head(TenantId tenant) throws IOException {
    TenantSlice slice = newestSlice(tenant);
    if (slice != null) {
      return slice.head();
    }
    for (SealedRun run : runs.reversed()) {
      TenantHead head = run.head(tenant);
      if (head != null) {
        return head;
      }
    }
    return new TenantHead(TreeFrontier.empty(), 0);
  }

  /** How many entries the tenant's log has. Any thread. */
  long size(TenantId tenant) throws IOException {
    TenantSlice slice = newestSlice(tenant);
    if (slice != null) {
      return slice.nextSeq();
    }
    for (SealedRun run : runs.reversed()) {
      long end = run.endSeq(tenant);
      if (end > 0) {
        return end;
      }
    }
    return 0;
  }

  /** The entry of that id among those in memory. */
  @Nullable FreshEntry findFresh(TenantId tenant, String id) {
    FreshEntry found = current.find(tenant, id);
    for (int i = frozen.size() - 1; found == null && i >= 0; i--) {
      found = frozen.get(i).find(tenant, id);
    }
    return found;
  }

  /** Whether a sealed entry has, or had before it was purged, an id of that hash. */
  boolean mayBeSealed(long idHash) throws IOException {
    for (SealedRun run : runs.reversed()) {
      if (run.mightContain(idHash)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The sequence number of the tenant's sealed entry of that id, by reading its entries in the runs
   * that have the id. The slow way.
   *
   * @param excepted entries that do not count
   */
  OptionalLong scanForId(TenantId tenant, String id, EntryIds ids, LongPredicate excepted)
      throws IOException {
    for (SealedRun run : runs.reversed()) {
      OptionalLong found = run.scanForId(tenant, id, ids, excepted);
      if (found.isPresent()) {
        return found;
      }
    }
    return OptionalLong.empty();
  }

  /**
   * The entries at {@code seqs}, in that order.
   *
   * @throws IllegalArgumentException when the log has not got one of them
   */
  List<StoredEntry> get(TenantId tenant, long[] seqs) throws IOException {
    int[] order = ascending(seqs);
    StoredEntry[] found = new StoredEntry[seqs.length];
    int remaining = seqs.length;
    for (Generation generation : generationsNewestFirst()) {
      TenantSlice slice = generation.slice(tenant);
      while (slice != null && remaining > 0 && seqs[order[remaining - 1]] >= slice.firstSeq) {
        remaining--;
        found[order[remaining]] = Fresh.stored(slice.get(seqs[order[remaining]]));
      }
    }
    for (int i = runs.size() - 1; i >= 0 && remaining > 0; i--) {
      remaining = getFromRun(runs.get(i), tenant, seqs, order, remaining, found);
    }
    if (remaining > 0) {
      throw new IllegalArgumentException(tenant + " has no entry " + seqs[order[remaining - 1]]);
    }
    return Arrays.asList(found);
  }

  private static int getFromRun(
      SealedRun run, TenantId tenant, long[] seqs, int[] order, int remaining, StoredEntry[] found)
      throws IOException {
    long firstSeq = run.firstSeq(tenant);
    int from = remaining;
    while (firstSeq >= 0 && from > 0 && seqs[order[from - 1]] >= firstSeq) {
      from--;
    }
    if (from == remaining) {
      return remaining;
    }
    long[] wanted = new long[remaining - from];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = seqs[order[from + i]];
    }
    List<StoredEntry> entries = run.get(tenant, wanted);
    for (int i = 0; i < wanted.length; i++) {
      found[order[from + i]] = entries.get(i);
    }
    return from;
  }

  /**
   * Gives {@code consumer} the entries from {@code fromSeq} to before {@code toSeq}, in order,
   * until it has enough.
   */
  void forEach(TenantId tenant, long fromSeq, long toSeq, EntryConsumer consumer)
      throws IOException {
    for (SealedRun run : runs) {
      if (!run.forEach(tenant, fromSeq, toSeq, consumer)) {
        return;
      }
    }
    for (Generation generation : generationsNewestFirst().reversed()) {
      TenantSlice slice = generation.slice(tenant);
      if (slice == null) {
        continue;
      }
      long end = Math.min(toSeq, slice.nextSeq());
      for (long seq = Math.max(fromSeq, slice.firstSeq); seq < end; seq++) {
        if (!consumer.accept(Fresh.stored(slice.get(seq)))) {
          return;
        }
      }
    }
  }

  /**
   * The hashes of the leaves from {@code from} to before {@code to}.
   *
   * @throws IllegalArgumentException when the log has not got all of them
   */
  List<Hash> leafHashes(TenantId tenant, long from, long to) throws IOException {
    Backwards found = new Backwards(tenant, from, to);
    for (Generation generation : generationsNewestFirst()) {
      TenantSlice slice = generation.slice(tenant);
      if (slice != null && found.wants(slice.firstSeq, slice.nextSeq())) {
        List<Hash> hashes = new ArrayList<>();
        for (long seq = found.start(slice.firstSeq); seq < found.end; seq++) {
          hashes.add(slice.get(seq).leafHash());
        }
        found.take(hashes);
      }
    }
    for (int i = runs.size() - 1; i >= 0 && !found.isComplete(); i--) {
      Slice slice = runs.get(i).slice(tenant);
      if (slice != null && found.wants(slice.firstSeq(), slice.endSeq())) {
        RunReader reader = runs.get(i).reader();
        found.take(reader.leafHashes(slice, found.start(slice.firstSeq()), found.end));
      }
    }
    return found.toList();
  }

  /**
   * The hashes of the complete subtrees of 256 leaves from {@code from} to before {@code to}.
   *
   * @throws IllegalArgumentException when the log has not got all of them
   */
  List<Hash> subtrees(TenantId tenant, long from, long to) throws IOException {
    Backwards found = new Backwards(tenant, from, to);
    for (Generation generation : generationsNewestFirst()) {
      TenantSlice slice = generation.slice(tenant);
      if (slice != null
          && found.wants(slice.firstSubtree(), slice.nextSeq() >> TenantSlice.SUBTREE_HEIGHT)) {
        found.take(slice.subtrees(found.start(slice.firstSubtree()), found.end));
      }
    }
    for (int i = runs.size() - 1; i >= 0 && !found.isComplete(); i--) {
      Slice slice = runs.get(i).slice(tenant);
      if (slice != null
          && found.wants(slice.firstSubtree(), slice.firstSubtree() + slice.subtreeCount())) {
        RunReader reader = runs.get(i).reader();
        found.take(reader.subtrees(slice, found.start(slice.firstSubtree()), found.end));
      }
    }
    return found.toList();
  }

  /** A range of hashes that is put together from its end, as one slice after the other has them. */
  private static final class Backwards {
    private final TenantId tenant;
    private final long from;
    private final Hash[] hashes;
    private long end;

    Backwards(TenantId tenant, long from, long to) {
      if (from < 0 || to < from) {
        throw new IllegalArgumentException("[" + from + ", " + to + ")");
      }
      this.tenant = tenant;
      this.from = from;
      this.end = to;
      this.hashes = new Hash[Math.toIntExact(to - from)];
    }

    boolean isComplete() {
      return end == from;
    }

    /** Whether what is missing ends in this range. */
    boolean wants(long first, long beyond) {
      return !isComplete() && first < end && beyond >= end;
    }

    long start(long first) {
      return Math.max(from, first);
    }

    void take(List<Hash> last) {
      for (int i = last.size() - 1; i >= 0; i--) {
        end--;
        hashes[(int) (end - from)] = last.get(i);
      }
    }

    List<Hash> toList() {
      if (!isComplete()) {
        throw new IllegalArgumentException(tenant + " has not got hashes up to " + end);
      }
      return List.of(hashes);
    }
  }

  private @Nullable TenantSlice newestSlice(TenantId tenant) {
    for (Generation generation : generationsNewestFirst()) {
      TenantSlice slice = generation.slice(tenant);
      if (slice != null && slice.count() > 0) {
        return slice;
      }
    }
    return null;
  }

  /** Whether the tenant has entries in memory. */
  boolean hasFresh(TenantId tenant) {
    return newestSlice(tenant) != null;
  }

  private List<Generation> generationsNewestFirst() {
    List<Generation> result = new ArrayList<>(frozen.size() + 1);
    result.add(current);
    result.addAll(frozen.reversed());
    return result;
  }

  /** Indexes into {@code seqs} such that the values ascend. */
  private static int[] ascending(long[] seqs) {
    Integer[] boxed = new Integer[seqs.length];
    Arrays.setAll(boxed, i -> i);
    Arrays.sort(boxed, (a, b) -> Long.compare(seqs[a], seqs[b]));
    int[] order = new int[seqs.length];
    Arrays.setAll(order, i -> boxed[i]);
    return order;
  }
}
