package dev.indelible.server.query;

/** Carries a problem out of the lexer and the parser; never leaves {@link QueryParser}. */
final class QuerySyntaxException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient QueryProblem problem;

  QuerySyntaxException(int column, int length, String message, String hint) {
    super(message, null, false, false);
    problem = new QueryProblem(column, Math.max(1, length), message, hint);
  }

  QueryProblem problem() {
    return problem;
  }
}
