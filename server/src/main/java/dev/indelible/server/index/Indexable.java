package dev.indelible.server.index;

import dev.indelible.server.event.Entry;
import dev.indelible.server.event.EntryCodec;
import dev.indelible.server.event.TenantId;
import java.time.Instant;

/**
 * An entry as the log stores it, on its way into the index. Its place is known without reading it,
 * so that a batch can be put in order before its content takes any memory.
 *
 * @param tenant the tenant whose log holds it
 * @param seq its place in that log, from 0
 * @param recordedAtMillis when it was recorded, milliseconds since 1970-01-01 UTC
 * @param parts its bytes, which nobody writes to
 * @param personalErased whether the personal part existed and is gone
 */
public record Indexable(
    TenantId tenant,
    long seq,
    long recordedAtMillis,
    EntryCodec.Parts parts,
    boolean personalErased) {

  /**
   * The entry that the parts hold.
   *
   * @throws dev.indelible.server.event.CorruptEntryException when they are not what was written
   */
  Entry decode(EntryCodec codec) {
    return codec.decode(seq, Instant.ofEpochMilli(recordedAtMillis), parts, personalErased);
  }
}
