package dev.indelible.cli;

import dev.indelible.client.Answer;
import dev.indelible.client.Problem;
import dev.indelible.client.RefusedException;

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

  /** The refusal of a request. */
  static CommandFailure refused(Answer answer) {
    return refused(answer.problem(), "");
  }

  /** The refusal of a request with the query {@code query}, its error marked where it is. */
  static CommandFailure refused(RefusedException refusal, String query) {
    return refused(refusal.problem(), query);
  }

  private static CommandFailure refused(Problem problem, String query) {
    String message = problem.toString();
    long column = problem.json().at("column").integer().orElse(0);
    if (problem.status() == BAD_REQUEST && column > 0 && column <= query.length() + 1) {
      message += "\n  " + query + "\n  " + " ".repeat((int) column - 1) + "^";
    }
    return new CommandFailure(exitCode(problem.status()), message);
  }

  /** The refusal of a log that was to be checked or exported. */
  static CommandFailure refusedLog(RefusedException refusal) {
    boolean notAllowed = refusal.status() == UNAUTHORIZED || refusal.status() == FORBIDDEN;
    return new CommandFailure(
        notAllowed ? ExitCode.NOT_ALLOWED : ExitCode.USAGE, String.valueOf(refusal.getMessage()));
  }
}
