package dev.indelible.server.log;

import dev.indelible.server.event.TenantId;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Entries whose ids are free again while their deletion is under way.
 *
 * <p>An id lives as long as its entry. When exactly it ends must follow from the journal alone, or
 * a replay, or another process that reads the same journal, would decide about a repeated id in
 * another way, and make another tree: it ends where the record of the deletion is sequenced, which
 * says itself which entries it is about, whether the entry itself is still in a run, in memory or
 * in the index by then. Once everything up to that record is sealed and the entry is gone from the
 * index, nothing needs to be remembered. Thread-safe.
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
   * Learns of a deletion that an earlier process left under way, before anything is sequenced: its
   * record may be sealed, so that it is not sequenced again, or of a build whose records did not
   * say for the sequencer what they are about.
   *
   * @param sealed whether the record is sealed already
   */
  void expect(UnderWay deletion, boolean sealed) {
    deletions.put(
        new Key(deletion.tenant(), deletion.recordId()), new Released(deletion.seqs(), sealed));
  }

  /** The deletion is complete. */
  public void complete(TenantId tenant, String recordId) {
    deletions.remove(new Key(tenant, recordId));
  }

  /** Takes note of an entry that was sequenced. The sequencer's. */
  void sequenced(NewEntry entry) {
    if (entry.releasesIds()) {
      deletions.put(
          new Key(entry.tenant(), entry.id()), new Released(deleted(entry.parts().facts()), true));
    } else if (!deletions.isEmpty()) {
      deletions.computeIfPresent(
          new Key(entry.tenant(), entry.id()),
          (_, released) -> new Released(released.seqs(), true));
    }
  }

  /** Predicate of the entries that a record deletes; {@code docs/formats/deletion.md}. */
  private static LongPredicate deleted(byte[] facts) {
    NavigableMap<Long, Long> ends = new TreeMap<>();
    try {
      for (JsonNode range : JsonMapper.shared().readTree(facts).path("details").path("ranges")) {
        ends.put(range.path(0).longValue(), range.path(1).longValue());
      }
    } catch (JacksonException e) {
      throw new IllegalStateException("the record of a deletion is not JSON", e);
    }
    return seq -> {
      Map.Entry<Long, Long> range = ends.floorEntry(seq);
      return range != null && seq < range.getValue();
    };
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
