package dev.indelible.server.index;

import dev.indelible.server.query.Order;
import dev.indelible.server.query.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.lucene.index.NumericDocValues;

/**
 * Merges the matching sequence numbers of all segments into one page. Each segment is read in
 * windows that begin small and grow, only as far as the page needs it: the newest hundred of a
 * large tenant touch some hundred documents of each segment.
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
      if (source.hasHead()) {
        sources.add(source);
      }
    }
    List<Place> page = new ArrayList<>(Math.min(limit, 128));
    while (page.size() < limit && !sources.isEmpty()) {
      Source source = sources.remove();
      page.add(Place.ofSeq(source.take()));
      if (page.size() < limit && source.hasHead()) {
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
    private int window = FIRST_WINDOW;

    Source(SpanScan scan) throws IOException {
      this.scan = scan;
      TenantSpan span = scan.span();
      boolean newest = order == Order.NEWEST_FIRST;
      from = newest && beyond != order.start().seq() ? span.firstAtMost(beyond - 1) : span.from();
      to = newest || beyond == order.start().seq() ? span.to() : span.firstAtMost(beyond);
    }

    boolean hasHead() throws IOException {
      while (taken == buffer.size() && from < to) {
        binding.checkStop();
        fill();
      }
      return taken < buffer.size();
    }

    long head() {
      return buffer.get(taken);
    }

    long take() {
      return buffer.get(taken++);
    }

    private void fill() throws IOException {
      buffer.clear();
      taken = 0;
      NumericDocValues seqs = TenantSpan.seqs(scan.span().leaf().reader());
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
      window = Math.min(window * WINDOW_GROWTH, SpanScan.MAX_WINDOW);
    }
  }
}
