package dev.indelible.server.retention;

import java.io.IOException;

/** Is told of each step of a deletion, in the order of {@link Step}. */
@FunctionalInterface
public interface DeletionSteps {

  /** Nobody is told. */
  DeletionSteps UNWATCHED = _ -> {};

  /** A step is done; what it did is durable. */
  void reached(Step step) throws IOException;

  /** The steps of {@link Deletions}. */
  enum Step {
    /** What is to be deleted is durable. */
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
    /** Nothing is under way. */
    DONE
  }
}
