package dev.indelible.server.index;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;

/**
 * Spans of the tenants that were asked about lately: where a segment has a tenant's documents never
 * changes, and looking it up again in every segment is half of what a newest page costs.
 * Thread-safe.
 */
final class KnownSpans {

  /** The most spans that are known, in some 150 bytes each. */
  static final int MAX_KNOWN = 32_768;

  private final Cache<Key, Bounds> known =
      Caffeine.newBuilder().maximumSize(MAX_KNOWN).executor(Runnable::run).build();

  /** Segment, whatever was removed of it, and tenant. */
  private record Key(IndexReader.CacheKey segment, String tenant) {}

  /** A span without its reader, so that none is kept from being closed. */
  private record Bounds(int from, int to, long highestSeq, long lowestSeq) {}

  /** The tenant's span in a segment. */
  TenantSpan span(LeafReaderContext leaf, String tenant) throws IOException {
    IndexReader.CacheHelper segment = leaf.reader().getCoreCacheHelper();
    if (segment == null) {
      return TenantSpan.of(leaf, tenant);
    }
    Key key = new Key(segment.getKey(), tenant);
    Bounds bounds = known.getIfPresent(key);
    if (bounds != null) {
      return new TenantSpan(leaf, bounds.from, bounds.to, bounds.highestSeq, bounds.lowestSeq);
    }
    TenantSpan span = TenantSpan.of(leaf, tenant);
    known.put(key, new Bounds(span.from(), span.to(), span.highestSeq(), span.lowestSeq()));
    return span;
  }
}
