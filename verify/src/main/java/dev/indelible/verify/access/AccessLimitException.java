package dev.indelible.verify.access;

/** Thrown when a log has more people or grants than one review holds. */
public final class AccessLimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  AccessLimitException(String message) {
    super(message);
  }
}
