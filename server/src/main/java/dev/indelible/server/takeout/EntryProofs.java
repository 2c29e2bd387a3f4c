package dev.indelible.server.takeout;

import dev.indelible.server.audit.EntryLeaves;
import dev.indelible.server.proof.ProofWalk;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.takeout.file.Proofs;
import dev.indelible.verify.Hash;
import dev.indelible.verify.TreeHasher;
import java.io.IOException;

/** Proofs of the entries of a file, by one walk of the tree. Not thread-safe. */
public final class EntryProofs implements Proofs {

  private final ProofWalk walk;
  private final EntryLeaves leaves = new EntryLeaves();
  private final TreeHasher hasher = new TreeHasher();

  /** Proofs by the checkpoint of {@code walk}. */
  public EntryProofs(ProofWalk walk) {
    this.walk = walk;
  }

  @Override
  public Proof of(StoredEntry entry) throws IOException {
    byte[] leaf = leaves.leaf(entry);
    Hash hash = hasher.leaf(leaf);
    return new Proof(leaf, walk.of(entry.seq(), hash));
  }
}
