package dev.indelible.verify;

import java.security.MessageDigest;

/**
 * The two hash functions of a Merkle tree, with the digest and the scratch space that they need.
 *
 * <pre>
 * leaf(d)    = SHA-256(0x00 || d)
 * node(l, r) = SHA-256(0x01 || l || r)
 * </pre>
 *
 * <p>Not thread-safe: one per thread, kept for its lifetime. Source: RFC 6962, section 2.1.
 */
public final class TreeHasher {

  /** Domain-separation prefix of a leaf's bytes. */
  static final byte LEAF_PREFIX = 0x00;

  /** Domain-separation prefix of a node's two children. */
  static final byte NODE_PREFIX = 0x01;

  private final MessageDigest sha256;
  private final byte[] node = new byte[1 + 2 * Hash.BYTES];

  /** A hasher with a digest of its own. */
  public TreeHasher() {
    this(Sha256.create());
  }

  /**
   * A hasher that uses the caller's digest, which is reset and left reset by every method.
   *
   * @throws IllegalArgumentException unless it is SHA-256
   */
  public TreeHasher(MessageDigest sha256) {
    this.sha256 = Sha256.require(sha256);
    node[0] = NODE_PREFIX;
  }

  /** The hash of a leaf with these bytes. */
  public Hash leaf(byte[] leaf) {
    return leaf(leaf, 0, leaf.length);
  }

  /** The hash of the leaf whose bytes are at {@code offset} of {@code source}. */
  public Hash leaf(byte[] source, int offset, int lengthBytes) {
    sha256.update(LEAF_PREFIX);
    sha256.update(source, offset, lengthBytes);
    return Hash.owning(sha256.digest());
  }

  /** The hash of the node above these two. */
  public Hash node(Hash left, Hash right) {
    left.copyTo(node, 1);
    right.copyTo(node, 1 + Hash.BYTES);
    sha256.update(node);
    return Hash.owning(sha256.digest());
  }

  /**
   * Replaces the hash in {@code right} by that of the node above it and the hash at {@code
   * leftOffset} of {@code left}. Allocates nothing.
   */
  void nodeInto(byte[] left, int leftOffset, byte[] right) {
    System.arraycopy(left, leftOffset, node, 1, Hash.BYTES);
    System.arraycopy(right, 0, node, 1 + Hash.BYTES, Hash.BYTES);
    sha256.update(node);
    Sha256.finish(sha256, right, 0);
  }

  /**
   * Hashes two nodes as {@link #nodeInto} does, and leaves the hash that was in {@code right} in
   * the left one's place.
   */
  void keepRightInto(byte[] left, int leftOffset, byte[] right) {
    System.arraycopy(left, leftOffset, node, 1, Hash.BYTES);
    System.arraycopy(right, 0, node, 1 + Hash.BYTES, Hash.BYTES);
    System.arraycopy(right, 0, left, leftOffset, Hash.BYTES);
    sha256.update(node);
    Sha256.finish(sha256, right, 0);
  }

  /** Writes the node above the two adjacent hashes at {@code offset} of {@code source}. */
  void pairInto(byte[] source, int offset, byte[] target, int targetOffset) {
    System.arraycopy(source, offset, node, 1, 2 * Hash.BYTES);
    sha256.update(node);
    Sha256.finish(sha256, target, targetOffset);
  }
}
