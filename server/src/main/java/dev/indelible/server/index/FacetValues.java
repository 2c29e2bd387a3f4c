package dev.indelible.server.index;

import dev.indelible.server.event.Entry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Values of an entry's facets in UTF-8, perhaps with doubles: ranges of bytes that others hold and
 * do not write to meanwhile. Not thread-safe; reused.
 */
final class FacetValues {

  private static final int INITIAL_VALUES = 4;

  /** The values of one field. */
  private static final class Ranges {
    private byte[][] arrays = new byte[INITIAL_VALUES][];
    private int[] bounds = new int[2 * INITIAL_VALUES];
    private int count;
  }

  private final Map<FacetField, Ranges> fields = new EnumMap<>(FacetField.class);

  FacetValues() {
    for (FacetField field : FacetField.values()) {
      fields.put(field, new Ranges());
    }
  }

  void clear() {
    fields.forEach((_, values) -> values.count = 0);
  }

  /** Takes the values of an entry in place of those that are there. */
  void load(Entry entry) {
    clear();
    for (FacetField field : FacetField.values()) {
      for (String value : field.values(entry)) {
        add(field, value);
      }
    }
  }

  private Ranges of(FacetField field) {
    Ranges values = fields.get(field);
    if (values == null) {
      throw new IllegalStateException("no room for " + field);
    }
    return values;
  }

  void add(FacetField field, String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    add(field, utf8, 0, utf8.length);
  }

  void add(FacetField field, byte[] array, int from, int to) {
    Ranges values = of(field);
    if (values.count == values.arrays.length) {
      values.arrays = Arrays.copyOf(values.arrays, 2 * values.count);
      values.bounds = Arrays.copyOf(values.bounds, 4 * values.count);
    }
    values.arrays[values.count] = array;
    values.bounds[2 * values.count] = from;
    values.bounds[2 * values.count + 1] = to;
    values.count++;
  }

  int count(FacetField field) {
    return of(field).count;
  }

  byte[] array(FacetField field, int value) {
    return of(field).arrays[value];
  }

  int from(FacetField field, int value) {
    return of(field).bounds[2 * value];
  }

  int to(FacetField field, int value) {
    return of(field).bounds[2 * value + 1];
  }

  /** Values of a field, as texts. */
  List<String> texts(FacetField field) {
    List<String> texts = new ArrayList<>(count(field));
    for (int i = 0; i < count(field); i++) {
      int from = from(field, i);
      texts.add(new String(array(field, i), from, to(field, i) - from, StandardCharsets.UTF_8));
    }
    return texts;
  }
}
