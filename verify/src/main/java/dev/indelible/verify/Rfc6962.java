package dev.indelible.verify;

import java.util.List;

/**
 * The Merkle tree of RFC 6962, section 2.1, over SHA-256, as plain functions for small inputs; hot
 * loops use {@link TreeHasher} and {@link TreeFrontier}.
 */
public final class Rfc6962 {

  /** The root of the tree without leaves: SHA-256 of nothing. */
  public static final Hash EMPTY_ROOT = Hash.owning(Sha256.create().digest());

  private Rfc6962() {}

  /** SHA-256(0x00 || leaf). */
  public static Hash leafHash(byte[] leaf) {
    return new TreeHasher().leaf(leaf);
  }

  /** SHA-256(0x01 || left || right). */
  public static Hash nodeHash(Hash left, Hash right) {
    return new TreeHasher().node(left, right);
  }

  /** The root of the tree with these leaf hashes. */
  public static Hash root(List<Hash> leafHashes) {
    TreeHasher hasher = new TreeHasher();
    TreeFrontier frontier = TreeFrontier.empty();
    for (Hash leafHash : leafHashes) {
      frontier.append(leafHash, hasher);
    }
    return frontier.root(hasher);
  }
}
