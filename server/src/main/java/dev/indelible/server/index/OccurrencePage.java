package dev.indelible.server.index;

import dev.indelible.server.query.Order;
import dev.indelible.server.query.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;

/**
 * Finds a page in the order of what happened, in segments that are in the order of recording. It
 * looks into that block first whose bounds reach furthest, and ends when no block is left that can
 * have an entry of the page. What is recorded about when it happens needs the first block of the
 * newest segment; of a million old events that were imported since, the bounds alone are read.
 */
final class OccurrencePage {

  private final QueryBinding binding;
  private final Place beyond;

  /** Order of the page; its first place is the least. */
  private final Comparator<Place> order;

  private final boolean descending;
  private final PriorityQueue<Place> page;
  private long looked;
  private int limit;

  OccurrencePage(QueryBinding binding, Order order, Place beyond) {
    this.binding = binding;
    this.beyond = beyond;
    this.descending = order.isDescending();
    this.order = order.places();
    page = new PriorityQueue<>(this.order.reversed());
  }

  List<Place> page(List<SpanScan> scans, int limit) throws IOException {
    this.limit = limit;
    PriorityQueue<TimeBlock> blocks = new PriorityQueue<>(Comparator.comparing(this::first, order));
    for (SpanScan scan : scans) {
      addCandidate(TimeBlock.of(scan), blocks);
    }
    for (TimeBlock block = blocks.poll();
        block != null && isWanted(first(block));
        block = blocks.poll()) {
      binding.checkStop();
      if (isDivided(block)) {
        for (TimeBlock part : block.parts()) {
          addCandidate(part, blocks);
        }
      } else {
        look(block);
      }
    }
    List<Place> found = new ArrayList<>(page);
    found.sort(order);
    return found;
  }

  /** A place that no document of the block comes before. */
  private Place first(TimeBlock block) {
    return descending ? block.latest() : block.earliest();
  }

  private Place last(TimeBlock block) {
    return descending ? block.earliest() : block.latest();
  }

  private void addCandidate(TimeBlock block, PriorityQueue<TimeBlock> to) {
    if (isBeyond(last(block)) && isWanted(first(block))) {
      to.add(block);
    }
  }

  private boolean isBeyond(Place place) {
    return order.compare(place, beyond) > 0;
  }

  private boolean isWanted(Place place) {
    Place last = page.peek();
    return page.size() < limit || last == null || order.compare(place, last) < 0;
  }

  /**
   * Whether the bounds of its parts are worth reading. A filter has to find documents in each part;
   * so what matches seldom is looked for in ever larger ones, not in thousands of small ones.
   */
  private boolean isDivided(TimeBlock block) {
    return block.isDivisible() && (block.scan().isWhole() || block.size() > looked);
  }

  private void look(TimeBlock block) throws IOException {
    SpanScan scan = block.scan();
    LeafReader reader = scan.span().leaf().reader();
    NumericDocValues times = TenantSpan.numbers(reader, EntryDocument.PLACED);
    NumericDocValues seqs = TenantSpan.seqs(reader);
    int end = block.documents().to();
    for (int from = block.documents().from(); from < end; from += SpanScan.MAX_WINDOW) {
      binding.checkStop();
      scan.scan(
          from,
          Math.min(end, from + SpanScan.MAX_WINDOW),
          document -> take(TenantSpan.valueAt(times, document), document, seqs));
    }
    looked += block.size();
  }

  private void take(long millis, int document, NumericDocValues seqs) throws IOException {
    // Most are on pages before or behind: they cost a comparison of times.
    if (descending ? millis > beyond.millis() : millis < beyond.millis()) {
      return;
    }
    Place last = page.peek();
    boolean full = last != null && page.size() == limit;
    if (full && (descending ? millis < last.millis() : millis > last.millis())) {
      return;
    }
    Place place = new Place(millis, TenantSpan.valueAt(seqs, document));
    if (!isBeyond(place) || !isWanted(place)) {
      return;
    }
    if (full) {
      page.remove();
    }
    page.add(place);
  }
}
