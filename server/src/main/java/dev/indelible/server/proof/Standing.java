package dev.indelible.server.proof;

import dev.indelible.server.control.LogKey;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.verify.Hash;
import java.util.List;
import java.util.Optional;

/**
 * Place of an entry under the checkpoint that its log signed last.
 *
 * @param origin the log's name
 * @param leafHash of the entry's leaf
 * @param head size and root of the tree
 */
public record Standing(String origin, Hash leafHash, Head head) {

  /** Finds where an entry stands; empty when nothing signed covers it yet. */
  public static Optional<Standing> of(TenantLogs logs, TenantId tenant, StoredEntry entry) {
    Head head = logs.head(tenant);
    List<LogKey> keys = logs.keys().all(tenant);
    return entry.seq() >= head.size() || keys.isEmpty()
        ? Optional.empty()
        : Optional.of(new Standing(keys.getFirst().origin(), Leaves.of(entry).hash(), head));
  }
}
