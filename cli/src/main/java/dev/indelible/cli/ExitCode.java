package dev.indelible.cli;

/** Exit codes of the program; the higher ones are those of sysexits.h. */
public final class ExitCode {

  /** Done. */
  public static final int DONE = 0;

  /** Done in part (some events were rejected), or what was checked does not hold. */
  public static final int PARTLY = 1;

  /**
   * Wrong usage: unknown option, unreadable file, bad map; nothing was done, or nothing could be
   * checked.
   */
  public static final int USAGE = 2;

  /** The server cannot be reached, or does not accept work for now; repeating it may help. */
  public static final int UNAVAILABLE = 69;

  /** An error in the program. */
  public static final int SOFTWARE = 70;

  /** Permission denied: the key is missing, wrong or lacks a permission. */
  public static final int NOT_ALLOWED = 77;

  private ExitCode() {}
}
