package dev.indelible.server.run;

import java.io.IOException;

/** A run cannot be read; names the run and the offset in it. */
public sealed class RunException extends IOException {

  private static final long serialVersionUID = 1L;

  private final String run;
  private final long offset;

  private RunException(String run, long offset, String detail) {
    super("run " + run + " at byte " + offset + ": " + detail);
    this.run = run;
    this.offset = offset;
  }

  /** The name of the run. */
  public String run() {
    return run;
  }

  /** Offset in the file, in bytes: the start of the section that cannot be read. */
  public long offset() {
    return offset;
  }

  /** The bytes are not those that were written. */
  public static final class Corrupt extends RunException {
    private static final long serialVersionUID = 1L;

    Corrupt(String run, long offset, String detail) {
      super(run, offset, "corrupt: " + detail);
    }
  }

  /** A newer program wrote it. */
  public static final class TooNew extends RunException {
    private static final long serialVersionUID = 1L;

    TooNew(String run, int version) {
      super(run, RunFormat.VERSION_OFFSET, versions("newer", version));
    }
  }

  /** An older program wrote it, in a version that is no longer read. */
  public static final class TooOld extends RunException {
    private static final long serialVersionUID = 1L;

    TooOld(String run, int version) {
      super(run, RunFormat.VERSION_OFFSET, versions("older", version));
    }
  }

  private static String versions(String comparison, int version) {
    return "format version "
        + Integer.toUnsignedString(version)
        + " is "
        + comparison
        + " than those read here, "
        + RunFormat.OLDEST_VERSION
        + " to "
        + RunFormat.VERSION;
  }
}
