package dev.indelible.server.sink;

import dev.indelible.server.event.TenantId;
import java.util.List;

/**
 * Entries of one tenant's log that are sent together, in the order of their sequence numbers, with
 * gaps where the stream's query does not match.
 *
 * @param stream id of the stream
 * @param tenant whose entries
 * @param number number of the batch in the stream's ledger of that tenant, from 1; a repeat has the
 *     same number and the same messages
 * @param messages at least one
 */
public record Batch(String stream, TenantId tenant, long number, List<Message> messages) {
  public Batch {
    messages = List.copyOf(messages);
  }

  /** The sequence number of its first entry. */
  public long firstSeq() {
    return messages.getFirst().seq();
  }

  /** The sequence number of its last entry. */
  public long lastSeq() {
    return messages.getLast().seq();
  }
}
