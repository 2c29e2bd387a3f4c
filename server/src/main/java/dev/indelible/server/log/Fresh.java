package dev.indelible.server.log;

import dev.indelible.server.run.StoredEntry;

/** Fresh entries in the form of sealed ones. */
final class Fresh {

  private Fresh() {}

  static StoredEntry stored(FreshEntry entry) {
    return new StoredEntry(
        entry.seq(), entry.recordedAtMillis(), new StoredEntry.Whole(entry.parts()));
  }
}
