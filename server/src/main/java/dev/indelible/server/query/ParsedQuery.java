package dev.indelible.server.query;

/** What parsing a query yields: a filter, or what is wrong with it. */
public sealed interface ParsedQuery permits ParsedQuery.Valid, QueryProblem {

  /**
   * A query that was understood.
   *
   * @param filter what it means
   */
  record Valid(Filter filter) implements ParsedQuery {}
}
