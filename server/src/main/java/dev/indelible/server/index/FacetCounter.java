package dev.indelible.server.index;

import dev.indelible.server.query.TextFolding;
import java.io.IOException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.index.SortedSetDocValues;

/** Counts values of facet fields: ordinals segment by segment, then texts over all of them. */
final class FacetCounter {

  /** Values that are looked at between two checks. */
  private static final int VALUES_PER_CHECK = 1_024;

  private final Runnable check;
  private int looked;
  private final Map<FacetField, Map<String, Long>> counts = new EnumMap<>(FacetField.class);

  /**
   * A counter of {@code fields}.
   *
   * @param check is called between any two pieces of work; may throw to end it
   */
  FacetCounter(Collection<FacetField> fields, Runnable check) {
    this.check = check;
    fields.forEach(field -> counts.put(field, new HashMap<>()));
  }

  /** The columns that hold the fields. */
  Set<Column> columns() {
    Set<Column> columns = new HashSet<>();
    counts.keySet().forEach(field -> columns.add(Column.of(field)));
    return columns;
  }

  /** Counts one column of the documents that {@code documents} hands over. */
  void count(Column column, LeafReader reader, int spanSize, Scan documents) throws IOException {
    if (column.isMultiple()) {
      SortedSetDocValues values = reader.getSortedSetDocValues(column.luceneName());
      if (values != null) {
        countMultiple(column, values, spanSize, documents);
      }
      return;
    }
    SortedDocValues values = reader.getSortedDocValues(column.luceneName());
    if (values == null) {
      return;
    }
    OrdinalCounts ordinals = new OrdinalCounts(values.getValueCount(), spanSize);
    documents.forEach(
        document -> {
          if (values.advanceExact(document)) {
            ordinals.add(values.ordValue());
          }
        });
    ordinals.<IOException>forEach(
        (ordinal, count) -> {
          look();
          for (FacetField field : column.fields()) {
            Map<String, Long> counted = counts.get(field);
            if (counted != null) {
              for (String value : column.decode(values.lookupOrd(ordinal), field)) {
                counted.merge(value, (long) count, Long::sum);
              }
            }
          }
        });
  }

  private void countMultiple(Column column, SortedSetDocValues values, int spanSize, Scan documents)
      throws IOException {
    OrdinalCounts ordinals = new OrdinalCounts((int) values.getValueCount(), spanSize);
    documents.forEach(
        document -> {
          if (values.advanceExact(document)) {
            for (int n = values.docValueCount(); n > 0; n--) {
              ordinals.add((int) values.nextOrd());
            }
          }
        });
    Map<String, Long> counted = counts.get(column.fields().getFirst());
    if (counted != null) {
      ordinals.<IOException>forEach(
          (ordinal, count) -> {
            look();
            counted.merge(values.lookupOrd(ordinal).utf8ToString(), (long) count, Long::sum);
          });
    }
  }

  private void look() {
    if (++looked % VALUES_PER_CHECK == 0) {
      check.run();
    }
  }

  /** Runs over the matching documents of a segment. */
  @FunctionalInterface
  interface Scan {
    void forEach(SpanScan.Documents documents) throws IOException;
  }

  /** The most frequent values, as {@link CompiledQuery#facets} answers them. */
  static Facet top(FacetField field, Map<String, Long> counts, int limit, String prefix) {
    return top(field, counts, new Wanted(limit, prefix), () -> {});
  }

  private record Wanted(int limit, String prefix) {}

  /** A value may be in a million entries' own: those that are kept are few, and looked at alone. */
  private static Facet top(
      FacetField field, Map<String, Long> counts, Wanted wanted, Runnable look) {
    String beginning = TextFolding.fold(wanted.prefix());
    PriorityQueue<Facet.Value> most = new PriorityQueue<>(Facet.MOST_FREQUENT_FIRST.reversed());
    int total = 0;
    for (Map.Entry<String, Long> one : counts.entrySet()) {
      look.run();
      if (!beginning.isEmpty() && !TextFolding.fold(one.getKey()).startsWith(beginning)) {
        continue;
      }
      total++;
      Facet.Value value = new Facet.Value(one.getKey(), one.getValue());
      boolean isFull = most.size() == wanted.limit();
      Facet.Value last = most.peek();
      if (isFull && last != null && Facet.MOST_FREQUENT_FIRST.compare(last, value) <= 0) {
        continue;
      }
      most.add(value);
      if (isFull) {
        most.remove();
      }
    }
    return new Facet(field, most.stream().sorted(Facet.MOST_FREQUENT_FIRST).toList(), total);
  }

  Facet top(FacetField field, int limit, String prefix) {
    return top(field, counts.getOrDefault(field, Map.of()), new Wanted(limit, prefix), this::look);
  }
}
