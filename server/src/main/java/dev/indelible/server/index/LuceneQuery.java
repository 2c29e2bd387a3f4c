package dev.indelible.server.index;

import dev.indelible.server.query.Filter;
import dev.indelible.server.query.Order;
import dev.indelible.server.query.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.Weight;
import org.jspecify.annotations.Nullable;

/** A query over one Lucene snapshot, which it holds until it is closed. */
final class LuceneQuery implements CompiledQuery {

  private final SearcherManager searchers;
  private final QueryBinding binding;
  private final @Nullable Weight weight;
  private boolean closed;
  private long looked;

  LuceneQuery(SearcherManager searchers, QueryBinding binding, Filter filter) throws IOException {
    this.searchers = searchers;
    this.binding = binding;
    IndexSearcher searcher = binding.searcher();
    // Not searcher.rewrite: it counts clauses against a limit shared by the whole process, and
    // the parser has already bounded them.
    Query query = FilterCompiler.compile(filter, binding);
    for (Query next = query.rewrite(searcher);
        !next.equals(query);
        next = query.rewrite(searcher)) {
      query = next;
    }
    weight =
        query instanceof MatchAllDocsQuery
            ? null
            : searcher.createWeight(query, ScoreMode.COMPLETE_NO_SCORES, 1);
  }

  private List<SpanScan> scans() {
    List<SpanScan> scans = new ArrayList<>();
    for (TenantSpan span : binding.spans()) {
      if (!span.isEmpty()) {
        scans.add(new SpanScan(span, weight));
      }
    }
    return scans;
  }

  @Override
  public List<Place> page(Order order, Place beyond, int limit) throws IOException {
    requireBetween(limit, MAX_PAGE, "limit");
    binding.checkStop();
    List<SpanScan> scans = scans();
    List<Place> page;
    if (order.isByOccurrence()) {
      page = new OccurrencePage(binding, order, beyond).page(scans, limit);
    } else {
      page = new PageMerge(binding, order, beyond.seq()).page(scans, limit);
    }
    looked = scans.stream().mapToLong(SpanScan::looked).sum();
    return page;
  }

  /** Number of documents that the last page examined, one after another. */
  long looked() {
    return looked;
  }

  @Override
  public long count() throws IOException {
    long count = 0;
    for (SpanScan scan : scans()) {
      int to = scan.span().to();
      for (int from = scan.span().from(); from < to; from += SpanScan.MAX_WINDOW) {
        binding.checkStop();
        count += scan.count(from, Math.min(to, from + SpanScan.MAX_WINDOW));
      }
    }
    return count;
  }

  @Override
  public List<Facet> facets(List<FacetField> fields, int limit, String prefix) throws IOException {
    requireBetween(limit, MAX_FACET_VALUES, "limit");
    FacetCounter counter = new FacetCounter(fields, binding::checkStop);
    for (Column column : counter.columns()) {
      for (SpanScan scan : scans()) {
        TenantSpan span = scan.span();
        counter.count(
            column,
            span.leaf().reader(),
            span.to() - span.from(),
            documents -> forEach(scan, documents));
      }
    }
    return fields.stream().map(field -> counter.top(field, limit, prefix)).toList();
  }

  @Override
  public List<Histogram.Bucket> histogram(Histogram request) throws IOException {
    Histogram.Counter counter = new Histogram.Counter(request);
    FacetField split = request.split();
    for (SpanScan scan : scans()) {
      LeafReader reader = scan.span().leaf().reader();
      Occurrences times = new Occurrences(reader);
      SortedDocValues values =
          split == null ? null : reader.getSortedDocValues(Column.of(split).luceneName());
      if (split == null || values == null) {
        forEach(
            scan,
            document -> {
              int bucket = counter.bucketOf(times.at(document));
              if (bucket >= 0) {
                counter.add(bucket, 1);
              }
            });
      } else {
        new SplitCounter(counter, split, values).count(scan, times);
      }
    }
    return counter.buckets();
  }

  /** Counts one segment into buckets and their values. */
  private final class SplitCounter {
    private final Histogram.Counter counter;
    private final FacetField split;
    private final SortedDocValues values;
    private final @Nullable OrdinalCounts[] byBucket;

    SplitCounter(Histogram.Counter counter, FacetField split, SortedDocValues values) {
      this.counter = counter;
      this.split = split;
      this.values = values;
      this.byBucket = new OrdinalCounts[counter.size()];
    }

    void count(SpanScan scan, Occurrences times) throws IOException {
      int ordinals = values.getValueCount();
      forEach(
          scan,
          document -> {
            int bucket = counter.bucketOf(times.at(document));
            if (bucket >= 0 && values.advanceExact(document)) {
              OrdinalCounts counts = byBucket[bucket];
              if (counts == null) {
                // Buckets are many and each sees little: a table, unless the values are few.
                counts = new OrdinalCounts(ordinals, 0);
                byBucket[bucket] = counts;
              }
              counts.add(values.ordValue());
            }
          });
      Column column = Column.of(split);
      for (int i = 0; i < byBucket.length; i++) {
        int bucket = i;
        OrdinalCounts counts = byBucket[bucket];
        if (counts != null) {
          counts.<IOException>forEach(
              (ordinal, count) -> {
                counter.add(bucket, count);
                column
                    .decodeSingle(values.lookupOrd(ordinal), split)
                    .ifPresent(value -> counter.addSplit(bucket, value, count));
              });
        }
      }
    }
  }

  private void forEach(SpanScan scan, SpanScan.Documents documents) throws IOException {
    int to = scan.span().to();
    for (int from = scan.span().from(); from < to; from += SpanScan.MAX_WINDOW) {
      binding.checkStop();
      scan.scan(from, Math.min(to, from + SpanScan.MAX_WINDOW), documents);
    }
  }

  @Override
  public OptionalLong indexedThrough() throws IOException {
    OptionalLong highest = OptionalLong.empty();
    for (SpanScan scan : scans()) {
      long seq = scan.span().highestSeq();
      highest = OptionalLong.of(Math.max(seq, highest.orElse(seq)));
    }
    return highest;
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      searchers.release(binding.searcher());
    }
  }

  private static void requireBetween(int value, int most, String name) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(name + " " + value + " is not in 1 to " + most);
    }
  }
}
