package dev.indelible.server.journal;

/**
 * Hears how a journal is doing, for metrics. Called on the journal's own threads: returns quickly
 * and throws nothing.
 */
public interface JournalListener {

  /** Hears nothing. */
  JournalListener NONE =
      new JournalListener() {
        @Override
        public void groupCommitted(int batches, long bytes, long forceNanos) {}

        @Override
        public void segmentStarted(long waitNanos) {}
      };

  /**
   * A group of batches became durable together.
   *
   * @param batches how many
   * @param bytes written for them, frames included
   * @param forceNanos how long the force took
   */
  void groupCommitted(int batches, long bytes, long forceNanos);

  /**
   * The journal went on to the next segment.
   *
   * @param waitNanos how long the committer waited for it; above zero it was not ready in time
   */
  void segmentStarted(long waitNanos);
}
