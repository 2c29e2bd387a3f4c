package dev.indelible.verify;

import dev.indelible.verify.Verdict.Problem;
import java.util.List;
import java.util.Locale;

/**
 * The hashes that show a tree to be the beginning of a larger one, or a subtree to be part of it.
 * Nothing is believed of it until {@link #check} holds; any numbers may be in it.
 *
 * <p>Sources: RFC 9162, section 2.1.4; for subtrees, draft-ietf-plants-merkle-tree-certs, "Subtree
 * Consistency Proofs", of which the former is the case of start 0.
 *
 * @param subtree the leaves under the older root: {@code [0, old size)} for a whole tree
 * @param treeSize size of the larger tree
 * @param hashes the nodes that lead to both roots, from the bottom up
 */
public record ConsistencyProof(Subtree subtree, long treeSize, List<Hash> hashes) {

  /** The most hashes a proof can have: one per bit of a size, and the node that it starts from. */
  public static final int MAX_HASHES = 64;

  public ConsistencyProof {
    hashes = List.copyOf(hashes);
  }

  /** The proof between two sizes of a tree. */
  public static ConsistencyProof betweenSizes(long oldSize, long newSize, List<Hash> hashes) {
    return new ConsistencyProof(new Subtree(0, oldSize), newSize, hashes);
  }

  /**
   * Whether the proof shows that the tree with this root holds the subtree with that one.
   *
   * <p>An empty subtree is part of every tree: its root and an empty proof are all there is to
   * check, and they say nothing of the tree. A caller that trusts an older checkpoint uses {@link
   * #checkGrowth}.
   */
  public Verdict check(Hash subtreeRoot, Hash root) {
    if (!subtree.isValid() || subtree.end() > treeSize) {
      return Verdict.fails(
          Problem.OUT_OF_RANGE,
          "leaves " + subtree + " are no subtree of a tree of size " + treeSize);
    }
    int expected = expectedLength();
    if (hashes.size() != expected) {
      return Verdict.fails(
          Problem.WRONG_LENGTH,
          String.format(
              Locale.ROOT,
              "the proof of %s in size %d has %d hashes, not %d",
              subtree,
              treeSize,
              hashes.size(),
              expected));
    }
    if (subtree.start() == subtree.end()) {
      return subtreeRoot.equals(Rfc6962.EMPTY_ROOT)
          ? new Verdict.Holds()
          : Verdict.fails(
              Problem.WRONG_OLD_ROOT, "the empty tree does not have root " + subtreeRoot);
    }
    return climb(subtreeRoot, root);
  }

  /**
   * Whether the proof shows that a tree grew from one of these roots to the other. Unlike {@link
   * #check} it fails where there is nothing to be shown: the empty tree says nothing of a larger
   * one.
   */
  public Verdict checkGrowth(Hash oldRoot, Hash newRoot) {
    if (subtree.start() != 0 || (subtree.end() == 0 && treeSize != 0)) {
      return Verdict.fails(
          Problem.OUT_OF_RANGE,
          "leaves " + subtree + " say nothing of how a tree of size " + treeSize + " grew");
    }
    if (treeSize == 0 && !newRoot.equals(Rfc6962.EMPTY_ROOT)) {
      return Verdict.fails(Problem.WRONG_ROOT, "the empty tree does not have root " + newRoot);
    }
    return check(oldRoot, newRoot);
  }

  /** Counts the steps of {@link MerkleTree}'s walk without taking them. */
  private int expectedLength() {
    long start = subtree.start();
    long end = subtree.end();
    if (start == end) {
      return 0;
    }
    long size = treeSize;
    boolean rootKnown = true;
    int length = 0;
    while (start != 0 || end != size) {
      long split = Long.highestOneBit(size - 1);
      if (end <= split) {
        size = split;
      } else if (split <= start) {
        start -= split;
        end -= split;
        size -= split;
      } else {
        end -= split;
        size -= split;
        rootKnown = false;
      }
      length++;
    }
    return rootKnown ? length : length + 1;
  }

  private Verdict climb(Hash subtreeRoot, Hash root) {
    TreeHasher hasher = new TreeHasher();
    long fn = subtree.start();
    long sn = subtree.end() - 1;
    long tn = treeSize - 1;
    // Down to the largest node that the subtree and the tree share, which ends at the subtree's
    // end.
    while (fn != sn && (sn == tn || (sn & 1) == 1)) {
      fn >>>= 1;
      sn >>>= 1;
      tn >>>= 1;
    }
    int next = 0;
    Hash start = fn == sn ? subtreeRoot : hashes.get(next++);
    Hash fr = start;
    Hash sr = start;
    for (; next < hashes.size(); next++) {
      Hash node = hashes.get(next);
      if ((sn & 1) == 1 || sn == tn) {
        if (fn < sn) {
          fr = hasher.node(node, fr);
        }
        sr = hasher.node(node, sr);
        while ((sn & 1) == 0 && sn != 0) {
          fn >>>= 1;
          sn >>>= 1;
          tn >>>= 1;
        }
      } else {
        sr = hasher.node(sr, node);
      }
      fn >>>= 1;
      sn >>>= 1;
      tn >>>= 1;
    }
    if (!fr.equals(subtreeRoot)) {
      return Verdict.fails(
          Problem.WRONG_OLD_ROOT, subtree + " leads to root " + fr + ", not " + subtreeRoot);
    }
    return sr.equals(root)
        ? new Verdict.Holds()
        : Verdict.fails(
            Problem.WRONG_ROOT, "size " + treeSize + " leads to root " + sr + ", not " + root);
  }
}
