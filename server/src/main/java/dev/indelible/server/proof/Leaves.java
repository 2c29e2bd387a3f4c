package dev.indelible.server.proof;

import dev.indelible.server.event.EntryParts;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.verify.Hash;
import dev.indelible.verify.Leaf;

/** The leaves of stored entries, computed from what is left of them. */
final class Leaves {

  private Leaves() {}

  /** The leaf that the entry's bytes give; whether it is the one in the tree is to be compared. */
  static Leaf of(StoredEntry entry) {
    return switch (entry.body()) {
      case StoredEntry.Whole(EntryParts parts) -> {
        byte[] personal = parts.personal();
        byte[] personalSalt = parts.personalSalt();
        yield new Leaf(
            entry.recordedAtMillis(),
            Leaf.digest(parts.factsSalt(), parts.facts()),
            personal == null || personalSalt == null
                ? Leaf.NO_PERSONAL
                : Leaf.digest(personalSalt, personal));
      }
      case StoredEntry.PersonalErased(byte[] facts, byte[] factsSalt, byte[] personalDigest) ->
          new Leaf(
              entry.recordedAtMillis(), Leaf.digest(factsSalt, facts), Hash.of(personalDigest));
      case StoredEntry.Purged(byte[] leaf) -> Leaf.decode(leaf).orThrow();
    };
  }
}
