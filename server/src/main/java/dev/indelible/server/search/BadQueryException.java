package dev.indelible.server.search;

import dev.indelible.server.query.QueryProblem;

/** A query that was not understood. */
public final class BadQueryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient QueryProblem problem;

  BadQueryException(QueryProblem problem) {
    super(problem.message());
    this.problem = problem;
  }

  /** Problem of the query, and its position. */
  public QueryProblem problem() {
    return problem;
  }
}
