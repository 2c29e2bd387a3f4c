package dev.indelible.ports.journal;

/** The journal does not accept a batch now; nothing of the batch is acknowledged. */
public final class JournalUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Reason why a journal does not accept a batch. */
  public enum Cause {
    /** The queue is full; try again soon. */
    QUEUE_FULL,
    /** The disk is full; batches are accepted again when there is room. */
    DISK_FULL,
    /** A sync or a write failed; only a restart, which recovers what is on disk, helps. */
    FAILED,
    /** The journal is closed or closing. */
    CLOSED
  }

  private final Cause reason;

  public JournalUnavailableException(Cause reason, String message) {
    super(message);
    this.reason = reason;
  }

  public JournalUnavailableException(Cause reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Reason for the refusal. */
  public Cause reason() {
    return reason;
  }
}
