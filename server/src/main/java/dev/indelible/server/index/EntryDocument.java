package dev.indelible.server.index;

import dev.indelible.server.event.Entry;
import dev.indelible.server.event.EntryCodec;
import dev.indelible.server.query.EntryTerms;
import dev.indelible.server.query.IpNetwork;
import dev.indelible.server.query.TermKind;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.BytesTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.SortedSetDocValuesField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.util.BytesRef;

/**
 * An entry as a Lucene document. All terms are in one field, told apart by a tag, which is several
 * times cheaper to write than a field each; there are no stored fields. One document and its fields
 * are reused for every entry: one thread at a time.
 */
final class EntryDocument {

  static final String TERMS = "t";
  static final String TENANT = "tenant";
  static final String SEQ = "seq";

  /** The time by which it stands in the order of what happened; every document has it. */
  static final String PLACED = "placed";

  /**
   * Time of occurrence that the event itself states, only in documents that stand by another time.
   */
  static final String EARLY = "early";

  static final String RECORDED = "recorded";

  /** The room for more terms than this of one entry is not kept for the next. */
  static final int MAX_KEPT_TERMS = 16 * 1024;

  private static final int INITIAL_TERMS = 256;
  private static final FieldType TERMS_TYPE = new FieldType();

  static {
    TERMS_TYPE.setIndexOptions(IndexOptions.DOCS);
    TERMS_TYPE.setOmitNorms(true);
    TERMS_TYPE.setTokenized(true);
    TERMS_TYPE.freeze();
  }

  private final EntryCodec codec = new EntryCodec();
  private final EntryTerms entryTerms = new EntryTerms();
  private final Terms terms = new Terms();
  private final Field termsField = new Field(TERMS, terms, TERMS_TYPE);
  private final Field tenant = new SortedDocValuesField(TENANT, new BytesRef());
  private final Field seq = new NumericDocValuesField(SEQ, 0);
  private final Field placed = NumericDocValuesField.indexedField(PLACED, 0);
  private final Field early = new NumericDocValuesField(EARLY, 0);
  private final Field recorded = NumericDocValuesField.indexedField(RECORDED, 0);
  private final Map<Column, Field> columns = new EnumMap<>(Column.class);
  private final Map<Column, ColumnWriter> writers = new EnumMap<>(Column.class);
  private final Document document = new Document();

  EntryDocument() {
    for (Column column : Column.values()) {
      if (!column.isMultiple()) {
        columns.put(column, new SortedDocValuesField(column.luceneName(), new BytesRef()));
        writers.put(column, new ColumnWriter());
      }
    }
  }

  /** The document of an entry, valid until the next call. */
  Document of(Indexable indexable) {
    Entry entry = indexable.decode(codec);
    terms.load(entry);
    tenant.setBytesValue(new BytesRef(entry.tenant().value()));
    seq.setLongValue(entry.seq());
    long occurredAt = entry.occurredAt().toEpochMilli();
    long recordedAt = entry.recordedAt().toEpochMilli();
    boolean isEarly = entry.isEarly();
    placed.setLongValue(isEarly ? recordedAt : occurredAt);
    recorded.setLongValue(recordedAt);
    document.clear();
    document.add(termsField);
    document.add(tenant);
    document.add(seq);
    document.add(placed);
    if (isEarly) {
      early.setLongValue(occurredAt);
      document.add(early);
    }
    document.add(recorded);
    columns.forEach(
        (column, field) -> {
          ColumnWriter writer = writers.get(column);
          if (writer != null) {
            field.setBytesValue(column.encode(entry, writer));
            document.add(field);
          }
        });
    multiple(Column.ROLE, FacetField.ROLE, entry);
    multiple(Column.FLAG, FacetField.FLAG, entry);
    return document;
  }

  /** The bytes that its terms may take before their buffers grow. */
  int roomBytes() {
    return terms.bytes.array().length + Integer.BYTES * terms.ends.length;
  }

  private void multiple(Column column, FacetField field, Entry entry) {
    for (String value : field.values(entry)) {
      document.add(new SortedSetDocValuesField(column.luceneName(), new BytesRef(value)));
    }
  }

  /** The terms of one entry, laid end to end in one buffer. */
  private final class Terms extends TokenStream implements EntryTerms.Sink {

    private final BytesTermAttribute attribute = addAttribute(BytesTermAttribute.class);
    private final BytesRef term = new BytesRef();
    private final TermBytes bytes = new TermBytes();
    private int[] ends = new int[INITIAL_TERMS];
    private int count;
    private int next;

    void load(Entry entry) {
      bytes.clear();
      count = 0;
      if (ends.length > MAX_KEPT_TERMS) {
        ends = new int[INITIAL_TERMS];
      }
      bytes.tenant(entry.tenant().value());
      endTerm();
      entryTerms.of(entry, this);
    }

    @Override
    public void reset() {
      next = 0;
    }

    /**
     * Does nothing: there are no positions, and Lucene's own would count the last token as a gap.
     */
    @Override
    public void end() {}

    @Override
    public boolean incrementToken() {
      if (next == count) {
        return false;
      }
      term.bytes = bytes.array();
      term.offset = next == 0 ? 0 : ends[next - 1];
      term.length = ends[next] - term.offset;
      attribute.setBytesRef(term);
      next++;
      return true;
    }

    @Override
    public void word(TermKind kind, String text) {
      bytes.word(kind, text);
      endTerm();
    }

    @Override
    public void target(String type, String id) {
      bytes.target(type, id);
      endTerm();
    }

    @Override
    public void address(IpNetwork address) {
      bytes.address(address.high(), address.low());
      endTerm();
    }

    @Override
    public void token(char[] buffer, int offset, int length) {
      bytes.token(buffer, offset, length);
      endTerm();
    }

    private void endTerm() {
      if (count == ends.length) {
        ends = Arrays.copyOf(ends, count * 2);
      }
      ends[count++] = bytes.length();
    }
  }
}
