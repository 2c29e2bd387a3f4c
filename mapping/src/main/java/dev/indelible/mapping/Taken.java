package dev.indelible.mapping;

import dev.indelible.mapping.DocumentWriter.Name;
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
 * Values of a record that a document carries over exactly. Not thread-safe; one per document.
 *
 * <p>Few values are taken of one record, so a look through all of them is faster than a table;
 * beyond {@link #FEW} there is one.
 */
final class Taken {

  private static final JsonNode NULL = JsonNodeFactory.instance.nullNode();

  /** Up to so many are looked through one by one. */
  private static final int FEW = 64;

  private final JsonNode[] containers = new JsonNode[FEW];
  private final Object[] keys = new Object[FEW];
  private int size;

  /** The same by container, where there are many; empty otherwise. */
  private final IdentityHashMap<JsonNode, Set<Object>> many = new IdentityHashMap<>(0);

  /** Adds a value; one that stands nowhere in the record adds nothing. */
  void add(Value value) {
    JsonNode container = value.container();
    Object key = value.key();
    if (container == null || key == null) {
      return;
    }
    if (size < FEW) {
      containers[size] = container;
      keys[size] = key;
      size++;
    } else {
      many.computeIfAbsent(container, _ -> new HashSet<>()).add(key);
    }
  }

  /**
   * Writes what was not taken of {@code record}. A container that became empty is gone with its
   * content, an element of a list that others remain of is null, so that these keep their places.
   */
  boolean writeRest(DocumentWriter writer, @Nullable Name name, ObjectNode record) {
    return rest(writer, name, record);
  }

  private boolean rest(DocumentWriter writer, @Nullable Name name, JsonNode node) {
    return switch (node) {
      case ObjectNode object when !object.isEmpty() && holdsTaken(object) ->
          object(writer, name, object);
      case ArrayNode list when !list.isEmpty() && holdsTaken(list) -> list(writer, name, list);
      default -> {
        writer.value(name, node);
        yield true;
      }
    };
  }

  private boolean object(DocumentWriter writer, @Nullable Name name, ObjectNode object) {
    writer.begin(name, false);
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      if (!isTaken(object, member.getKey())) {
        rest(writer, new Name(member.getKey(), null), member.getValue());
      }
    }
    return writer.end();
  }

  private boolean list(DocumentWriter writer, @Nullable Name name, ArrayNode list) {
    writer.begin(name, true);
    int gone = 0;
    for (int i = 0; i < list.size(); i++) {
      JsonNode element = list.get(i);
      if (isTaken(list, i) || !remains(element)) {
        gone++;
        continue;
      }
      for (; gone > 0; gone--) {
        writer.value(null, NULL);
      }
      rest(writer, null, element);
    }
    return writer.end();
  }

  /** Whether anything of a value was not taken. */
  private boolean remains(JsonNode node) {
    if (!(node.isContainer() && !node.isEmpty() && holdsTaken(node))) {
      return true;
    }
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> member : object.properties()) {
        if (!isTaken(object, member.getKey()) && remains(member.getValue())) {
          return true;
        }
      }
      return false;
    }
    for (int i = 0; i < node.size(); i++) {
      if (!isTaken(node, i) && remains(node.get(i))) {
        return true;
      }
    }
    return false;
  }

  /** Whether something was taken of a container, or of one that is in it. */
  @SuppressWarnings("ReferenceEquality") // containers are known by their identity
  private boolean holdsTaken(JsonNode container) {
    for (int i = 0; i < size; i++) {
      if (containers[i] == container) {
        return true;
      }
    }
    if (many.containsKey(container)) {
      return true;
    }
    for (JsonNode inner : container) {
      if (inner.isContainer() && holdsTaken(inner)) {
        return true;
      }
    }
    return false;
  }

  @SuppressWarnings("ReferenceEquality") // as above
  private boolean isTaken(JsonNode container, Object key) {
    for (int i = 0; i < size; i++) {
      if (containers[i] == container && keys[i].equals(key)) {
        return true;
      }
    }
    Set<Object> more = many.isEmpty() ? null : many.get(container);
    return more != null && more.contains(key);
  }
}
