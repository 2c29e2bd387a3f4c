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
 */
record TenantSpan(LeafReaderContext leaf, int from, int to) {

  static TenantSpan of(LeafReaderContext leaf, String tenant) throws IOException {
    Terms terms = leaf.reader().terms(EntryDocument.TERMS);
    if (terms == null) {
      return new TenantSpan(leaf, 0, 0);
    }
    TermsEnum found = terms.iterator();
    return found.seekExact(term(tenant)) ? at(leaf, found) : new TenantSpan(leaf, 0, 0);
  }

  static TenantSpan at(LeafReaderContext leaf, TermsEnum tenant) throws IOException {
    int from = tenant.postings(null, PostingsEnum.NONE).nextDoc();
    // Removed documents stay in the postings and in their number until a merge drops both.
    return new TenantSpan(leaf, from, from + tenant.docFreq());
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

  /** The highest sequence number; the span must not be empty. */
  long highestSeq() throws IOException {
    return valueAt(seqs(leaf.reader()), from);
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
