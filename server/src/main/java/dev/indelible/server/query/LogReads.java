package dev.indelible.server.query;

import java.util.List;

/**
 * The entries by which a log records that somebody read it: {@code reads:log} in a query.
 *
 * <p>That entries were taken away ({@code audit.exported}), or were reported, is not among them: it
 * is what a reader of the log looks for.
 */
public final class LogReads {

  /** The actions of those entries. */
  public static final List<String> ACTIONS =
      List.of(
          "audit.viewed",
          "audit.searched",
          "audit.entry_viewed",
          "audit.settings_viewed",
          "audit.verified");

  /** The name in queries. */
  static final String NAME = "reads";

  /** The only value that it takes. */
  static final String LOG = "log";

  /** Filter that selects those entries. */
  static final Filter FILTER =
      new Filter.Term(Field.ACTION, ACTIONS.stream().map(Filter.Value::exact).toList());

  private LogReads() {}
}
