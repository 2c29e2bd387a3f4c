package dev.indelible.server.log;

import dev.indelible.server.run.StoredEntry;

/** Compares what a caller sent with what is recorded. */
@FunctionalInterface
public interface ContentComparison {

  /**
   * Whether the event has the content that the entry was made from. Where parts of the entry are
   * gone, what is left decides: an event whose entry was purged counts as the same.
   */
  boolean sameContent(NewEntry event, StoredEntry entry);
}
