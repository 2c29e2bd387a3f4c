package dev.indelible.verify;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Factory of SHA-256 digests (FIPS 180-4), which every Java platform has to provide. */
final class Sha256 {

  private Sha256() {}

  static MessageDigest create() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java platform lacks SHA-256", e);
    }
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
