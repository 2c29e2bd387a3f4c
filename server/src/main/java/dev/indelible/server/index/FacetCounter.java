package dev.indelible.server.index;

import dev.indelible.server.query.TextFolding;
import java.io.IOException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.index.SortedSetDocValues;

/** Counts values of facet fields: ordinals segment by segment, then texts over all of them. */
final class FacetCounter {

  private final Map<FacetField, Map<String, Long>> counts = new EnumMap<>(FacetField.class);

  FacetCounter(Collection<FacetField> fields) {
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
          (ordinal, count) ->
              counted.merge(values.lookupOrd(ordinal).utf8ToString(), (long) count, Long::sum));
    }
  }

  /** Runs over the matching documents of a segment. */
  @FunctionalInterface
  interface Scan {
    void forEach(SpanScan.Documents documents) throws IOException;
  }

  /** The most frequent values, as {@link CompiledQuery#facets} answers them. */
  static Facet top(FacetField field, Map<String, Long> counts, int limit, String prefix) {
    String beginning = TextFolding.fold(prefix);
    List<Facet.Value> values =
        counts.entrySet().stream()
            .filter(e -> TextFolding.fold(e.getKey()).startsWith(beginning))
            .map(e -> new Facet.Value(e.getKey(), e.getValue()))
            .sorted(Facet.MOST_FREQUENT_FIRST)
            .limit(limit)
            .toList();
    return new Facet(field, values);
  }

  Facet top(FacetField field, int limit, String prefix) {
    return top(field, counts.getOrDefault(field, Map.of()), limit, prefix);
  }
}
