package dev.indelible.server.audit;

import dev.indelible.server.event.EntryParts;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.verify.Hash;
import dev.indelible.verify.Leaf;
import dev.indelible.verify.LeafHasher;
import dev.indelible.verify.TreeHasher;
import dev.indelible.verify.audit.EntryAudit.Content;

/** Leaves of stored entries, computed from what is left of them. Not thread-safe. */
public final class EntryLeaves {

  private static final byte[] NOTHING = {};

  private final LeafHasher hasher = new LeafHasher();
  private final TreeHasher treeHasher = new TreeHasher();

  /** The hash of the leaf. */
  public Hash hash(StoredEntry entry) {
    return switch (entry.body()) {
      case StoredEntry.Whole(EntryParts parts) ->
          hasher.hash(
              entry.recordedAtMillis(),
              parts.factsSalt(),
              parts.facts(),
              parts.personalSalt(),
              parts.personal());
      case StoredEntry.PersonalErased _, StoredEntry.Purged _ -> treeHasher.leaf(leaf(entry));
    };
  }

  /** The leaf. */
  public byte[] leaf(StoredEntry entry) {
    return switch (entry.body()) {
      case StoredEntry.Whole(EntryParts parts) -> {
        byte[] personal = parts.personal();
        byte[] salt = parts.personalSalt();
        yield new Leaf(
                entry.recordedAtMillis(),
                Leaf.digest(parts.factsSalt(), parts.facts()),
                personal == null || salt == null ? Leaf.NO_PERSONAL : Leaf.digest(salt, personal))
            .encode();
      }
      case StoredEntry.PersonalErased(byte[] facts, byte[] salt, byte[] personalDigest) ->
          new Leaf(entry.recordedAtMillis(), Leaf.digest(salt, facts), Hash.of(personalDigest))
              .encode();
      case StoredEntry.Purged(byte[] leaf) -> leaf;
    };
  }

  static Content content(StoredEntry entry) {
    return switch (entry.body()) {
      case StoredEntry.Whole _ -> Content.WHOLE;
      case StoredEntry.PersonalErased _ -> Content.PERSONAL_ERASED;
      case StoredEntry.Purged _ -> Content.PURGED;
    };
  }

  static byte[] facts(StoredEntry entry) {
    return switch (entry.body()) {
      case StoredEntry.Whole(EntryParts parts) -> parts.facts();
      case StoredEntry.PersonalErased erased -> erased.facts();
      case StoredEntry.Purged _ -> NOTHING;
    };
  }
}
