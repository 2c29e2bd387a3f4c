package dev.indelible.server.index;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.ConstantScoreScorerSupplier;
import org.apache.lucene.search.ConstantScoreWeight;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.BitSetIterator;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Documents of one tenant that have any of the terms. Looks at the tenant's span only, however many
 * documents of other tenants have a term too, and keeps what it found for its one {@link
 * CompiledQuery}.
 */
final class TermRangesQuery extends Query {

  /** Number of terms that are examined between two looks at the clock. */
  private static final int TERMS_PER_CHECK = 256;

  private final List<BytesRef> exact;
  private final List<TermRange> ranges;
  private final QueryBinding binding;
  private final @Nullable FixedBitSet[] found;

  /** Sorted so that each segment's terms are read from front to back. */
  TermRangesQuery(List<BytesRef> exact, List<TermRange> ranges, QueryBinding binding) {
    this.exact = exact.stream().sorted().distinct().toList();
    this.ranges = List.copyOf(ranges);
    this.binding = binding;
    this.found = new FixedBitSet[binding.leafCount()];
  }

  @Override
  public Weight createWeight(IndexSearcher searcher, ScoreMode scoreMode, float boost) {
    return new ConstantScoreWeight(this, boost) {
      @Override
      public @Nullable ScorerSupplier scorerSupplier(LeafReaderContext leaf) throws IOException {
        TenantSpan span = binding.span(leaf);
        FixedBitSet documents = span.isEmpty() ? null : documents(span);
        long count = documents == null ? 0 : documents.cardinality();
        if (documents == null || count == 0) {
          return null;
        }
        return new ConstantScoreScorerSupplier(score(), scoreMode, leaf.reader().maxDoc()) {
          @Override
          public DocIdSetIterator iterator(long leadCost) {
            return new Shifted(new BitSetIterator(documents, count), span.from());
          }

          @Override
          public long cost() {
            return count;
          }
        };
      }

      @Override
      public boolean isCacheable(LeafReaderContext leaf) {
        return false;
      }
    };
  }

  /** The span's documents, counted from its beginning. */
  private FixedBitSet documents(TenantSpan span) throws IOException {
    FixedBitSet known = found[span.leaf().ord];
    if (known != null) {
      return known;
    }
    FixedBitSet documents = new FixedBitSet(span.to() - span.from());
    Terms terms = span.leaf().reader().terms(EntryDocument.TERMS);
    if (terms != null) {
      collect(terms.iterator(), span, documents);
    }
    found[span.leaf().ord] = documents;
    return documents;
  }

  private void collect(TermsEnum terms, TenantSpan span, FixedBitSet to) throws IOException {
    PostingsEnum postings = null;
    for (BytesRef term : exact) {
      binding.checkStop();
      if (terms.seekExact(term)) {
        postings = add(terms, postings, span, to);
      }
    }
    int looked = 0;
    for (TermRange range : ranges) {
      if (terms.seekCeil(range.lower()) == TermsEnum.SeekStatus.END) {
        continue;
      }
      for (BytesRef term = terms.term(); term != null && range.reaches(term); term = terms.next()) {
        if (range.accepts(term)) {
          postings = add(terms, postings, span, to);
        }
        if (++looked % TERMS_PER_CHECK == 0) {
          binding.checkStop();
        }
      }
    }
  }

  private static PostingsEnum add(
      TermsEnum terms, @Nullable PostingsEnum reused, TenantSpan span, FixedBitSet to)
      throws IOException {
    PostingsEnum postings = terms.postings(reused, PostingsEnum.NONE);
    int document = postings.advance(span.from());
    while (document < span.to()) {
      to.set(document - span.from());
      document = postings.nextDoc();
    }
    return postings;
  }

  @Override
  public void visit(QueryVisitor visitor) {
    visitor.visitLeaf(this);
  }

  @Override
  public String toString(String field) {
    return "terms(" + exact.size() + ", ranges " + ranges.size() + ")";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TermRangesQuery that
        && binding == that.binding
        && exact.equals(that.exact)
        && ranges.equals(that.ranges);
  }

  @Override
  public int hashCode() {
    return Objects.hash(exact, ranges);
  }

  /** An iterator whose documents are counted from a later one. */
  static final class Shifted extends DocIdSetIterator {
    private final DocIdSetIterator in;
    private final int by;
    private int document = -1;

    Shifted(DocIdSetIterator in, int by) {
      this.in = in;
      this.by = by;
    }

    @Override
    public int docID() {
      return document;
    }

    @Override
    public int nextDoc() throws IOException {
      return shifted(in.nextDoc());
    }

    @Override
    public int advance(int target) throws IOException {
      return shifted(in.advance(Math.max(target - by, 0)));
    }

    private int shifted(int inner) {
      document = inner == NO_MORE_DOCS ? NO_MORE_DOCS : inner + by;
      return document;
    }

    @Override
    public long cost() {
      return in.cost();
    }
  }
}
