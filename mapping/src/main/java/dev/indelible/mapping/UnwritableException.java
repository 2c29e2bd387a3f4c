package dev.indelible.mapping;

/** Failure of a map to write a document of one record: it took more work or room than it may. */
public final class UnwritableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnwritableException(String message) {
    super(message, null, false, false);
  }
}
