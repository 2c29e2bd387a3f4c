package dev.indelible.mapping;

/** A map that cannot be used; the message names the map and the place in it. */
public final class InvalidMapException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** An error; the message is "map NAME:LINE: PLACE PROBLEM". */
  public InvalidMapException(String message) {
    super(message);
  }
}
