package dev.indelible.server.journal;

import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.disk.DiskFullException;

/** Tells a full disk from other failures, for those who know no disk. */
public final class FullDisk {

  /** The longest chain of causes that is looked at, since a chain may be a ring. */
  static final int MAX_CAUSES = 16;

  private FullDisk() {}

  /** Whether it came of a disk, or a quota, without room. */
  public static boolean isCauseOf(Throwable failure) {
    Throwable one = failure;
    for (int depth = 0; one != null && depth < MAX_CAUSES; depth++) {
      if (one instanceof DiskFullException
          || (one instanceof JournalUnavailableException unavailable
              && unavailable.reason() == JournalUnavailableException.Cause.DISK_FULL)) {
        return true;
      }
      one = one.getCause();
    }
    return false;
  }
}
