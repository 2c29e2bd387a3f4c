package dev.indelible.client;

/** Thrown when the server refused a whole request; {@link #problem} says why. */
public final class RefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Answer answer;
  private final int status;

  RefusedException(Answer answer) {
    this(answer.problem().toString(), answer);
  }

  RefusedException(String message, Answer answer) {
    super(message);
    this.answer = answer;
    this.status = answer.status();
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The server's problem document. */
  public Problem problem() {
    return answer.problem();
  }
}
