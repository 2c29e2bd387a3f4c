package dev.indelible.server.evidence.pack;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** UUIDs by name, version 5 (RFC 9562, section 5.5): the same name has the same one for ever. */
final class NamedUuid {

  /** The namespace of packs: a random UUID, chosen once. */
  private static final UUID NAMESPACE = UUID.fromString("5b0c3a1e-7d52-4f0e-9a59-1c1d6f0e7a42");

  private NamedUuid() {}

  /** The UUID of a name. */
  static String of(String... name) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(
          ByteBuffer.allocate(16)
              .putLong(NAMESPACE.getMostSignificantBits())
              .putLong(NAMESPACE.getLeastSignificantBits())
              .array());
      sha1.update(String.join("\n", name).getBytes(StandardCharsets.UTF_8));
      ByteBuffer digest = ByteBuffer.wrap(sha1.digest());
      long high = (digest.getLong() & 0xffff_ffff_ffff_0fffL) | 0x5000L;
      long low = (digest.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
      return new UUID(high, low).toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
