package dev.indelible.server.index;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.ConstantScoreScorerSupplier;
import org.apache.lucene.search.ConstantScoreWeight;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.BitSetIterator;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/** Documents of one tenant by sequence number: what is removed or replaced. */
final class SeqRangesQuery extends Query {

  private final String tenant;
  private final List<SeqRange> ranges;

  SeqRangesQuery(String tenant, List<SeqRange> ranges) {
    this.tenant = tenant;
    this.ranges = List.copyOf(ranges);
  }

  @Override
  public Weight createWeight(IndexSearcher searcher, ScoreMode scoreMode, float boost) {
    return new ConstantScoreWeight(this, boost) {
      @Override
      public @Nullable ScorerSupplier scorerSupplier(LeafReaderContext leaf) throws IOException {
        TenantSpan span = TenantSpan.of(leaf, tenant);
        FixedBitSet documents = new FixedBitSet(span.to() - span.from());
        if (!span.isEmpty()) {
          for (SeqRange range : ranges) {
            int first = span.firstAtMost(range.last());
            int end = span.firstAtMost(range.first() - 1);
            if (first < end) {
              documents.set(first - span.from(), end - span.from());
            }
          }
        }
        long count = documents.cardinality();
        return count == 0
            ? null
            : ConstantScoreScorerSupplier.fromIterator(
                new TermRangesQuery.Shifted(new BitSetIterator(documents, count), span.from()),
                score(),
                scoreMode,
                leaf.reader().maxDoc());
      }

      @Override
      public boolean isCacheable(LeafReaderContext leaf) {
        return false;
      }
    };
  }

  @Override
  public void visit(QueryVisitor visitor) {
    visitor.visitLeaf(this);
  }

  @Override
  public String toString(String field) {
    return tenant + " " + ranges;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SeqRangesQuery that
        && tenant.equals(that.tenant)
        && ranges.equals(that.ranges);
  }

  @Override
  public int hashCode() {
    return Objects.hash(tenant, ranges);
  }
}
