package dev.indelible.verify.audit;

import dev.indelible.verify.Hash;
import java.util.function.Consumer;

/**
 * Checks the entries of one log as they come: that they are all there, in order, under the roots
 * that are known, and that what was deleted was deleted by an entry that says so.
 *
 * <p>Memory is bounded by the ranges of deleted entries that no entry has spoken of yet. Not
 * thread-safe.
 */
public final class EntryAudit {

  /** Parts of an entry that still exist. */
  public enum Content {
    /** All that there ever was. */
    WHOLE,
    /** The facts; the personal part was left out of what is checked. */
    PERSONAL_WITHHELD,
    /** The facts; the personal part was deleted. */
    PERSONAL_ERASED,
    /** The leaf alone. */
    PURGED
  }

  private final Consumer<Finding> findings;
  private final TreeAudit tree;
  private final Ranges purged = new Ranges();
  private final Ranges erased = new Ranges();
  private final Ranges gaps = new Ranges();
  private final DeletionEntry deletion = new DeletionEntry();
  private long next;
  private long entries;
  private long withheld;
  private long lastMillis;
  private boolean inOrder = true;

  public EntryAudit(Consumer<Finding> findings) {
    this.findings = findings;
    this.tree = new TreeAudit(findings);
  }

  /** The tree over the entries, for roots to be expected of it. */
  public TreeAudit tree() {
    return tree;
  }

  /** Number of entries so far. */
  public long entries() {
    return entries;
  }

  /**
   * The next entry.
   *
   * @param facts UTF-8 JSON, of which the first {@code factsLength} bytes count; not looked at when
   *     the entry is purged
   */
  public void entry(
      long seq,
      long recordedAtMillis,
      Content content,
      Hash leafHash,
      byte[] facts,
      int factsLength) {
    entries++;
    if (seq != next) {
      outOfOrder(seq);
    } else {
      next++;
    }
    if (inOrder) {
      tree.append(leafHash);
      if (recordedAtMillis < lastMillis) {
        findings.accept(new Finding.TimeRunsBackwards(seq));
      }
      lastMillis = recordedAtMillis;
    }
    switch (content) {
      case WHOLE -> {}
      case PERSONAL_WITHHELD -> withheld++;
      case PERSONAL_ERASED -> remember(erased, seq);
      case PURGED -> remember(purged, seq);
    }
    if (content != Content.PURGED && deletion.read(facts, factsLength)) {
      deleted(seq);
    }
  }

  private void remember(Ranges gone, long seq) {
    if (seq == next - 1) {
      gone.add(seq, seq + 1);
    }
  }

  /**
   * Stops comparing with the tree, which means nothing from here on; earlier comparisons stay
   * valid.
   */
  private void outOfOrder(long seq) {
    inOrder = false;
    if (seq > next) {
      gaps.add(next, seq);
      next = seq + 1;
    } else {
      gaps.remove(seq, seq + 1);
      findings.accept(new Finding.Reordered(seq, next));
    }
  }

  private void deleted(long by) {
    for (long[] named : deletion.ranges()) {
      // An entry cannot speak of itself or of later ones.
      long end = Math.min(named[1], by);
      if (deletion.isPurge()) {
        for (long[] gone : purged.remove(named[0], end)) {
          findings.accept(new Finding.PurgedAt(gone[0], gone[1], by));
        }
      } else {
        for (long[] gone : erased.remove(named[0], end)) {
          findings.accept(new Finding.ErasedAt(gone[0], gone[1], by));
        }
      }
    }
  }

  /**
   * The entries are at their end.
   *
   * @param shownSize the size that the log signed, or -1 when it shows none
   */
  public void finish(long shownSize) {
    gaps.forEach(gap -> findings.accept(new Finding.Missing(gap[0], gap[1])));
    if (inOrder) {
      tree.finish();
    } else if (next < shownSize) {
      findings.accept(new Finding.Truncated(next, shownSize));
    }
    purged.forEach(gone -> findings.accept(new Finding.MissingWithoutPurge(gone[0], gone[1])));
    erased.forEach(gone -> findings.accept(new Finding.ErasedWithoutEntry(gone[0], gone[1])));
    if (withheld > 0) {
      findings.accept(new Finding.Withheld(withheld));
    }
  }
}
