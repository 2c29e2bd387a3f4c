package dev.indelible.server.log;

import dev.indelible.server.event.TenantId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;

/**
 * Entries whose ids are free again while their deletion is under way.
 *
 * <p>An id lives as long as its entry. When exactly it ends must follow from the journal alone, or
 * a replay would decide about a repeated id in another way than the first time, and make another
 * tree: it ends where the record of the deletion is sequenced, whether the entry itself is still in
 * a run, in memory or in the index by then. Once everything up to that record is sealed and the
 * entry is gone from the index, nothing needs to be remembered. Thread-safe.
 */
public final class ReleasedIds {

  /**
   * A deletion that is under way.
   *
   * @param tenant the tenant of the entries
   * @param recordId the id of the entry that records it
   * @param seqs which of the tenant's entries it deletes
   */
  public record UnderWay(TenantId tenant, String recordId, LongPredicate seqs) {}

  private record Key(TenantId tenant, String recordId) {}

  private record Released(LongPredicate seqs, boolean active) {}

  private final Map<Key, Released> deletions = new ConcurrentHashMap<>();

  ReleasedIds() {}

  /**
   * Expects the record of a deletion.
   *
   * @param recordId the id of the entry that will record it
   * @param seqs which of the tenant's entries it deletes
   * @param active whether the record is sealed already
   */
  public void expect(TenantId tenant, String recordId, LongPredicate seqs, boolean active) {
    deletions.put(new Key(tenant, recordId), new Released(seqs, active));
  }

  /** The deletion is complete. */
  public void complete(TenantId tenant, String recordId) {
    deletions.remove(new Key(tenant, recordId));
  }

  /** An entry was sequenced. The sequencer's. */
  void sequenced(TenantId tenant, String id) {
    if (!deletions.isEmpty()) {
      deletions.computeIfPresent(
          new Key(tenant, id), (_, released) -> new Released(released.seqs(), true));
    }
  }

  /** Whether the id of the tenant's entry at {@code seq} is free. */
  boolean isReleased(TenantId tenant, long seq) {
    if (deletions.isEmpty()) {
      return false;
    }
    for (Map.Entry<Key, Released> entry : deletions.entrySet()) {
      if (entry.getValue().active()
          && entry.getKey().tenant().equals(tenant)
          && entry.getValue().seqs().test(seq)) {
        return true;
      }
    }
    return false;
  }
}
