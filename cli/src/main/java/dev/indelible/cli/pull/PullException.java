package dev.indelible.cli.pull;

/** A log that cannot be pulled any further without somebody's doing. */
public final class PullException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /** Kinds of failure. */
  public enum Kind {
    /** The options, the state or an answer do not fit. */
    WRONG,
    /** The other side refuses the credentials. */
    NOT_ALLOWED,
    /** The other side does not answer, for as long as it was tried. */
    UNAVAILABLE
  }

  public PullException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** Kind of the failure. */
  public Kind kind() {
    return kind;
  }
}
