package dev.indelible.server.proof;

import dev.indelible.server.event.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts the private keys of logs by AES-256-GCM, each tenant's under a key of its own that is
 * derived from the installation's: base64 of nonce, ciphertext and tag. The verifier key is
 * authenticated with it, so that no seed can be put in another's place. Thread-safe.
 */
public final class SeedCipher {

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
  public SeedCipher(Function<TenantId, byte[]> keys, RandomGenerator random) {
    this.keys = keys;
    this.random = random;
  }

  byte[] newSeed(int bytes) {
    byte[] seed = new byte[bytes];
    random.nextBytes(seed);
    return seed;
  }

  String seal(TenantId tenant, String verifierKey, byte[] seed) {
    byte[] nonce = newSeed(NONCE_BYTES);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, tenant, verifierKey, nonce).doFinal(seed);
      byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
      System.arraycopy(sealed, 0, all, NONCE_BYTES, sealed.length);
      return Base64.getEncoder().encodeToString(all);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + TRANSFORMATION, e);
    }
  }

  /**
   * The seed.
   *
   * @throws IllegalStateException when it was sealed under another installation's key, or altered
   */
  byte[] open(TenantId tenant, String verifierKey, String sealed) {
    try {
      byte[] all = Base64.getDecoder().decode(sealed);
      if (all.length <= NONCE_BYTES) {
        throw new IllegalStateException("the key of tenant " + tenant + "'s log is no sealed seed");
      }
      return cipher(Cipher.DECRYPT_MODE, tenant, verifierKey, Arrays.copyOf(all, NONCE_BYTES))
          .doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "the key of tenant "
              + tenant
              + "'s log was sealed under another installation's key, or is damaged",
          e);
    }
  }

  private Cipher cipher(int mode, TenantId tenant, String verifierKey, byte[] nonce)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(TRANSFORMATION);
    cipher.init(
        mode, new SecretKeySpec(keys.apply(tenant), "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(verifierKey.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
