package dev.indelible.cli;

import dev.indelible.cli.client.Answer;

/** Refusals of a server as outcomes of a command. */
final class Answers {

  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int SERVER_ERROR = 500;

  private Answers() {}

  /** Maps the status of a refusal to the program's exit code. */
  static int exitCode(int status) {
    if (status == UNAUTHORIZED || status == FORBIDDEN) {
      return ExitCode.NOT_ALLOWED;
    }
    return status >= SERVER_ERROR ? ExitCode.UNAVAILABLE : ExitCode.USAGE;
  }

  /** The refusal of a request with the query {@code query}, its error marked where it is. */
  static CommandFailure refused(Answer answer, String query) {
    String message = answer.problem();
    int column = answer.body().path("column").asInt(0);
    if (answer.status() == BAD_REQUEST && column > 0 && column <= query.length() + 1) {
      message += "\n  " + query + "\n  " + " ".repeat(column - 1) + "^";
    }
    return new CommandFailure(exitCode(answer.status()), message);
  }
}
