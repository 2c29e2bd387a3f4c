package dev.indelible.verify.audit;

import dev.indelible.verify.Hash;
import dev.indelible.verify.TreeFrontier;
import dev.indelible.verify.TreeHasher;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * Grows a tree from leaf hashes and compares its root with those that are known of certain sizes,
 * on the way. What is before a root that holds is exactly what was there when that root was signed.
 *
 * <p>Holds one root per known size and 32 bytes per bit of the tree's size. Not thread-safe.
 */
public final class TreeAudit {

  /** Origin of a known root. */
  public enum Known {
    /** The log shows it, with the entries. */
    SHOWN,
    /** The root was signed before, and kept elsewhere. */
    BEFORE
  }

  private record Root(long size, Hash root, Known known) {}

  private final Consumer<Finding> findings;
  private final TreeHasher hasher = new TreeHasher();
  private final TreeFrontier frontier = TreeFrontier.empty();
  private final PriorityQueue<Root> ahead =
      new PriorityQueue<>(Comparator.comparingLong(Root::size).thenComparing(Root::known));
  private long nextSize = Long.MAX_VALUE;
  private long intact;

  public TreeAudit(Consumer<Finding> findings) {
    this.findings = findings;
  }

  /**
   * Registers a root to compare the tree with when it has this size.
   *
   * @throws IllegalStateException when it is already larger
   */
  public void expect(long size, Hash root, Known known) {
    if (size < frontier.size()) {
      throw new IllegalStateException("a root of size " + size + " at " + frontier.size());
    }
    ahead.add(new Root(size, root, known));
    nextSize = ahead.element().size();
    compare();
  }

  /** The next leaf. */
  public void append(Hash leafHash) {
    frontier.append(leafHash, hasher);
    if (frontier.size() == nextSize) {
      compare();
    }
  }

  private void compare() {
    if (frontier.size() != nextSize) {
      return;
    }
    Hash root = root();
    while (!ahead.isEmpty() && ahead.element().size() == frontier.size()) {
      Root due = ahead.remove();
      if (root.equals(due.root())) {
        intact = due.size();
      } else {
        findings.accept(
            due.known() == Known.SHOWN
                ? new Finding.RootMismatch(due.size(), intact)
                : new Finding.ForkedHistory(due.size(), intact));
      }
    }
    nextSize = ahead.isEmpty() ? Long.MAX_VALUE : ahead.element().size();
  }

  /** Number of leaves of the tree so far. */
  public long size() {
    return frontier.size();
  }

  /** The tree's root so far. */
  public Hash root() {
    return frontier.root(hasher);
  }

  /** The tree's frontier so far, a copy. */
  public TreeFrontier frontier() {
    return frontier.copy();
  }

  /** Number of the first leaves that are under a root that was compared. */
  public long intact() {
    return intact;
  }

  /** Says which roots were not reached: the log is shorter than it was, or than it says. */
  public void finish() {
    Root shown = null;
    Root before = null;
    for (Root root : ahead) {
      if (root.known() == Known.SHOWN) {
        shown = shown == null || root.size() > shown.size() ? root : shown;
      } else {
        before = before == null || root.size() > before.size() ? root : before;
      }
    }
    if (shown != null) {
      findings.accept(new Finding.Truncated(frontier.size(), shown.size()));
    }
    if (before != null && (shown == null || before.size() > shown.size())) {
      findings.accept(
          new Finding.RolledBack(before.size(), shown == null ? frontier.size() : shown.size()));
    }
    ahead.clear();
    nextSize = Long.MAX_VALUE;
  }
}
