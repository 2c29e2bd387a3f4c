package dev.indelible.server.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.lucene.store.ByteArrayDataInput;
import org.apache.lucene.util.BytesRef;

/**
 * Facet fields whose values mostly come together, kept as one doc value: an action nearly fixes
 * category, verb and target types, so one number for all of them is smaller and faster to count
 * than one each. The value is, for every field in turn, a count and that many texts, all lengths
 * and counts as variable-length integers. A value that was written when there were fewer fields
 * ends before those that came later, of which its entry has nothing.
 */
enum Column {
  WHAT(
      FacetField.ACTION,
      FacetField.CATEGORY,
      FacetField.VERB,
      FacetField.OUTCOME,
      FacetField.SECURITY,
      FacetField.TARGET_TYPE),
  WHO(FacetField.ACTOR_TYPE, FacetField.ACTOR_ID, FacetField.MODEL),
  WHERE(FacetField.ACCOUNT, FacetField.COUNTRY, FacetField.PRODUCER, FacetField.RECORDED_BY),
  /** Values of its own each, as a hundred long ones are too much for one. */
  ROLE(FacetField.ROLE),
  FLAG(FacetField.FLAG);

  @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable list
  private final List<FacetField> fields;

  Column(FacetField... fields) {
    this.fields = List.of(fields);
  }

  static Column of(FacetField field) {
    return Arrays.stream(values())
        .filter(column -> column.fields.contains(field))
        .findFirst()
        .orElseThrow();
  }

  String luceneName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether an entry has several doc values, each one text. */
  boolean isMultiple() {
    return this == ROLE || this == FLAG;
  }

  List<FacetField> fields() {
    return fields;
  }

  /** The doc value of an entry with these values. */
  BytesRef encode(FacetValues values, ColumnWriter writer) {
    writer.clear();
    for (FacetField field : fields) {
      int count = values.count(field);
      if (count > 1) {
        List<String> texts = values.texts(field).stream().sorted().distinct().toList();
        writer.count(texts.size());
        texts.forEach(writer::text);
        continue;
      }
      writer.count(count);
      if (count == 1) {
        writer.text(values.array(field, 0), values.from(field, 0), values.to(field, 0));
      }
    }
    return writer.toBytesRef();
  }

  /** The values of {@code field} in a doc value. */
  List<String> decode(BytesRef value, FacetField field) {
    if (isMultiple()) {
      return List.of(value.utf8ToString());
    }
    ByteArrayDataInput in = new ByteArrayDataInput(value.bytes, value.offset, value.length);
    for (FacetField each : fields) {
      int count = in.eof() ? 0 : in.readVInt();
      List<String> texts = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        int length = in.readVInt();
        texts.add(new BytesRef(value.bytes, in.getPosition(), length).utf8ToString());
        in.skipBytes(length);
      }
      if (each == field) {
        return texts;
      }
    }
    throw new IllegalArgumentException(field + " is not in " + this);
  }

  /** The value of a field that has at most one. */
  Optional<String> decodeSingle(BytesRef value, FacetField field) {
    return decode(value, field).stream().findFirst();
  }
}
