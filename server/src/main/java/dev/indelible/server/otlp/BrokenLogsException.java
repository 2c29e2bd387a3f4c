package dev.indelible.server.otlp;

import dev.indelible.server.event.Problem;

/** A request of which nothing can be used; ends its reading. */
final class BrokenLogsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  BrokenLogsException(Problem.Code code, String detail) {
    super(detail);
    this.problem = new Problem("", code, detail);
  }

  Problem problem() {
    return problem;
  }
}
