package dev.indelible.server.index;

import dev.indelible.server.event.Entry;
import dev.indelible.server.event.EntryCodec;
import dev.indelible.server.query.EntryTerms;
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

  private static final FieldType TERMS_TYPE = new FieldType();

  static {
    TERMS_TYPE.setIndexOptions(IndexOptions.DOCS);
    TERMS_TYPE.setOmitNorms(true);
    TERMS_TYPE.setTokenized(true);
    TERMS_TYPE.freeze();
  }

  private final EntryCodec codec = new EntryCodec();
  private final EntryTerms entryTerms = new EntryTerms();
  private final TermList terms = new TermList();
  private final FacetValues facets = new FacetValues();
  private final PartTerms parts = new PartTerms(terms, facets, entryTerms);
  private final Field termsField = new Field(TERMS, new Terms(terms), TERMS_TYPE);
  private final BytesRef tenantTerm = new BytesRef();
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
  Document of(Indexable entry) {
    terms.begin(entry.tenant().value());
    if (parts.read(entry)) {
      return document(entry, parts.occurredAtMillis(), parts.isEarly());
    }
    terms.begin(entry.tenant().value());
    Entry decoded = entry.decode(codec);
    entryTerms.of(decoded, terms);
    facets.load(decoded);
    return document(entry, decoded.occurredAt().toEpochMilli(), decoded.isEarly());
  }

  private Document document(Indexable entry, long occurredAt, boolean isEarly) {
    terms.get(0, tenantTerm);
    tenantTerm.offset++;
    tenantTerm.length--;
    tenant.setBytesValue(BytesRef.deepCopyOf(tenantTerm));
    seq.setLongValue(entry.seq());
    placed.setLongValue(isEarly ? entry.recordedAtMillis() : occurredAt);
    recorded.setLongValue(entry.recordedAtMillis());
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
            field.setBytesValue(column.encode(facets, writer));
            document.add(field);
          }
        });
    multiple(Column.ROLE, FacetField.ROLE);
    multiple(Column.FLAG, FacetField.FLAG);
    return document;
  }

  /** The bytes that its terms may take before their buffers grow. */
  int roomBytes() {
    return terms.roomBytes();
  }

  private void multiple(Column column, FacetField field) {
    for (int i = 0; i < facets.count(field); i++) {
      byte[] value =
          Arrays.copyOfRange(facets.array(field, i), facets.from(field, i), facets.to(field, i));
      document.add(new SortedSetDocValuesField(column.luceneName(), new BytesRef(value)));
    }
  }

  /** The terms as Lucene takes them. */
  private static final class Terms extends TokenStream {

    private final TermList terms;
    private final BytesTermAttribute attribute = addAttribute(BytesTermAttribute.class);
    private final BytesRef term = new BytesRef();
    private int next;

    Terms(TermList terms) {
      this.terms = terms;
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
      if (next == terms.size()) {
        return false;
      }
      terms.get(next++, term);
      attribute.setBytesRef(term);
      return true;
    }
  }
}
