package dev.indelible.server.share;

/** A share is used up: nothing was done, and the same may be asked again soon. */
public final class BusyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Share that is used up. */
  public enum Share {
    /** One caller's part of its tenant's share. */
    MEMBER,
    /** One tenant's. */
    GROUP,
    /** Share of everybody. */
    ALL
  }

  private final Share share;

  BusyException(Share share, String message) {
    super(message);
    this.share = share;
  }

  /** Share that is used up. */
  public Share share() {
    return share;
  }
}
