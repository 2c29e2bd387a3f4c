package dev.indelible.server.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.IndexSearcher;

/** Binding of one query: a snapshot, a tenant's spans in it, and its cancellation. */
final class QueryBinding {

  private final IndexSearcher searcher;
  private final List<TenantSpan> spans = new ArrayList<>();
  private final BooleanSupplier stop;

  QueryBinding(IndexSearcher searcher, String tenant, KnownSpans known, BooleanSupplier stop)
      throws IOException {
    this.searcher = searcher;
    this.stop = stop;
    for (LeafReaderContext leaf : searcher.getLeafContexts()) {
      spans.add(known.span(leaf, tenant));
    }
  }

  IndexSearcher searcher() {
    return searcher;
  }

  int leafCount() {
    return spans.size();
  }

  List<TenantSpan> spans() {
    return spans;
  }

  TenantSpan span(LeafReaderContext leaf) {
    return spans.get(leaf.ord);
  }

  /** Whether any segment that has documents of the tenant has a field. */
  boolean hasField(String name) {
    for (TenantSpan span : spans) {
      if (!span.isEmpty() && span.leaf().reader().getFieldInfos().fieldInfo(name) != null) {
        return true;
      }
    }
    return false;
  }

  void checkStop() {
    if (stop.getAsBoolean()) {
      throw new QueryStoppedException();
    }
  }
}
