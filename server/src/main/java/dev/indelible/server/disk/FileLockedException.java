package dev.indelible.server.disk;

import java.io.IOException;
import java.nio.file.Path;

/** Signals that another process, or another part of this one, holds the lock. */
public final class FileLockedException extends IOException {

  private static final long serialVersionUID = 1L;

  public FileLockedException(Path file) {
    super(file + ": held by another process; only one may use this directory at a time");
  }
}
