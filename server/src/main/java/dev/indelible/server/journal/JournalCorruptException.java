package dev.indelible.server.journal;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Bytes that were durable are not what was written; nothing is repaired or skipped. The files need
 * a look, and a backup.
 */
public final class JournalCorruptException extends IOException {

  private static final long serialVersionUID = 1L;

  private final transient Path file;
  private final long offset;

  JournalCorruptException(Path file, long offset, String what) {
    super(file + ": corrupt at offset " + offset + ": " + what);
    this.file = file;
    this.offset = offset;
  }

  /** The damaged file. */
  public Path file() {
    return file;
  }

  /** Offset in the file, in bytes. */
  public long offset() {
    return offset;
  }
}
