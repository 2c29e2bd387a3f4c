package dev.indelible.server.search;

import dev.indelible.server.query.Filter;
import java.util.List;

/**
 * Filters whose first matches are found in a moment, or not at all: few whole values, and no words,
 * beginnings or networks, each of which may stand for any number of terms.
 */
final class PlainFilter {

  /** The most values of such a filter. */
  static final int MAX_VALUES = 16;

  private PlainFilter() {}

  /** Whether the filter is one of these. */
  static boolean isPlain(Filter filter) {
    return cost(filter) <= MAX_VALUES;
  }

  /** Number of its values; more than {@link #MAX_VALUES} where something else is in it. */
  private static int cost(Filter filter) {
    return switch (filter) {
      case Filter.All _ -> 0;
      case Filter.And(List<Filter> parts) -> cost(parts);
      case Filter.Or(List<Filter> parts) -> cost(parts);
      case Filter.Not(Filter inner) -> cost(inner);
      case Filter.Term(var _, List<Filter.Value> values) ->
          values.stream().anyMatch(Filter.Value::prefix) ? MAX_VALUES + 1 : values.size();
      case Filter.Time _ -> 1;
      case Filter.Text _, Filter.Ip _ -> MAX_VALUES + 1;
    };
  }

  private static int cost(List<Filter> parts) {
    int sum = 0;
    for (Filter part : parts) {
      sum = Math.min(MAX_VALUES + 1, sum + cost(part));
    }
    return sum;
  }
}
