package dev.indelible.server.event;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The {@link ActorHasher} of one tenant's key. Thread-safe; hold one for each key. */
public final class HmacActorHasher implements ActorHasher {

  /** Length of a key in bytes. */
  public static final int KEY_BYTES = 32;

  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  /**
   * A hasher with this key.
   *
   * @param key {@value #KEY_BYTES} bytes, copied
   */
  public HmacActorHasher(byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("a key of " + KEY_BYTES + " bytes");
    }
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  @Override
  public String hash(String actorId) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return HexFormat.of().formatHex(mac.doFinal(actorId.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException missing) {
      // Every Java platform must have HmacSHA256.
      throw new IllegalStateException(missing);
    }
  }
}
