package dev.indelible.cli.client;

/** The server did not answer, or said "not now" until patience ended; the message says which. */
public final class UnreachableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnreachableException(String message) {
    super(message);
  }
}
