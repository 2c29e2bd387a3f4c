package dev.indelible.server.journal;

import java.io.IOException;
import java.nio.file.Path;

/** A file is not a journal segment, or one of a version that this program does not know. */
public final class JournalFormatException extends IOException {

  private static final long serialVersionUID = 1L;

  JournalFormatException(Path file, String what) {
    super(file + ": " + what);
  }
}
