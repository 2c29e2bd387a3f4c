package dev.indelible.server.log;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.verify.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * The ids of entries: their 64-bit hashes for the filters of runs, and how an id is read back from
 * an entry's facts.
 */
public interface EntryIds {

  /** The id of a stored entry, or empty when it has been purged. */
  Optional<String> idOf(StoredEntry entry);

  /**
   * 64 bits of SHA-256 over the tenant, a zero byte and the id: nobody can make two ids collide on
   * purpose at will.
   */
  static long hash(TenantId tenant, String id) {
    MessageDigest digest = Sha256.create();
    digest.update(tenant.value().getBytes(StandardCharsets.US_ASCII));
    digest.update((byte) 0);
    digest.update(id.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(digest.digest()).getLong();
  }
}
