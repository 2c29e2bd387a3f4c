package dev.indelible.server.seal;

import dev.indelible.server.event.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM with a key for each tenant: base64 of nonce (12 bytes), ciphertext and tag (16
 * bytes). A secret's use is authenticated with it, so that none can be put in another's place.
 * Thread-safe.
 */
public final class TenantCipher {

  private static final String TRANSFORMATION = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final Function<TenantId, byte[]> keys;
  private final RandomGenerator random;

  /**
   * A cipher.
   *
   * @param keys 32 bytes for each tenant, always the same
   * @param random a cryptographically strong generator; thread-safe
   */
  public TenantCipher(Function<TenantId, byte[]> keys, RandomGenerator random) {
    this.keys = keys;
    this.random = random;
  }

  /** Returns new random bytes. */
  public byte[] newSecret(int bytes) {
    byte[] secret = new byte[bytes];
    random.nextBytes(secret);
    return secret;
  }

  /**
   * Encrypts a secret.
   *
   * @param use its use, to be named again when it is opened
   */
  public String seal(TenantId tenant, String use, byte[] secret) {
    byte[] nonce = newSecret(NONCE_BYTES);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, tenant, use, nonce).doFinal(secret);
      byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
      System.arraycopy(sealed, 0, all, NONCE_BYTES, sealed.length);
      return Base64.getEncoder().encodeToString(all);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + TRANSFORMATION, e);
    }
  }

  /**
   * Decrypts a secret; empty when it was sealed under another key or for another use, or is
   * damaged.
   */
  public Optional<byte[]> open(TenantId tenant, String use, String sealed) {
    try {
      byte[] all = Base64.getDecoder().decode(sealed);
      if (all.length <= NONCE_BYTES) {
        return Optional.empty();
      }
      return Optional.of(
          cipher(Cipher.DECRYPT_MODE, tenant, use, Arrays.copyOf(all, NONCE_BYTES))
              .doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES));
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, TenantId tenant, String use, byte[] nonce)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(TRANSFORMATION);
    cipher.init(
        mode, new SecretKeySpec(keys.apply(tenant), "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(use.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
