package dev.indelible.server.log;

import dev.indelible.verify.Hash;
import dev.indelible.verify.TreeFrontier;
import dev.indelible.verify.TreeHasher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One tenant's entries within a generation, and its tree after them.
 *
 * <p>The sequencer alone appends; any thread reads. A reader takes {@link #count} first: what it
 * then finds in {@link #entries} below that count is complete. The tree is guarded by this object's
 * lock, which costs the sequencer next to nothing, as hardly anybody else takes it.
 */
final class TenantSlice {

  /** Height of the subtrees whose roots a run keeps: a tile's width. */
  static final int SUBTREE_HEIGHT = 8;

  private static final int FIRST_CAPACITY = 4;

  final long firstSeq;
  private final TreeFrontier frontier; // guarded by this until the generation is frozen
  private final List<Hash> completedSubtrees = new ArrayList<>(0); // as above
  private volatile FreshEntry[] entries = new FreshEntry[FIRST_CAPACITY];
  private volatile int count;
  private long lastRecordedAtMillis; // the sequencer's

  TenantSlice(TreeFrontier frontier, long lastRecordedAtMillis) {
    this.frontier = frontier;
    this.firstSeq = frontier.size();
    this.lastRecordedAtMillis = lastRecordedAtMillis;
  }

  /** Sequence number of the next entry. Any thread. */
  long nextSeq() {
    return firstSeq + count;
  }

  int count() {
    return count;
  }

  long lastRecordedAtMillis() {
    return lastRecordedAtMillis;
  }

  /** The tree as it is now, the receiver's own copy. Any thread. */
  synchronized TenantHead head() {
    return new TenantHead(frontier.copy(), lastRecordedAtMillis);
  }

  /** Index of the first subtree of 256 leaves that ends here, if one does. */
  long firstSubtree() {
    return firstSeq >> SUBTREE_HEIGHT;
  }

  /**
   * The hashes of the subtrees of 256 leaves from {@code from} to before {@code to}. Any thread.
   */
  synchronized List<Hash> subtrees(long from, long to) {
    long first = firstSubtree();
    return List.copyOf(completedSubtrees.subList((int) (from - first), (int) (to - first)));
  }

  /** The tree. For the sealer, once the generation is frozen. */
  TreeFrontier frontier() {
    return frontier;
  }

  List<Hash> completedSubtrees() {
    return completedSubtrees;
  }

  synchronized void append(FreshEntry entry, TreeHasher hasher) {
    if (entry.seq() != nextSeq()) {
      throw new IllegalStateException(
          entry.tenant() + ": " + entry.seq() + " after " + (nextSeq() - 1));
    }
    if (frontier.append(entry.leafHash(), hasher) >= SUBTREE_HEIGHT) {
      completedSubtrees.add(frontier.completed(SUBTREE_HEIGHT));
    }
    int n = count;
    FreshEntry[] array = entries;
    if (n == array.length) {
      array = Arrays.copyOf(array, n * 2);
      entries = array;
    }
    array[n] = entry;
    lastRecordedAtMillis = entry.recordedAtMillis();
    count = n + 1;
  }

  /** The entry at {@code seq}, which must be in this slice. */
  FreshEntry get(long seq) {
    int n = count;
    if (seq < firstSeq || seq >= firstSeq + n) {
      throw new IllegalArgumentException(
          "no " + seq + " in " + firstSeq + ".." + (firstSeq + n - 1));
    }
    return entries[(int) (seq - firstSeq)];
  }

  boolean contains(long seq) {
    return seq >= firstSeq && seq < firstSeq + count;
  }

  /** The entries so far, in order. */
  List<FreshEntry> toList() {
    int n = count;
    return List.of(Arrays.copyOf(entries, n));
  }
}
