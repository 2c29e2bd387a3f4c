package dev.indelible.mapping;

import dev.indelible.mapping.Pointer.Segment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The places of a record that the rules of a map ask for, as a tree of names, each with a number. A
 * record is walked once along this tree, whatever the number of rules: most rules of a map ask for
 * what a record does not have. Numbers are given out while a map is read; from then on it is not
 * changed, and thread-safe.
 */
final class Places {

  private final Place root = new Place();
  private int size;

  /** A name on the way, and what follows it. */
  private static final class Place {
    private final Map<String, Place> byName = new HashMap<>();

    /** Those of the names that are also numbers of elements. */
    private final List<Segment> numbers = new ArrayList<>();

    /** The number of this place; -1 when it is only on the way to others. */
    private int slot = -1;
  }

  /** The number of the place at {@code segments}, from 0; equal places have one number. */
  int slot(List<Segment> segments) {
    Place place = root;
    for (Segment segment : segments) {
      Place next = place.byName.get(segment.name());
      if (next == null) {
        next = new Place();
        place.byName.put(segment.name(), next);
        if (segment.number() >= 0) {
          place.numbers.add(segment);
        }
      }
      place = next;
    }
    if (place.slot < 0) {
      place.slot = size++;
    }
    return place.slot;
  }

  /**
   * Contents of the places of one record.
   *
   * @param values by the number of the place; null where nothing stands
   * @param present the places where something stands, a bit each
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Found(@Nullable Value[] values, long[] present) {
    private void add(int slot, Value value) {
      values[slot] = value;
      present[slot >> 6] |= 1L << slot;
    }
  }

  /** Values at each place of {@code record}. */
  Found in(ObjectNode record) {
    Found found = new Found(new Value[size], new long[(size + 63) >> 6]);
    if (size > 0) {
      find(record, root, found);
    }
    return found;
  }

  private static void find(ObjectNode object, Place place, Found found) {
    if (place.byName.size() < object.size()) {
      for (Map.Entry<String, Place> one : place.byName.entrySet()) {
        JsonNode node = object.get(one.getKey());
        if (node != null) {
          found(node, object, one.getKey(), one.getValue(), found);
        }
      }
      return;
    }
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      Place next = place.byName.get(member.getKey());
      if (next != null) {
        found(member.getValue(), object, member.getKey(), next, found);
      }
    }
  }

  private static void find(ArrayNode array, Place place, Found found) {
    for (int i = 0; i < place.numbers.size(); i++) {
      Segment segment = place.numbers.get(i);
      JsonNode node = array.get(segment.number());
      Place next = place.byName.get(segment.name());
      if (node != null && next != null) {
        found(node, array, segment.number(), next, found);
      }
    }
  }

  private static void found(
      JsonNode node, JsonNode container, Object key, Place place, Found found) {
    if (place.slot >= 0) {
      found.add(place.slot, new Value(node, container, key));
    }
    if (place.byName.isEmpty()) {
      return;
    }
    if (node instanceof ObjectNode object) {
      find(object, place, found);
    } else if (node instanceof ArrayNode array) {
      find(array, place, found);
    }
  }
}
