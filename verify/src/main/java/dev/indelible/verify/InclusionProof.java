package dev.indelible.verify;

import dev.indelible.verify.Verdict.Problem;
import java.util.List;
import java.util.Locale;

/**
 * The hashes that lead from one leaf to the root of a tree or subtree that holds it. Nothing is
 * believed of it until {@link #check} holds; any numbers may be in it.
 *
 * <p>Sources: RFC 9162, section 2.1.3; for subtrees, draft-ietf-plants-merkle-tree-certs, "Subtree
 * Inclusion Proofs".
 *
 * @param leafIndex index of the leaf in the log, from 0
 * @param subtree the leaves under the root
 * @param hashes the siblings on the way, from the leaf up
 */
public record InclusionProof(long leafIndex, Subtree subtree, List<Hash> hashes) {

  /** The most hashes a proof can have: one per bit of a size. */
  public static final int MAX_HASHES = 63;

  public InclusionProof {
    hashes = List.copyOf(hashes);
  }

  /** The proof for a leaf of the whole tree of this size. */
  public static InclusionProof inTree(long leafIndex, long treeSize, List<Hash> hashes) {
    return new InclusionProof(leafIndex, new Subtree(0, treeSize), hashes);
  }

  /** Whether the proof shows that the leaf with this hash is at the index, under this root. */
  public Verdict check(Hash leafHash, Hash root) {
    if (!subtree.isValid() || leafIndex < subtree.start() || leafIndex >= subtree.end()) {
      return Verdict.fails(
          Problem.OUT_OF_RANGE,
          "leaf " + Long.toUnsignedString(leafIndex) + " is not in a tree of leaves " + subtree);
    }
    long index = leafIndex - subtree.start();
    long last = subtree.end() - subtree.start() - 1;
    int expected = expectedLength(index, last);
    if (hashes.size() != expected) {
      return Verdict.fails(
          Problem.WRONG_LENGTH,
          String.format(
              Locale.ROOT,
              "the proof of leaf %d in %s has %d hashes, not %d",
              leafIndex,
              subtree,
              hashes.size(),
              expected));
    }
    Hash computed = climb(index, last, leafHash);
    return computed.equals(root)
        ? new Verdict.Holds()
        : Verdict.fails(
            Problem.WRONG_ROOT,
            String.format(
                Locale.ROOT,
                "leaf %d in %s leads to root %s, not %s",
                leafIndex,
                subtree,
                computed,
                root));
  }

  /**
   * One sibling per level up to where the paths of the leaf and of the last leaf meet, then one per
   * left sibling of that node.
   */
  private static int expectedLength(long index, long last) {
    int inner = Long.SIZE - Long.numberOfLeadingZeros(index ^ last);
    return inner + Long.bitCount(index >>> inner);
  }

  private Hash climb(long index, long last, Hash leafHash) {
    TreeHasher hasher = new TreeHasher();
    long fn = index;
    long sn = last;
    Hash node = leafHash;
    for (Hash sibling : hashes) {
      if ((fn & 1) == 1 || fn == sn) {
        node = hasher.node(sibling, node);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>>= 1;
          sn >>>= 1;
        }
      } else {
        node = hasher.node(node, sibling);
      }
      fn >>>= 1;
      sn >>>= 1;
    }
    return node;
  }
}
