package dev.indelible.server.blob;

import java.io.IOException;
import java.nio.file.Path;

/** A stored state is not what was written, or is of a version that this program does not know. */
public final class BlobCorruptException extends IOException {

  private static final long serialVersionUID = 1L;

  BlobCorruptException(Path file, long offset, String what) {
    super(file + ": corrupt at offset " + offset + ": " + what);
  }
}
