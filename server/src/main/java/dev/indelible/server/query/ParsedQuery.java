package dev.indelible.server.query;

/** Result of parsing a query: a filter, or the problem with it. */
public sealed interface ParsedQuery permits ParsedQuery.Valid, QueryProblem {

  /**
   * A query that was understood.
   *
   * @param filter the meaning of the query
   */
  record Valid(Filter filter) implements ParsedQuery {}
}
