package dev.indelible.server.log;

import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.verify.Hash;

/**
 * A sequenced entry that is still in memory.
 *
 * @param tenant the tenant whose log holds it
 * @param seq its place in that log
 * @param id its id
 * @param recordedAtMillis when it was recorded
 * @param parts its bytes
 * @param leafHash RFC 6962
 * @param ordinal its place among all entries sequenced since this process started, from 0
 */
public record FreshEntry(
    TenantId tenant,
    long seq,
    String id,
    long recordedAtMillis,
    EntryParts parts,
    Hash leafHash,
    long ordinal) {

  /** Memory of an entry beside its bytes; an estimate, in bytes. */
  static final int OVERHEAD_BYTES = 320;

  /** Roughly what it costs in memory, in bytes. */
  int memoryBytes() {
    byte[] personal = parts.personal();
    return OVERHEAD_BYTES
        + parts.facts().length
        + (personal == null ? 0 : personal.length)
        + id.length();
  }
}
