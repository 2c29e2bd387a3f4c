package dev.indelible.server.event;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The {@link ActorHasher} of one tenant's key. Thread-safe; hold one for each key.
 *
 * <p>The same few actors act again and again: the last hash of each place of a small table is kept,
 * so that most ids are not hashed again.
 */
public final class HmacActorHasher implements ActorHasher {

  /** Length of a key in bytes. */
  public static final int KEY_BYTES = 32;

  /** The most hashes that are kept, a power of two. */
  static final int MAX_KEPT = 64;

  private static final String ALGORITHM = "HmacSHA256";

  private record Kept(String id, String hash) {}

  private final SecretKeySpec key;
  private final AtomicReferenceArray<@Nullable Kept> kept = new AtomicReferenceArray<>(MAX_KEPT);

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
    int place = (actorId.hashCode() ^ (actorId.hashCode() >>> 16)) & (MAX_KEPT - 1);
    Kept known = kept.get(place);
    if (known != null && known.id.equals(actorId)) {
      return known.hash;
    }
    String hash = hmac(actorId);
    kept.set(place, new Kept(actorId, hash));
    return hash;
  }

  private String hmac(String actorId) {
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
