package dev.indelible.verify;

import java.io.IOException;

/** Source of the roots of complete subtrees for a {@link MerkleTree}. */
@FunctionalInterface
public interface NodeSource {

  /**
   * The root of the complete subtree over leaves {@code [index << height, (index + 1) << height)},
   * which end within the tree.
   *
   * @throws IOException if it cannot be read, naming what
   */
  Hash node(int height, long index) throws IOException;
}
