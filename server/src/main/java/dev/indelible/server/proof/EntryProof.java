package dev.indelible.server.proof;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.verify.InclusionProof;
import dev.indelible.verify.Leaf;
import dev.indelible.verify.LogProof;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.VerifierKey;
import java.util.List;

/**
 * Evidence that an entry is in its log; checked before it is handed out.
 *
 * @param tenant the tenant of the log
 * @param entry the entry as far as it still exists
 * @param leaf its leaf in the tree
 * @param inclusion leads from the leaf to the checkpoint's root
 * @param checkpoint the log's statement about itself
 * @param verifierKeys the log's keys that signed it
 */
public record EntryProof(
    TenantId tenant,
    StoredEntry entry,
    Leaf leaf,
    InclusionProof inclusion,
    SignedCheckpoint checkpoint,
    List<VerifierKey> verifierKeys) {

  public EntryProof {
    verifierKeys = List.copyOf(verifierKeys);
  }

  /** Returns the proof as a file of c2sp.org/tlog-proof. */
  public LogProof file() {
    return LogProof.ofLeaf(leaf, inclusion, checkpoint);
  }
}
