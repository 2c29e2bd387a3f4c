package dev.indelible.server.retention;

import java.io.IOException;

/** Listener of the steps of a deletion, in the order of {@link Step}. */
@FunctionalInterface
public interface DeletionSteps {

  /** Listener that does nothing. */
  DeletionSteps UNWATCHED = _ -> {};

  /** A step is done; what it did is durable. */
  void reached(Step step) throws IOException;

  /** The steps of {@link Deletions}. */
  enum Step {
    /** The decision to delete is durable. */
    DECIDED,
    /** The journal begins a new file with the next append. */
    ROTATED,
    /** The record is an entry, and a checkpoint covers it. */
    RECORDED,
    /** All entries are in runs. */
    SEALED,
    /** The index no longer finds it. */
    UNINDEXED,
    /** The runs are without it. */
    REWRITTEN,
    /** The index's files are without it. */
    EXPUNGED,
    /** The journal's files are without it. */
    FORGOTTEN,
    /** No deletion is under way. */
    DONE
  }
}
