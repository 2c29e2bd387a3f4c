package dev.indelible.verify;

import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Computes leaves and their hashes from an entry's parts, allocating nothing but the result: the
 * server's path, where {@link Leaf} is the reader's.
 *
 * <p>Not thread-safe: one per thread, kept for its lifetime.
 */
public final class LeafHasher {

  private static final int TIME_OFFSET = 1 + 1;
  private static final int FACTS_OFFSET = TIME_OFFSET + Long.BYTES;
  private static final int PERSONAL_OFFSET = FACTS_OFFSET + Hash.BYTES;

  private final MessageDigest sha256;

  /** The leaf prefix of RFC 6962, then the leaf of the latest call. */
  private final byte[] prefixedLeaf = new byte[1 + Leaf.BYTES];

  /** A hasher with a digest of its own. */
  public LeafHasher() {
    this(Sha256.create());
  }

  /**
   * A hasher that uses the caller's digest, which is reset and left reset by every method.
   *
   * @throws IllegalArgumentException unless it is SHA-256
   */
  public LeafHasher(MessageDigest sha256) {
    this.sha256 = Sha256.require(sha256);
    prefixedLeaf[0] = TreeHasher.LEAF_PREFIX;
    prefixedLeaf[1] = Leaf.VERSION;
  }

  /**
   * The hash of an entry's leaf.
   *
   * @param recordedAtMillis milliseconds since the epoch, not negative
   * @param factsSalt {@value Leaf#SALT_BYTES} bytes
   * @param personalSalt {@value Leaf#SALT_BYTES} bytes; null exactly when {@code personal} is
   * @param personal the personal part, or null when the entry has none
   */
  public Hash hash(
      long recordedAtMillis,
      byte[] factsSalt,
      byte[] facts,
      byte @Nullable [] personalSalt,
      byte @Nullable [] personal) {
    if (recordedAtMillis < 0) {
      throw new IllegalArgumentException("recorded before the epoch: " + recordedAtMillis);
    }
    for (int i = 0; i < Long.BYTES; i++) {
      prefixedLeaf[TIME_OFFSET + i] = (byte) (recordedAtMillis >>> (8 * (Long.BYTES - 1 - i)));
    }
    digest(factsSalt, facts, FACTS_OFFSET);
    if (personal != null && personalSalt != null) {
      digest(personalSalt, personal, PERSONAL_OFFSET);
    } else if (personal == null && personalSalt == null) {
      Arrays.fill(prefixedLeaf, PERSONAL_OFFSET, prefixedLeaf.length, (byte) 0);
    } else {
      throw new IllegalArgumentException("a personal part and its salt go together");
    }
    sha256.update(prefixedLeaf);
    return Hash.owning(sha256.digest());
  }

  /**
   * Copies the {@value Leaf#BYTES} bytes of the leaf that was hashed last, for its entry bundle.
   */
  public void copyLeafTo(byte[] target, int offset) {
    System.arraycopy(prefixedLeaf, 1, target, offset, Leaf.BYTES);
  }

  private void digest(byte[] salt, byte[] part, int offset) {
    Leaf.requireSalt(salt);
    sha256.update(salt);
    sha256.update(part);
    Sha256.finish(sha256, prefixedLeaf, offset);
  }
}
