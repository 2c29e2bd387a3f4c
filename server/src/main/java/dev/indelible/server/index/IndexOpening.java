package dev.indelible.server.index;

/** What opening an index yields. */
public sealed interface IndexOpening {

  /**
   * It can be used; the log is to be read on from its committed position.
   *
   * @param index the index
   */
  record Opened(EventIndex index) implements IndexOpening {}

  /**
   * It cannot be used and must be built anew.
   *
   * @param reason why
   * @param detail the file and what is wrong with it, for the log
   */
  record Unusable(Reason reason, String detail) implements IndexOpening {}

  /** Why an index cannot be used. */
  enum Reason {
    MISSING,
    CORRUPT,
    /** Written by an older version of this program, whose format is no longer read. */
    OLDER_VERSION,
    /** Written by a newer version of this program. */
    NEWER_VERSION
  }
}
