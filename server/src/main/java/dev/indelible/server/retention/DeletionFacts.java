package dev.indelible.server.retention;

import dev.indelible.server.event.Entry;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Facts of an entry that records a deletion; see {@code docs/formats/deletion.md}. */
public final class DeletionFacts {

  private DeletionFacts() {}

  /** Whether the entry records a deletion. */
  public static boolean isRecord(Entry entry) {
    return isPurge(entry) || entry.event().action().equals(FactsGlance.ERASE);
  }

  /** Whether it records the deletion of whole entries. */
  public static boolean isPurge(Entry entry) {
    return entry.event().action().equals(FactsGlance.PURGE);
  }

  /** Details of the entry; empty when it has none. */
  public static ObjectNode details(Entry entry) {
    ObjectNode details = entry.event().details();
    return details == null ? JsonNodeFactory.instance.objectNode() : details;
  }

  /** Sentence that states what was deleted. */
  public static String statement(Entry entry) {
    ObjectNode details = details(entry);
    long entries = details.path("entries").asLong(0);
    String count = entries == 1 ? "1 entry" : entries + " entries";
    String cutOff = details.path("cut_off").asString("");
    return isPurge(entry)
        ? "The content of %s of tenant %s%s was deleted from the server's log, runs and index. Their leaves remain, so that everything else can still be proven."
            .formatted(
                count, entry.tenant(), cutOff.isEmpty() ? "" : ", recorded before " + cutOff + ",")
        : "The personal part of %s of tenant %s was deleted from the server's log, runs and index. The facts remain, provably as they were recorded."
            .formatted(count, entry.tenant());
  }
}
