package dev.indelible.server.index;

import dev.indelible.server.query.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.DocValuesSkipper;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;

/**
 * Neighbouring documents of one span, with bounds of where they stand in the order of what
 * happened. The times' bounds are those that Lucene keeps of blocks of {@link #DOCUMENTS}, of eight
 * of these, and so on; they are of the neighbouring tenants' documents too, where a block has such.
 *
 * @param scan the span's scan
 * @param documents which documents
 * @param earliest a place at or before that of each
 * @param latest a place at or behind that of each
 */
record TimeBlock(SpanScan scan, Documents documents, Place earliest, Place latest) {

  /**
   * Documents of the smallest block that has bounds. A page reads one such block at least, and of
   * each block that may have an entry of the page all; the bounds take 29 bytes.
   */
  static final int DOCUMENTS = 256;

  /** More than Lucene has levels. */
  private static final int WHOLE_SPAN = 100;

  private static final int PARTS = 8;

  /** The documents in {@code [from, to)}, and how coarse the bounds are; 0 are the finest. */
  record Documents(int level, int from, int to) {}

  /** All documents of a span, with the bounds of its whole segment. */
  static TimeBlock of(SpanScan scan) throws IOException {
    TenantSpan span = scan.span();
    LeafReader reader = span.leaf().reader();
    DocValuesSkipper times = times(reader);
    return new TimeBlock(
        scan,
        new Documents(WHOLE_SPAN, span.from(), span.to()),
        new Place(times.minValue(), span.lowestSeq()),
        new Place(times.maxValue(), span.highestSeq()));
  }

  int size() {
    return documents.to - documents.from;
  }

  /** Whether it is larger than need be. */
  boolean isDivisible() {
    return size() > DOCUMENTS;
  }

  /** Splits the block into smaller ones, with closer bounds. */
  List<TimeBlock> parts() throws IOException {
    LeafReader reader = scan.span().leaf().reader();
    Reading reading = new Reading(scan, TenantSpan.seqs(reader));
    List<TimeBlock> parts = new ArrayList<>();
    if (documents.level == 0) {
      // Where all have one time Lucene makes one block of them, however many there are.
      int each = Math.max(DOCUMENTS, (size() + PARTS - 1) / PARTS);
      for (int from = documents.from; from < documents.to; from += each) {
        parts.add(
            reading.block(
                new Documents(0, from, Math.min(from + each, documents.to)),
                earliest.millis(),
                latest.millis()));
      }
      return parts;
    }
    DocValuesSkipper times = times(reader);
    for (int from = documents.from; from < documents.to; ) {
      times.advance(from);
      int level = Math.min(times.numLevels(), documents.level) - 1;
      int to = Math.min(times.maxDocID(level) + 1, documents.to);
      parts.add(
          reading.block(
              new Documents(level, from, to), times.minValue(level), times.maxValue(level)));
      from = to;
    }
    return parts;
  }

  private static DocValuesSkipper times(LeafReader reader) throws IOException {
    DocValuesSkipper times = reader.getDocValuesSkipper(EntryDocument.PLACED);
    if (times == null) {
      throw new IOException("no bounds of times in segment " + reader);
    }
    return times;
  }

  /** Makes blocks, from the front to the back: the newest numbers come first. */
  private record Reading(SpanScan scan, NumericDocValues seqs) {

    TimeBlock block(Documents documents, long minMillis, long maxMillis) throws IOException {
      long highest = TenantSpan.valueAt(seqs, documents.from);
      long lowest = TenantSpan.valueAt(seqs, documents.to - 1);
      return new TimeBlock(
          scan, documents, new Place(minMillis, lowest), new Place(maxMillis, highest));
    }
  }
}
