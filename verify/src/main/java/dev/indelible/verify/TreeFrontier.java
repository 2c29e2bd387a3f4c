package dev.indelible.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The right edge of a growing Merkle tree: its size and the roots of its complete subtrees, which
 * are all that appending and the root need.
 *
 * <p>A tree of size n has one complete subtree for each bit set in n. The subtree of height h is
 * kept in slot h, so that appending is counting in binary: while the bit is set, merge and carry.
 *
 * <pre>
 * size 11 = 0b1011      slot 3: leaves 0..7    slot 1: leaves 8..9    slot 0: leaf 10
 * </pre>
 *
 * <p>Costs one node hash per append, amortised, and 32 bytes per bit of the size; the digest is the
 * caller's because many frontiers are held at once. Not thread-safe. Source: RFC 6962, section 2.1;
 * called "compact range" elsewhere.
 */
public final class TreeFrontier {

  /** The largest size: indexes and sizes are positive longs everywhere. */
  public static final long MAX_SIZE = Long.MAX_VALUE;

  private static final byte[] NO_SLOTS = {};

  private long size;

  /**
   * Slot h holds the root of the latest complete subtree of height h. It is part of the frontier
   * when bit h of the size is set; below {@link #completedHeight} it is what the latest append made
   * on its way up.
   */
  private byte[] slots;

  private int completedHeight;

  private TreeFrontier(long size, byte[] slots) {
    this.size = size;
    this.slots = slots;
    this.completedHeight = -1;
  }

  /** The frontier of the empty tree. */
  public static TreeFrontier empty() {
    return new TreeFrontier(0, NO_SLOTS);
  }

  /**
   * The frontier of a tree of this size, from what {@link #hashes()} gave.
   *
   * @throws IllegalArgumentException if the size is negative or goes with another number of hashes
   */
  public static TreeFrontier restore(long size, List<Hash> hashes) {
    if (size < 0 || Long.bitCount(size) != hashes.size()) {
      throw new IllegalArgumentException(
          "a tree of size " + size + " does not have a frontier of " + hashes.size() + " hashes");
    }
    byte[] slots = new byte[slotCount(size) * Hash.BYTES];
    long rest = size;
    for (Hash hash : hashes) {
      int height = slotCount(rest) - 1;
      hash.copyTo(slots, height * Hash.BYTES);
      rest ^= 1L << height;
    }
    return new TreeFrontier(size, slots);
  }

  /** A frontier that grows apart from this one. */
  public TreeFrontier copy() {
    TreeFrontier copy = new TreeFrontier(size, slots.clone());
    copy.completedHeight = completedHeight;
    return copy;
  }

  /** Number of leaves of the tree. */
  public long size() {
    return size;
  }

  /**
   * Adds a leaf.
   *
   * @return the height of the largest subtree that is now complete, from 0 for the leaf alone; the
   *     roots up to it are there to be read by {@link #completed} until the next append
   */
  public int append(Hash leafHash, TreeHasher hasher) {
    return append(leafHash.raw(), 0, hasher);
  }

  /** Adds the leaf whose hash is at {@code offset} of {@code source}; otherwise as above. */
  public int append(byte[] source, int offset, TreeHasher hasher) {
    if (size == MAX_SIZE) {
      throw new IllegalStateException("the tree is full at " + size);
    }
    int height = Long.numberOfTrailingZeros(size + 1);
    if (slots.length < (height + 1) * Hash.BYTES) {
      slots = Arrays.copyOf(slots, (height + 1) * Hash.BYTES);
    }
    if (height == 0) {
      System.arraycopy(source, offset, slots, 0, Hash.BYTES);
    } else {
      carry(source, offset, height, hasher);
    }
    size++;
    completedHeight = height;
    return height;
  }

  /**
   * Merges upwards to {@code height}. Every slot on the way is read as the left child and then
   * holds the new subtree of its height: no longer part of the frontier, but what a tile needs.
   */
  private void carry(byte[] source, int offset, int height, TreeHasher hasher) {
    byte[] carried = Arrays.copyOfRange(source, offset, offset + Hash.BYTES);
    for (int h = 0; h < height; h++) {
      hasher.keepRightInto(slots, h * Hash.BYTES, carried);
    }
    System.arraycopy(carried, 0, slots, height * Hash.BYTES, Hash.BYTES);
  }

  /**
   * The root of the subtree of this height that ends at the tree's end, as completed by the latest
   * append. Its index among the subtrees of its height is {@code (size() >> height) - 1}. Tiles
   * need it at every height that is a multiple of 8.
   *
   * @throws IllegalArgumentException if the latest append did not complete one, or there was none
   */
  public Hash completed(int height) {
    if (height < 0 || height > completedHeight) {
      throw new IllegalArgumentException(
          "the latest append completed height " + completedHeight + ", not " + height);
    }
    return Hash.of(slots, height * Hash.BYTES);
  }

  /** The roots of the complete subtrees, the biggest first: as many as the size has bits set. */
  public List<Hash> hashes() {
    List<Hash> hashes = new ArrayList<>(Long.bitCount(size));
    for (int h = slotCount(size) - 1; h >= 0; h--) {
      if ((size >>> h & 1) != 0) {
        hashes.add(Hash.of(slots, h * Hash.BYTES));
      }
    }
    return Collections.unmodifiableList(hashes);
  }

  /** The tree's root; of the empty tree, {@link Rfc6962#EMPTY_ROOT}. */
  public Hash root(TreeHasher hasher) {
    if (size == 0) {
      return Rfc6962.EMPTY_ROOT;
    }
    int lowest = Long.numberOfTrailingZeros(size);
    byte[] root = Arrays.copyOfRange(slots, lowest * Hash.BYTES, (lowest + 1) * Hash.BYTES);
    for (int h = lowest + 1; h < slotCount(size); h++) {
      if ((size >>> h & 1) != 0) {
        hasher.nodeInto(slots, h * Hash.BYTES, root);
      }
    }
    return Hash.owning(root);
  }

  private static int slotCount(long size) {
    return Long.SIZE - Long.numberOfLeadingZeros(size);
  }
}
