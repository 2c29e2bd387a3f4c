package dev.indelible.verify;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Digests by SHA-256 (FIPS 180-4), which every Java platform has to provide. */
public final class Sha256 {

  private Sha256() {}

  /** Returns a new digest that nothing was added to. */
  public static MessageDigest create() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java platform lacks SHA-256", e);
    }
  }

  /** Returns the digest of these bytes. */
  public static byte[] of(byte[] bytes) {
    return create().digest(bytes);
  }

  /** Returns the digest of a text in UTF-8. */
  public static byte[] of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Refuses any other digest, whose values would fit nothing. */
  static MessageDigest require(MessageDigest digest) {
    if (!digest.getAlgorithm().equals("SHA-256")) {
      throw new IllegalArgumentException("needs SHA-256, not " + digest.getAlgorithm());
    }
    digest.reset();
    return digest;
  }

  /** Writes the value to {@code target} without allocating, and resets the digest. */
  static void finish(MessageDigest digest, byte[] target, int offset) {
    try {
      digest.digest(target, offset, Hash.BYTES);
    } catch (DigestException e) {
      throw new IllegalArgumentException("no room for a hash at " + offset, e);
    }
  }
}
