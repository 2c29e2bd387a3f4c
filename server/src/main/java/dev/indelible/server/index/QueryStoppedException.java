package dev.indelible.server.index;

/** A query was told to stop, by its deadline or by its caller, before its answer was complete. */
public final class QueryStoppedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  QueryStoppedException() {
    super("the query was stopped before it was complete");
  }
}
