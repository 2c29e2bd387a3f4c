package dev.indelible.verify;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Standard base64 (RFC 4648, section 4), read so that one value has one spelling: with padding, no
 * line breaks, and zero bits where the last character has some to spare.
 */
final class CanonicalBase64 {

  private CanonicalBase64() {}

  /** The bytes, or null if this is not how they are spelled. */
  static byte @Nullable [] decode(String base64) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return null;
    }
    return encode(bytes).equals(base64) ? bytes : null;
  }

  static String encode(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
