package dev.indelible.server.disk;

import java.io.IOException;
import java.nio.file.Path;

/** Signals that there is no room left on the disk, or in the quota. */
public final class DiskFullException extends IOException {

  private static final long serialVersionUID = 1L;

  public DiskFullException(Path file, Throwable cause) {
    super(file + ": no room left on the disk", cause);
  }
}
