package dev.indelible.server.http;

import org.jspecify.annotations.Nullable;

/**
 * The answers to exceptions of the program behind the routes, which the HTTP server knows nothing
 * of.
 */
@FunctionalInterface
public interface ProblemTable {

  /** A table without rows: only the HTTP server's own problems are known. */
  ProblemTable NONE = thrown -> null;

  /** The problem that answers an exception, or null when the table has no row for it. */
  @Nullable ProblemException of(Throwable thrown);
}
