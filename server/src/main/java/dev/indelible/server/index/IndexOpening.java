package dev.indelible.server.index;

/** Result of opening an index. */
public sealed interface IndexOpening {

  /**
   * Usable index; the log is to be read on from its committed position.
   *
   * @param index the index
   */
  record Opened(EventIndex index) implements IndexOpening {}

  /**
   * Unusable index, which must be built anew.
   *
   * @param reason why
   * @param detail the file and what is wrong with it, for the log
   */
  record Unusable(Reason reason, String detail) implements IndexOpening {}

  /** Reason why an index cannot be used. */
  enum Reason {
    MISSING,
    CORRUPT,
    /** Format of an older version of this program, which is no longer read. */
    OLDER_VERSION,
    /** Format of a newer version of this program. */
    NEWER_VERSION
  }
}
