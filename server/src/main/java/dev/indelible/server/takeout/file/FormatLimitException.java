package dev.indelible.server.takeout.file;

import java.io.IOException;

/** An entry that does not fit into a format; the message says which entry, member and limit. */
public final class FormatLimitException extends IOException {
  private static final long serialVersionUID = 1L;

  /** An entry that does not fit, as {@code message} says to whoever asked for the file. */
  public FormatLimitException(String message) {
    super(message);
  }
}
