package dev.indelible.cli.map;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
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

  private final Set<String> taken = new HashSet<>();

  /** Takes out the value at {@code pointer}. */
  void take(JsonPointer pointer) {
    taken.add(pointer.toString());
  }

  /**
   * The rest of {@code record}; a container that became empty is gone with its content, an element
   * of an array that others remain of is null, so that these keep their places.
   */
  ObjectNode of(ObjectNode record) {
    JsonNode rest = taken.isEmpty() ? record : rest(record, "");
    return rest instanceof ObjectNode object ? object : NODES.objectNode();
  }

  private @Nullable JsonNode rest(JsonNode node, String path) {
    if (taken.contains(path)) {
      return null;
    }
    return switch (node) {
      case ObjectNode object when !object.isEmpty() -> {
        ObjectNode rest = NODES.objectNode();
        object.forEachEntry(
            (name, value) -> {
              JsonNode kept = rest(value, path + "/" + escape(name));
              if (kept != null) {
                rest.set(name, kept);
              }
            });
        yield rest.isEmpty() ? null : rest;
      }
      case ArrayNode array when !array.isEmpty() -> {
        ArrayNode rest = NODES.arrayNode(array.size());
        boolean any = false;
        for (int i = 0; i < array.size(); i++) {
          JsonNode kept = rest(array.get(i), path + "/" + i);
          any |= kept != null;
          rest.add(kept == null ? NODES.nullNode() : kept);
        }
        yield any ? rest : null;
      }
      default -> node;
    };
  }

  private static String escape(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
