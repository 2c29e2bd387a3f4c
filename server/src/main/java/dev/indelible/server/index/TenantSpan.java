package dev.indelible.server.index;

import java.io.IOException;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.util.BytesRef;

/**
 * Range of one tenant's documents in one segment. Segments are sorted by tenant, then from the
 * newest to the oldest sequence number, so the documents are neighbours: the first one of the
 * tenant's postings and their number tell all, whatever the size of the tenant.
 *
 * @param leaf the segment
 * @param from the first document, that of the highest sequence number
 * @param to one behind the last document
 * @param highestSeq the highest sequence number; of an empty span nothing
 * @param lowestSeq the lowest one; of an empty span nothing
 */
record TenantSpan(LeafReaderContext leaf, int from, int to, long highestSeq, long lowestSeq) {

  static TenantSpan of(LeafReaderContext leaf, String tenant) throws IOException {
    Terms terms = leaf.reader().terms(EntryDocument.TERMS);
    TermsEnum found = terms == null ? null : terms.iterator();
    if (found == null || !found.seekExact(term(tenant))) {
      return new TenantSpan(leaf, 0, 0, 0, 0);
    }
    int from = first(found);
    // Removed documents stay in the postings and in their number until a merge drops both.
    int to = from + found.docFreq();
    NumericDocValues seqs = seqs(leaf.reader());
    long highest = valueAt(seqs, from);
    return new TenantSpan(leaf, from, to, highest, valueAt(seqs, to - 1));
  }

  /** The highest sequence number of a tenant that a segment has documents of. */
  static long highestSeq(LeafReaderContext leaf, TermsEnum tenant) throws IOException {
    return valueAt(seqs(leaf.reader()), first(tenant));
  }

  private static int first(TermsEnum tenant) throws IOException {
    return tenant.postings(null, PostingsEnum.NONE).nextDoc();
  }

  static BytesRef term(String tenant) {
    return new TermBytes().tenant(tenant).toBytesRef();
  }

  boolean isEmpty() {
    return from == to;
  }

  /** The first document whose sequence number is at most {@code seq}, or {@link #to}. */
  int firstAtMost(long seq) throws IOException {
    int low = from;
    int high = to;
    NumericDocValues seqs = seqs(leaf.reader());
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (seqs.docID() > middle) {
        seqs = seqs(leaf.reader());
      }
      if (valueAt(seqs, middle) <= seq) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  static NumericDocValues seqs(LeafReader reader) throws IOException {
    return numbers(reader, EntryDocument.SEQ);
  }

  /** Numbers that every document has. */
  static NumericDocValues numbers(LeafReader reader, String field) throws IOException {
    NumericDocValues values = reader.getNumericDocValues(field);
    if (values == null) {
      throw new IOException("no " + field + " in segment " + reader);
    }
    return values;
  }

  static long valueAt(NumericDocValues values, int document) throws IOException {
    if (!values.advanceExact(document)) {
      throw new IOException("document " + document + " has no number");
    }
    return values.longValue();
  }
}
