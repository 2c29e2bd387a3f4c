package dev.indelible.server.index;

import java.util.Comparator;
import java.util.List;

/**
 * The most frequent values of a field.
 *
 * @param field the field
 * @param values most frequent first
 * @param distinct how many values there are, listed or not
 */
public record Facet(FacetField field, List<Value> values, int distinct) {
  public Facet {
    values = List.copyOf(values);
  }

  /** Most frequent first, then by value. */
  static final Comparator<Value> MOST_FREQUENT_FIRST =
      Comparator.comparingLong(Value::count).reversed().thenComparing(Value::value);

  /**
   * One value.
   *
   * @param value the value; {@code field:value} finds the counted entries
   * @param count how many entries have it
   */
  public record Value(String value, long count) {}
}
