package dev.indelible.server.index;

import java.io.IOException;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.Query;
import org.jspecify.annotations.Nullable;

/**
 * Times of occurrence that a segment's documents state. Nearly all stand by that time; those of the
 * future stand by another and have it beside ({@link EntryDocument#EARLY}), so that one of them
 * does not widen the bounds of its block to the year 2199.
 */
final class Occurrences {

  private final NumericDocValues placed;
  private final @Nullable NumericDocValues early;

  Occurrences(LeafReader reader) throws IOException {
    placed = TenantSpan.numbers(reader, EntryDocument.PLACED);
    early = reader.getNumericDocValues(EntryDocument.EARLY);
  }

  /** The time of a document, in milliseconds; documents are to be asked for in their order. */
  long at(int document) throws IOException {
    NumericDocValues own = early;
    return own != null && own.advanceExact(document)
        ? own.longValue()
        : TenantSpan.valueAt(placed, document);
  }

  /** Query for the documents that occurred from {@code from} to {@code to}, both inclusive. */
  static Query between(long from, long to, QueryBinding binding) {
    Query placed = NumericDocValuesField.newSlowRangeQuery(EntryDocument.PLACED, from, to);
    if (!binding.hasField(EntryDocument.EARLY)) {
      return placed;
    }
    Query others =
        new BooleanQuery.Builder()
            .add(placed, Occur.FILTER)
            .add(new FieldExistsQuery(EntryDocument.EARLY), Occur.MUST_NOT)
            .build();
    return new BooleanQuery.Builder()
        .add(others, Occur.SHOULD)
        .add(NumericDocValuesField.newSlowRangeQuery(EntryDocument.EARLY, from, to), Occur.SHOULD)
        .build();
  }
}
