package dev.indelible.server;

import dev.indelible.server.event.ActorHasher;
import dev.indelible.server.event.HmacActorHasher;
import dev.indelible.server.event.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Secrets derived from the installation's key: 32 random bytes in a file beside the data, made at
 * the first start.
 *
 * <p>Derivation is HMAC-SHA256 over a label and the tenant's id, so that no derived key tells
 * another. Thread-safe.
 */
final class Secrets {

  private static final int KEY_BYTES = 32;
  private static final String ALGORITHM = "HmacSHA256";
  private static final String LOG_KEY_LABEL = "indelible log key v1";
  private static final String ACTOR_LABEL = "indelible actor hash v1";
  private static final String DESTINATION_LABEL = "indelible destination secret v1";

  private final SecretKeySpec installationKey;

  private Secrets(byte[] key) {
    this.installationKey = new SecretKeySpec(key, ALGORITHM);
  }

  /**
   * Reads the installation's key, or makes it in a directory that has no data yet.
   *
   * @throws ConfigurationException when there is data and no key, or none that can be read
   */
  static Secrets open(DataDirectory data, SecureRandom random)
      throws IOException, ConfigurationException {
    Optional<String> stored = DataDirectory.readSecret(data.installationKey());
    if (stored.isPresent()) {
      try {
        byte[] key = HexFormat.of().parseHex(stored.get());
        if (key.length == KEY_BYTES) {
          return new Secrets(key);
        }
      } catch (IllegalArgumentException e) {
        // said below
      }
      throw new ConfigurationException(
          data.installationKey()
              + " is to hold "
              + KEY_BYTES
              + " bytes in hexadecimal; restore it from a backup");
    }
    if (Files.exists(data.controlJournal())) {
      throw new ConfigurationException(
          data.installationKey()
              + " is missing beside data that was written with it: the logs could not be signed any"
              + " more, and hashed actors not be found. Restore the file from a backup");
    }
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    DataDirectory.writeSecret(data.installationKey(), HexFormat.of().formatHex(key));
    return new Secrets(key);
  }

  /** Hasher of the ids of a tenant's actors, used where its profile wants that. */
  ActorHasher actorHasher(TenantId tenant) {
    return new HmacActorHasher(derive(ACTOR_LABEL, tenant));
  }

  /** Secret under which the private keys of the tenant's log are encrypted: 32 bytes. */
  byte[] logKeySecret(TenantId tenant) {
    return derive(LOG_KEY_LABEL, tenant);
  }

  /** Secret under which the credentials of the tenant's destinations are encrypted: 32 bytes. */
  byte[] destinationSecret(TenantId tenant) {
    return derive(DESTINATION_LABEL, tenant);
  }

  private byte[] derive(String label, TenantId tenant) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(installationKey);
      mac.update(label.getBytes(StandardCharsets.US_ASCII));
      mac.update((byte) 0);
      return mac.doFinal(tenant.value().getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
