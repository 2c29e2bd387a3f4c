package dev.indelible.cli.source;

import java.io.IOException;

/**
 * A compressed file that cannot be read to its end; the message says why, without the file's name.
 */
final class DamagedGzipException extends IOException {

  private static final long serialVersionUID = 1L;

  DamagedGzipException(String message) {
    super(message);
  }
}
