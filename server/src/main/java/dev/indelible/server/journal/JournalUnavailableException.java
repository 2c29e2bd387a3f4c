package dev.indelible.server.journal;

/** The journal does not accept a batch now; nothing of the batch is acknowledged. */
public final class JournalUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Why a journal does not accept a batch. */
  public enum Cause {
    /** The queue is full; try again soon. */
    QUEUE_FULL,
    /** There is no room on the disk; accepted again when there is. */
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

  /** Why. */
  public Cause reason() {
    return reason;
  }
}
