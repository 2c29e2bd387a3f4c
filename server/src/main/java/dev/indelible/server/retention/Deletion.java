package dev.indelible.server.retention;

import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.RunRewriter.Treatment;
import dev.indelible.server.run.RunRewriter.Treatments;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A deletion that was decided on: which entries, what of them, and the entry that will say so. It
 * is durable before anything is recorded or deleted, and never changes.
 *
 * @param tenant the tenant of the entries
 * @param kind the part of them that is deleted
 * @param recordId the id of the entry that records it
 * @param decidedAt when it was decided
 * @param by the person or key that decided
 * @param reason why
 * @param basis the grounds: the retention period, or the erasure request's id
 * @param commitment the log's commitment to the person of an erasure request, or null
 * @param acted actors of entries whose personal part is erased for somebody else
 * @param cutOff entries recorded before it were meant, or null when others were
 * @param setDigest SHA-256 over the leaf hashes of the entries, in order, hexadecimal
 * @param entries which entries
 * @param accessParts how many entries say what grants are left of them, or null when nobody looked
 */
record Deletion(
    TenantId tenant,
    Kind kind,
    String recordId,
    Instant decidedAt,
    ChangedBy by,
    String reason,
    String basis,
    @Nullable String commitment,
    List<Acted> acted,
    @Nullable Instant cutOff,
    String setDigest,
    SeqRanges entries,
    @Nullable Integer accessParts) {

  /** Member of what records it, and of its state: see {@link #accessParts}. */
  static final String ACCESS_PARTS = "access_parts";

  Deletion {
    acted = List.copyOf(acted);
  }

  /** Part of the entries that is deleted. */
  enum Kind {
    /** All but the leaf. */
    PURGE(FactsGlance.PURGE, "retention"),
    /** The personal part. */
    ERASE(FactsGlance.ERASE, "erasure");

    final String action;
    final String targetType;

    Kind(String action, String targetType) {
      this.action = action;
      this.targetType = targetType;
    }
  }

  /** The deletion as those are told who keep copies. */
  Copies.Deleted ofCopies() {
    return new Copies.Deleted(tenant, kind == Kind.PURGE, recordId, basis, entries);
  }

  /** Treatment of each entry of the tenant in runs. */
  Treatments treatments() {
    Treatment treatment = kind == Kind.PURGE ? Treatment.PURGE : Treatment.ERASE_PERSONAL;
    return seq -> entries.contains(seq) ? treatment : Treatment.KEEP;
  }

  /**
   * The event that records it; holds nothing personal but who acted in what is erased. {@code
   * docs/formats/deletion.md}.
   */
  Event event() {
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    ArrayNode ranges = details.putArray("ranges");
    for (long[] range : entries.ranges()) {
      ranges.addArray().add(range[0]).add(range[1]);
    }
    details.put("entries", entries.count());
    details.put("set_digest", setDigest);
    if (cutOff != null) {
      details.put("cut_off", cutOff.toString());
    }
    if (accessParts != null) {
      details.put(ACCESS_PARTS, accessParts);
    }
    details.put(kind.targetType, basis);
    if (commitment != null) {
      details.put("commitment", commitment);
    }
    if (!acted.isEmpty()) {
      ArrayNode kept = details.putArray(Acted.MEMBER);
      acted.forEach(one -> one.write(kept));
    }
    return new Event(
        recordId,
        tenant,
        null,
        decidedAt,
        kind.action,
        by.actor(),
        List.of(new Event.Target(kind.targetType, basis, null, null)),
        Event.Outcome.SUCCESS,
        null,
        List.of(),
        reason,
        Event.Context.NONE,
        details);
  }
}
