package dev.indelible.verify;

import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * Leaf of the tree: an entry's time of recording and the digests of its two parts.
 *
 * <pre>
 * 0         1                   9                    41                    73
 * +---------+-------------------+--------------------+---------------------+
 * | version | recorded_at (u64) | facts digest (32)  | personal digest (32)|
 * +---------+-------------------+--------------------+---------------------+
 * </pre>
 *
 * Integers are big-endian. A digest is SHA-256(salt || bytes), so without the salt it gives nothing
 * away of bytes that were easy to guess. Format: {@code docs/formats/leaf.md}.
 *
 * @param recordedAtMillis milliseconds since the epoch, not negative
 * @param facts digest of the facts
 * @param personal digest of the personal part, or {@link #NO_PERSONAL} when the entry has none
 */
public record Leaf(long recordedAtMillis, Hash facts, Hash personal) {

  /** Length of an encoded leaf in bytes. */
  public static final int BYTES = 1 + Long.BYTES + 2 * Hash.BYTES;

  /** The first byte of an encoded leaf: the version of this format. */
  public static final byte VERSION = 0x01;

  /** Length of a part's salt in bytes. */
  public static final int SALT_BYTES = 16;

  /** Placeholder of the personal digest of an entry without a personal part. */
  public static final Hash NO_PERSONAL = Hash.of(new byte[Hash.BYTES]);

  private static final String FORMAT = "leaf";

  public Leaf {
    if (recordedAtMillis < 0) {
      throw new IllegalArgumentException("recorded before the epoch: " + recordedAtMillis);
    }
  }

  /** Whether the entry had a personal part when it was recorded. */
  public boolean hasPersonal() {
    return !personal.equals(NO_PERSONAL);
  }

  /** The {@value #BYTES} bytes. */
  public byte[] encode() {
    byte[] leaf = new byte[BYTES];
    ByteBuffer.wrap(leaf)
        .put(VERSION)
        .putLong(recordedAtMillis)
        .put(facts.raw())
        .put(personal.raw());
    return leaf;
  }

  /** Reads an encoded leaf, exactly. */
  public static Parsed<Leaf> decode(byte[] leaf) {
    if (leaf.length != BYTES) {
      return Parsed.malformed(
          FORMAT, "byte 0", "a leaf has " + BYTES + " bytes, this one " + leaf.length);
    }
    ByteBuffer in = ByteBuffer.wrap(leaf);
    byte version = in.get();
    if (version != VERSION) {
      return Parsed.malformed(
          FORMAT, "byte 0", "version " + (version & 0xff) + " is not known, only " + VERSION);
    }
    long recordedAtMillis = in.getLong();
    if (recordedAtMillis < 0) {
      return Parsed.malformed(
          FORMAT,
          "byte 1",
          "recorded_at " + Long.toUnsignedString(recordedAtMillis) + " is beyond 2^63 - 1");
    }
    return new Parsed.Ok<>(
        new Leaf(
            recordedAtMillis, Hash.of(leaf, in.position()), Hash.of(leaf, BYTES - Hash.BYTES)));
  }

  /** The leaf's hash in the tree. */
  public Hash hash() {
    return new TreeHasher().leaf(encode());
  }

  /**
   * The digest of a part: SHA-256(salt || bytes).
   *
   * @throws IllegalArgumentException unless the salt has {@value #SALT_BYTES} bytes
   */
  public static Hash digest(byte[] salt, byte[] bytes) {
    requireSalt(salt);
    MessageDigest sha256 = Sha256.create();
    sha256.update(salt);
    sha256.update(bytes);
    return Hash.owning(sha256.digest());
  }

  static void requireSalt(byte[] salt) {
    if (salt.length != SALT_BYTES) {
      throw new IllegalArgumentException("a salt has " + SALT_BYTES + " bytes, not " + salt.length);
    }
  }
}
