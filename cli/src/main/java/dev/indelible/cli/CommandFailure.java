package dev.indelible.cli;

/** The outcome of a command that could not do its work, in words for the person who started it. */
public final class CommandFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /**
   * @param exitCode one of {@link ExitCode}
   * @param message the failure and its remedy, for people
   */
  public CommandFailure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** Exit code of the program. */
  public int exitCode() {
    return exitCode;
  }
}
