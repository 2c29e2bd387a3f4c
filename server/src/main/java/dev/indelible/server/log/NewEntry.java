package dev.indelible.server.log;

import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;

/**
 * An accepted event on its way to the journal: validated, classified, split and salted.
 *
 * @param tenant the tenant whose log it goes to
 * @param id the caller's idempotency key, or a UUIDv7 of the server's
 * @param callerChoseId whether {@code id} is the caller's: only then can it have been seen before
 * @param releasesIds whether it is the record of a purge: the ids of the entries that it names are
 *     free from it on
 * @param parts its bytes
 */
public record NewEntry(
    TenantId tenant, String id, boolean callerChoseId, boolean releasesIds, EntryParts parts) {

  /** An entry that is no record of a purge. */
  public NewEntry(TenantId tenant, String id, boolean callerChoseId, EntryParts parts) {
    this(tenant, id, callerChoseId, false, parts);
  }

  /** Size of an entry beside its parts, its id and its tenant, in bytes; an upper bound. */
  static final int OVERHEAD_BYTES = 1 + 1 + 2 + 2 * (EntryParts.SALT_BYTES + Integer.BYTES);

  /** An upper bound of its size in a journal batch, in bytes. */
  public int maxEncodedBytes() {
    byte[] personal = parts.personal();
    return OVERHEAD_BYTES
        + tenant.value().length()
        + 3 * id.length()
        + parts.facts().length
        + (personal == null ? 0 : personal.length);
  }
}
