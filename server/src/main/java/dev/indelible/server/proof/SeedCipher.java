package dev.indelible.server.proof;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.seal.TenantCipher;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Encrypts the private keys of logs, each tenant's under a key of its own that is derived from the
 * installation's. The verifier key is authenticated with it, so that no seed can be put in
 * another's place. Thread-safe.
 */
public final class SeedCipher {

  private final TenantCipher cipher;

  /**
   * A cipher.
   *
   * @param keys 32 bytes for each tenant, always the same
   * @param random a cryptographically strong generator; thread-safe
   */
  public SeedCipher(Function<TenantId, byte[]> keys, RandomGenerator random) {
    this.cipher = new TenantCipher(keys, random);
  }

  byte[] newSeed(int bytes) {
    return cipher.newSecret(bytes);
  }

  String seal(TenantId tenant, String verifierKey, byte[] seed) {
    return cipher.seal(tenant, verifierKey, seed);
  }

  /**
   * The seed.
   *
   * @throws IllegalStateException when it was sealed under another installation's key, or altered
   */
  byte[] open(TenantId tenant, String verifierKey, String sealed) {
    return cipher
        .open(tenant, verifierKey, sealed)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "the key of tenant "
                        + tenant
                        + "'s log was sealed under another installation's key, or is damaged"));
  }
}
