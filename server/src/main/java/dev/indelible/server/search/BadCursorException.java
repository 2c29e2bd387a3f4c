package dev.indelible.server.search;

/** A cursor that is none, or that belongs to another query. */
public final class BadCursorException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BadCursorException(String message) {
    super(message);
  }
}
