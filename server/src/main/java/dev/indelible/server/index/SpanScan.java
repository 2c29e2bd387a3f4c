package dev.indelible.server.index;

import java.io.IOException;
import org.apache.lucene.search.BulkScorer;
import org.apache.lucene.search.DocIdStream;
import org.apache.lucene.search.LeafCollector;
import org.apache.lucene.search.Scorable;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

/**
 * Finds the matching documents of one span, window by window, so that a page need not look further
 * than it reaches and a stop is noticed soon. Not thread-safe.
 */
final class SpanScan {

  /** Documents of the largest window. */
  static final int MAX_WINDOW = 64 * 1024;

  /** Takes a document. */
  @FunctionalInterface
  interface Documents {
    void take(int document) throws IOException;
  }

  private final TenantSpan span;
  private final @Nullable Weight weight;
  private final @Nullable Bits live;
  private @Nullable BulkScorer scorer;
  private boolean scorerMade;
  private int scoredTo;
  private long looked;

  /** Scans {@code span}; {@code weight} is null when every document matches. */
  SpanScan(TenantSpan span, @Nullable Weight weight) {
    this.span = span;
    this.weight = weight;
    this.live = span.leaf().reader().getLiveDocs();
  }

  TenantSpan span() {
    return span;
  }

  /** Whether every document matches. */
  boolean isWhole() {
    return weight == null;
  }

  /** Number of documents that it was told to examine. */
  long looked() {
    return looked;
  }

  /** Hands over the matching documents in {@code [from, to)}, in their order. */
  void scan(int from, int to, Documents documents) throws IOException {
    looked += to - from;
    if (weight == null) {
      for (int document = from; document < to; document++) {
        if (live == null || live.get(document)) {
          documents.take(document);
        }
      }
      return;
    }
    score(
        from,
        to,
        new LeafCollector() {
          @Override
          public void setScorer(Scorable scorable) {}

          @Override
          public void collect(int document) throws IOException {
            documents.take(document);
          }
        });
  }

  /** Number of documents in {@code [from, to)} that match. */
  long count(int from, int to) throws IOException {
    if (weight == null && live == null) {
      return (long) to - from;
    }
    long[] count = new long[1];
    if (weight == null) {
      scan(from, to, document -> count[0]++);
      return count[0];
    }
    score(
        from,
        to,
        new LeafCollector() {
          @Override
          public void setScorer(Scorable scorable) {}

          @Override
          public void collect(int document) {
            count[0]++;
          }

          @Override
          public void collect(DocIdStream documents) throws IOException {
            count[0] += documents.count();
          }

          @Override
          public void collectRange(int min, int max) {
            count[0] += (long) max - min;
          }
        });
    return count[0];
  }

  private void score(int from, int to, LeafCollector collector) throws IOException {
    if (weight == null || from >= to) {
      return;
    }
    // A scorer only runs forwards; a page of the oldest takes its windows backwards.
    if (!scorerMade || from < scoredTo) {
      scorer = weight.bulkScorer(span.leaf());
      scorerMade = true;
    }
    if (scorer != null) {
      scorer.score(collector, live, from, to);
    }
    scoredTo = to;
  }
}
