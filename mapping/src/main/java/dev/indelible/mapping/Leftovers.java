package dev.indelible.mapping;

import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Remainder of a record that did not become a part of the event. Only a value that was carried over
 * exactly is taken out; whatever was changed on its way stays here as it was. Not thread-safe; one
 * per record.
 */
final class Leftovers {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Keys that were taken out of each object or array, known by its identity. */
  private final IdentityHashMap<JsonNode, Set<Object>> taken = new IdentityHashMap<>();

  /** Takes out a value; one that stands nowhere in the record takes nothing. */
  void take(Value value) {
    JsonNode container = value.container();
    Object key = value.key();
    if (container != null && key != null) {
      taken.computeIfAbsent(container, _ -> new HashSet<>()).add(key);
    }
  }

  /**
   * The rest of {@code record}; a container that became empty is gone with its content, an element
   * of an array that others remain of is null, so that these keep their places. What nothing was
   * taken out of is the record's own and not to be changed.
   */
  ObjectNode of(ObjectNode record) {
    JsonNode rest = taken.isEmpty() ? record : rest(record);
    return rest instanceof ObjectNode object ? object : NODES.objectNode();
  }

  private @Nullable JsonNode rest(JsonNode node) {
    return switch (node) {
      case ObjectNode object when !object.isEmpty() -> rest(object);
      case ArrayNode array when !array.isEmpty() -> rest(array);
      default -> node;
    };
  }

  @SuppressWarnings("ReferenceEquality") // the node itself means that nothing is gone
  private @Nullable JsonNode rest(ObjectNode object) {
    Set<Object> gone = taken.getOrDefault(object, Set.of());
    ObjectNode rest = null;
    int passed = 0;
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      JsonNode value = member.getValue();
      JsonNode kept = gone.contains(member.getKey()) ? null : rest(value);
      if (kept != value && rest == null) {
        rest = NODES.objectNode();
        for (Map.Entry<String, JsonNode> before : object.properties()) {
          if (rest.size() == passed) {
            break;
          }
          rest.set(before.getKey(), before.getValue());
        }
      }
      if (rest == null) {
        passed++;
      } else if (kept != null) {
        rest.set(member.getKey(), kept);
      }
    }
    return rest == null ? object : rest.isEmpty() ? null : rest;
  }

  @SuppressWarnings("ReferenceEquality") // as above
  private @Nullable JsonNode rest(ArrayNode array) {
    Set<Object> gone = taken.getOrDefault(array, Set.of());
    ArrayNode rest = null;
    boolean any = false;
    for (int i = 0; i < array.size(); i++) {
      JsonNode value = array.get(i);
      JsonNode kept = gone.contains(i) ? null : rest(value);
      any |= kept != null;
      if (kept != value && rest == null) {
        rest = NODES.arrayNode(array.size());
        for (int j = 0; j < i; j++) {
          rest.add(array.get(j));
        }
      }
      if (rest != null) {
        rest.add(kept == null ? NODES.nullNode() : kept);
      }
    }
    return rest == null ? array : any ? rest : null;
  }
}
