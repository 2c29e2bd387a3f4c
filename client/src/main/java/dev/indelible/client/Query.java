package dev.indelible.client;

import java.util.HashMap;
import java.util.Map;

/**
 * A search: a query, a window of time, an order, and how many entries a page has. Immutable.
 *
 * <p>The language of the query is in {@code docs/query.md}.
 */
public final class Query {

  /** The most entries of a page. */
  public static final int MAX_PAGE_SIZE = 1_000;

  /** The order of entries. */
  public enum Order {
    /** By {@code seq}, the last recorded first. */
    NEWEST("newest"),
    /** By {@code seq}, the first recorded first. */
    OLDEST("oldest"),
    /** By when it happened, the last first. */
    LAST_OCCURRED("-occurred"),
    /** By when it happened, the first first. */
    FIRST_OCCURRED("occurred");

    private final String parameter;

    Order(String parameter) {
      this.parameter = parameter;
    }
  }

  private final Map<String, String> parameters;

  private Query(Map<String, String> parameters) {
    this.parameters = parameters;
  }

  /** A query: qualifiers and words, all of which must hold; empty finds everything. */
  public static Query of(String text) {
    Query query = new Query(Map.of());
    return text.isBlank() ? query : query.with("q", text);
  }

  /** From a time on, inclusive: RFC 3339, or relative such as {@code -7d}. */
  public Query from(String time) {
    return with("from", time);
  }

  /** Before a time: RFC 3339, or relative such as {@code -7d}. */
  public Query to(String time) {
    return with("to", time);
  }

  /** The time zone of the query's days, such as {@code Europe/Berlin}; UTC unless given. */
  public Query zone(String id) {
    return with("zone", id);
  }

  /** The order; {@link Order#NEWEST} unless given. */
  public Query order(Order order) {
    return with("order", order.parameter);
  }

  /** The order by the API's name of it, which is not checked here. */
  public Query order(String name) {
    return with("order", name);
  }

  /** The number of entries of a page, from 1 to {@value #MAX_PAGE_SIZE}; 100 if not set. */
  public Query pageSize(int entries) {
    if (entries < 1 || entries > MAX_PAGE_SIZE) {
      throw new IllegalArgumentException("a page of " + entries);
    }
    return with("limit", Integer.toString(entries));
  }

  private Query with(String name, String value) {
    Map<String, String> more = new HashMap<>(parameters);
    more.put(name, value);
    return new Query(more);
  }

  /** The parameters of the request, in a map of the caller's own. */
  Map<String, String> parameters() {
    return new HashMap<>(parameters);
  }
}
