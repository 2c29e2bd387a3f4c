package dev.indelible.server.index;

import dev.indelible.server.query.Order;
import dev.indelible.server.query.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;

/**
 * Merges the matching sequence numbers of all segments into one page. Each segment has bounds, and
 * is read in windows that begin small and grow, only once the page may need it and only as far: the
 * newest hundred of a large tenant touch some hundred documents of the newest segment.
 */
final class PageMerge {

  private static final int FIRST_WINDOW = 128;
  private static final int WINDOW_GROWTH = 4;

  private final QueryBinding binding;
  private final Order order;
  private final long beyond;

  PageMerge(QueryBinding binding, Order order, long beyond) {
    this.binding = binding;
    this.order = order;
    this.beyond = beyond;
  }

  List<Place> page(List<SpanScan> scans, int limit) throws IOException {
    PriorityQueue<Source> sources =
        new PriorityQueue<>(
            (a, b) ->
                order == Order.NEWEST_FIRST
                    ? Long.compare(b.head(), a.head())
                    : Long.compare(a.head(), b.head()));
    for (SpanScan scan : scans) {
      Source source = new Source(scan);
      if (source.hasMore()) {
        sources.add(source);
      }
    }
    List<Place> page = new ArrayList<>(Math.min(limit, 128));
    while (page.size() < limit && !sources.isEmpty()) {
      Source source = sources.remove();
      if (source.isRead()) {
        page.add(Place.ofSeq(source.take()));
      } else {
        binding.checkStop();
        source.fill();
      }
      if (source.hasMore()) {
        sources.add(source);
      }
    }
    return page;
  }

  /** The matches of one segment, in the order of the page. */
  private final class Source {
    private final SpanScan scan;
    private final List<Long> buffer = new ArrayList<>();
    private int taken;
    private int from;
    private int to;
    private long bound; // of what is not read yet
    private int window = FIRST_WINDOW;

    Source(SpanScan scan) throws IOException {
      this.scan = scan;
      TenantSpan span = scan.span();
      boolean newest = order == Order.NEWEST_FIRST;
      boolean first = beyond == order.start().seq();
      from = newest && !first ? span.firstAtMost(beyond - 1) : span.from();
      to = newest || first ? span.to() : span.firstAtMost(beyond);
      bound = newest ? span.highestSeq() : span.lowestSeq();
      if (!first) {
        bound(TenantSpan.seqs(span.leaf().reader()));
      }
    }

    private void bound(NumericDocValues seqs) throws IOException {
      if (from < to) {
        bound = TenantSpan.valueAt(seqs, order == Order.NEWEST_FIRST ? from : to - 1);
      }
    }

    boolean isRead() {
      return taken < buffer.size();
    }

    boolean hasMore() {
      return isRead() || from < to;
    }

    /** The next match, or, where none is read, a number that no match comes before. */
    long head() {
      return isRead() ? buffer.get(taken) : bound;
    }

    long take() {
      return buffer.get(taken++);
    }

    void fill() throws IOException {
      buffer.clear();
      taken = 0;
      LeafReader reader = scan.span().leaf().reader();
      NumericDocValues seqs = TenantSpan.seqs(reader);
      SpanScan.Documents add = document -> buffer.add(TenantSpan.valueAt(seqs, document));
      if (order == Order.NEWEST_FIRST) {
        int end = Math.min(to, from + window);
        scan.scan(from, end, add);
        from = end;
      } else {
        int start = Math.max(from, to - window);
        scan.scan(start, to, add);
        to = start;
        Collections.reverse(buffer);
      }
      bound(TenantSpan.seqs(reader));
      window = Math.min(window * WINDOW_GROWTH, SpanScan.MAX_WINDOW);
    }
  }
}
