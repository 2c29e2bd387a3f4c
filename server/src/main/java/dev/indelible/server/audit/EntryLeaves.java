package dev.indelible.server.audit;

import dev.indelible.server.event.EntryParts;
import dev.indelible.server.log.StoredLeaves;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.verify.Hash;
import dev.indelible.verify.audit.EntryAudit.Content;

/** Leaves of stored entries, computed from what is left of them. Not thread-safe. */
public final class EntryLeaves {

  private static final byte[] NOTHING = {};

  private final StoredLeaves leaves = new StoredLeaves();

  /** The hash of the leaf. */
  public Hash hash(StoredEntry entry) {
    return leaves.hash(entry);
  }

  /** The leaf. */
  public byte[] leaf(StoredEntry entry) {
    return leaves.leaf(entry);
  }

  /** Bytes of what is left of the entry's parts. */
  static int storedBytes(StoredEntry entry) {
    return switch (entry.body()) {
      case StoredEntry.Whole(EntryParts parts) -> {
        byte[] personal = parts.personal();
        yield parts.facts().length + (personal == null ? 0 : personal.length);
      }
      case StoredEntry.PersonalErased erased -> erased.facts().length;
      case StoredEntry.Purged purged -> purged.leaf().length;
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
