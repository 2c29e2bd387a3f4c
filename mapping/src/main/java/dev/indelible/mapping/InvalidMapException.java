package dev.indelible.mapping;

/** A map that cannot be used; the message names the map and the place in it. */
public final class InvalidMapException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  InvalidMapException(String message) {
    super(message);
  }
}
