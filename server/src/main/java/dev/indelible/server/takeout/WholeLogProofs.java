package dev.indelible.server.takeout;

import dev.indelible.server.audit.EntryLeaves;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.takeout.file.FormatLimitException;
import dev.indelible.server.takeout.file.Proofs;
import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.TreeHasher;
import dev.indelible.verify.audit.EntryAudit;
import dev.indelible.verify.audit.Findings;
import dev.indelible.verify.audit.TreeAudit.Known;

/**
 * Evidence of a file that has every entry of a log: their leaves alone, since all of them together
 * yield the checkpoint's root. It is checked here as verifiers do. Not thread-safe.
 */
public final class WholeLogProofs implements Proofs {

  private static final byte[][] NONE = {};
  private static final byte[] NOTHING = {};

  private final Checkpoint checkpoint;
  private final EntryLeaves leaves = new EntryLeaves();
  private final TreeHasher hasher = new TreeHasher();
  private final Findings findings = new Findings();
  private final EntryAudit audit = new EntryAudit(findings);

  /** Evidence of the entries of a checkpoint. */
  public WholeLogProofs(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
    audit.tree().expect(checkpoint.size(), checkpoint.root(), Known.SHOWN);
  }

  @Override
  public Proof of(StoredEntry entry) {
    byte[] leaf = leaves.leaf(entry);
    byte[] facts =
        switch (entry.body()) {
          case StoredEntry.Whole(var parts) -> parts.facts();
          case StoredEntry.PersonalErased erased -> erased.facts();
          case StoredEntry.Purged _ -> NOTHING;
        };
    EntryAudit.Content content =
        switch (entry.body()) {
          case StoredEntry.Whole _ -> EntryAudit.Content.WHOLE;
          case StoredEntry.PersonalErased _ -> EntryAudit.Content.PERSONAL_ERASED;
          case StoredEntry.Purged _ -> EntryAudit.Content.PURGED;
        };
    audit.entry(
        entry.seq(), entry.recordedAtMillis(), content, hasher.leaf(leaf), facts, facts.length);
    return new Proof(leaf, NONE);
  }

  @Override
  public void finish() throws FormatLimitException {
    audit.finish(checkpoint.size());
    if (findings.broken()) {
      throw new FormatLimitException(
          "Entries were deleted after the checkpoint, so that not all of the log can be in the"
              + " file; ask again, with a newer checkpoint.");
    }
  }
}
