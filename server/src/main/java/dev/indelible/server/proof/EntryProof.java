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
 * @param tenant whose log it is
 * @param entry what is left of the entry
 * @param leaf what the tree holds of it
 * @param inclusion leads from the leaf to the checkpoint's root
 * @param checkpoint what the log says of itself
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
