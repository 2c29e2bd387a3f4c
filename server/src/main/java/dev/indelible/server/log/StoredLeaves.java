package dev.indelible.server.log;

import dev.indelible.server.event.EntryParts;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.verify.Hash;
import dev.indelible.verify.Leaf;
import dev.indelible.verify.LeafHasher;
import dev.indelible.verify.Rfc6962;

/** Leaf hashes of stored entries, from what is left of their parts. Not thread-safe. */
public final class StoredLeaves {

  private final LeafHasher hasher = new LeafHasher();

  /** The leaf, from what is left of the entry. */
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

  /** The RFC 6962 hash of the entry's leaf. */
  public Hash hash(StoredEntry entry) {
    return switch (entry.body()) {
      case StoredEntry.Whole(EntryParts parts) ->
          hasher.hash(
              entry.recordedAtMillis(),
              parts.factsSalt(),
              parts.facts(),
              parts.personalSalt(),
              parts.personal());
      case StoredEntry.PersonalErased(byte[] facts, byte[] salt, byte[] personalDigest) ->
          new Leaf(entry.recordedAtMillis(), Leaf.digest(salt, facts), Hash.of(personalDigest))
              .hash();
      case StoredEntry.Purged(byte[] leaf) -> Rfc6962.leafHash(leaf);
    };
  }
}
