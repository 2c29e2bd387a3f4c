package dev.indelible.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A Merkle tree of a fixed size over nodes that are fetched as they are needed: its roots and the
 * proofs that can be made of it. Not thread-safe.
 *
 * <p>Sources: RFC 6962, section 2.1; for subtrees, draft-ietf-plants-merkle-tree-certs.
 */
public final class MerkleTree {

  private final long size;
  private final NodeSource nodes;
  private final TreeHasher hasher = new TreeHasher();

  /**
   * @throws IllegalArgumentException if the size is negative
   */
  public MerkleTree(long size, NodeSource nodes) {
    if (size < 0) {
      throw new IllegalArgumentException("a tree cannot have size " + size);
    }
    this.size = size;
    this.nodes = nodes;
  }

  /** The tree with these leaf hashes, held in memory. */
  public static MerkleTree ofLeafHashes(List<Hash> leafHashes) {
    TreeHasher hasher = new TreeHasher();
    List<List<Hash>> levels = new ArrayList<>();
    for (List<Hash> level = List.copyOf(leafHashes); !level.isEmpty(); ) {
      levels.add(level);
      List<Hash> above = new ArrayList<>(level.size() / 2);
      for (int i = 0; i + 1 < level.size(); i += 2) {
        above.add(hasher.node(level.get(i), level.get(i + 1)));
      }
      level = above;
    }
    return new MerkleTree(
        leafHashes.size(), (height, index) -> levels.get(height).get(Math.toIntExact(index)));
  }

  /** Number of leaves of the tree. */
  public long size() {
    return size;
  }

  /** The tree's root. */
  public Hash root() throws IOException {
    return root(new Subtree(0, size));
  }

  /**
   * The root over the leaves of a subtree.
   *
   * @throws IllegalArgumentException if it is none, or not within the tree
   */
  public Hash root(Subtree subtree) throws IOException {
    requireWithin(subtree);
    long end = subtree.end();
    long rest = end - subtree.start();
    if (rest == 0) {
      return Rfc6962.EMPTY_ROOT;
    }
    // From the right: the smallest complete subtree first, each next one to its left.
    Hash root = completeBefore(end, Long.numberOfTrailingZeros(rest));
    end -= Long.lowestOneBit(rest);
    for (rest &= rest - 1; rest != 0; rest &= rest - 1) {
      root = hasher.node(completeBefore(end, Long.numberOfTrailingZeros(rest)), root);
      end -= Long.lowestOneBit(rest);
    }
    return root;
  }

  private Hash completeBefore(long end, int height) throws IOException {
    return nodes.node(height, (end >>> height) - 1);
  }

  /** The frontier from which the tree can grow on. */
  public TreeFrontier frontier() throws IOException {
    List<Hash> hashes = new ArrayList<>();
    for (long rest = size; rest != 0; ) {
      int height = Long.SIZE - 1 - Long.numberOfLeadingZeros(rest);
      rest ^= 1L << height;
      hashes.add(completeBefore(size - rest, height));
    }
    return TreeFrontier.restore(size, hashes);
  }

  /**
   * The proof that a leaf is in the tree.
   *
   * @throws IllegalArgumentException if the tree has no such leaf
   */
  public InclusionProof inclusionProof(long leafIndex) throws IOException {
    return inclusionProof(leafIndex, new Subtree(0, size));
  }

  /**
   * The proof that a leaf is in a subtree.
   *
   * @throws IllegalArgumentException if it is none, not within the tree, or has no such leaf
   */
  public InclusionProof inclusionProof(long leafIndex, Subtree subtree) throws IOException {
    requireWithin(subtree);
    if (leafIndex < subtree.start() || leafIndex >= subtree.end()) {
      throw new IllegalArgumentException("leaf " + leafIndex + " is not in " + subtree);
    }
    List<Subtree> siblings = new ArrayList<>();
    long start = subtree.start();
    long end = subtree.end();
    while (end - start > 1) {
      long middle = start + Long.highestOneBit(end - start - 1);
      if (leafIndex < middle) {
        siblings.add(new Subtree(middle, end));
        end = middle;
      } else {
        siblings.add(new Subtree(start, middle));
        start = middle;
      }
    }
    return new InclusionProof(leafIndex, subtree, rootsBottomUp(siblings));
  }

  /**
   * The proof that the tree of the older size is the beginning of this one.
   *
   * @throws IllegalArgumentException unless 0 &lt; oldSize &lt;= size
   */
  public ConsistencyProof consistencyProof(long oldSize) throws IOException {
    if (oldSize <= 0) {
      throw new IllegalArgumentException("nothing is proven of a tree of size " + oldSize);
    }
    return consistencyProof(new Subtree(0, oldSize));
  }

  /**
   * The proof that a subtree is part of the tree.
   *
   * @throws IllegalArgumentException if it is none, or not within the tree
   */
  public ConsistencyProof consistencyProof(Subtree subtree) throws IOException {
    requireWithin(subtree);
    List<Subtree> needed = new ArrayList<>();
    long start = 0;
    long end = size;
    boolean rootKnown = true;
    while (subtree.start() != subtree.end()
        && (Math.max(start, subtree.start()) != start || end != subtree.end())) {
      long middle = start + Long.highestOneBit(end - start - 1);
      if (subtree.end() <= middle) {
        needed.add(new Subtree(middle, end));
        end = middle;
      } else {
        // Either the subtree is all in the right half, or it began with the left one.
        rootKnown &= subtree.start() >= middle;
        needed.add(new Subtree(start, middle));
        start = middle;
      }
    }
    if (!rootKnown) {
      needed.add(new Subtree(start, end));
    }
    return new ConsistencyProof(subtree, size, rootsBottomUp(needed));
  }

  private List<Hash> rootsBottomUp(List<Subtree> topDown) throws IOException {
    List<Hash> hashes = new ArrayList<>(topDown.size());
    for (int i = topDown.size() - 1; i >= 0; i--) {
      hashes.add(root(topDown.get(i)));
    }
    return hashes;
  }

  private void requireWithin(Subtree subtree) {
    if (!subtree.isValid() || subtree.end() > size) {
      throw new IllegalArgumentException(subtree + " is no subtree of a tree of size " + size);
    }
  }
}
