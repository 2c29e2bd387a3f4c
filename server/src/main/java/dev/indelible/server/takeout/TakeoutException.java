package dev.indelible.server.takeout;

/**
 * A refusal to take entries out of a log, for a reason that the tenant's profile or a limit gives.
 */
public final class TakeoutException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Reasons of a refusal. */
  public enum Reason {
    /** More entries than {@link EntryExport#MAX_ENTRIES}. */
    TOO_MANY_ENTRIES,
    /** The profile requires that somebody says why. */
    REASON_REQUIRED,
    /** The profile has no exports of the format. */
    FORMAT_NOT_OFFERED
  }

  private final Reason reason;

  /** Refusal with a sentence for whoever asked. */
  public TakeoutException(Reason reason, String detail) {
    super(detail);
    this.reason = reason;
  }

  /** Reason of the refusal. */
  public Reason reason() {
    return reason;
  }
}
