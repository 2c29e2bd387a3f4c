package dev.indelible.mapping;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 *
 * <p>As a rule few containers have few values taken out of them, which are looked through in less
 * time than it takes to hash them; where there are more than {@value #FEW}, they are hashed.
 */
final class Leftovers {

  /** The most containers, or values of one, that are looked through one by one. */
  static final int FEW = 16;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** The containers that something was taken out of, while they are few. */
  private final List<Taken> few = new ArrayList<>();

  /** All of them, by their identity; null while they are few. */
  private @Nullable IdentityHashMap<JsonNode, Taken> many;

  /** Members that were taken out of one container. */
  private static final class Taken {
    private final JsonNode container;
    private final List<Value> few = new ArrayList<>();

    /** The names or numbers of all values; null while they are few. */
    private @Nullable Set<Object> many;

    private Taken(JsonNode container) {
      this.container = container;
    }

    private void add(Value value, Object key) {
      if (many != null) {
        many.add(key);
        return;
      }
      few.add(value);
      if (few.size() > FEW) {
        many = new HashSet<>();
        for (Value one : few) {
          many.add(Objects.requireNonNull(one.key()));
        }
      }
    }

    /** Whether it was taken; nodes are compared first, since names take longer. */
    @SuppressWarnings("ReferenceEquality") // the node of a taken value is the very one
    private boolean has(JsonNode node, Object key) {
      if (many != null) {
        return many.contains(key);
      }
      for (int i = 0; i < few.size(); i++) {
        if (few.get(i).node() == node && key.equals(few.get(i).key())) {
          return true;
        }
      }
      return false;
    }
  }

  /** Takes out a value; one that stands nowhere in the record takes nothing. */
  void take(Value value) {
    JsonNode container = value.container();
    Object key = value.key();
    if (container != null && key != null) {
      Taken taken = takenOf(container);
      if (taken == null) {
        taken = new Taken(container);
        add(taken);
      }
      taken.add(value, key);
    }
  }

  private void add(Taken taken) {
    if (many != null) {
      many.put(taken.container, taken);
      return;
    }
    few.add(taken);
    if (few.size() > FEW) {
      many = new IdentityHashMap<>();
      for (Taken one : few) {
        many.put(one.container, one);
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // equal containers at two places are two
  private @Nullable Taken takenOf(JsonNode container) {
    if (many != null) {
      return many.get(container);
    }
    for (int i = few.size() - 1; i >= 0; i--) {
      if (few.get(i).container == container) {
        return few.get(i);
      }
    }
    return null;
  }

  /**
   * The rest of {@code record}; a container that became empty is gone with its content, an element
   * of an array that others remain of is null, so that these keep their places. What nothing was
   * taken out of is the record's own and not to be changed.
   */
  ObjectNode of(ObjectNode record) {
    JsonNode rest = few.isEmpty() ? record : rest(record);
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
    Taken gone = takenOf(object);
    ObjectNode rest = null;
    int passed = 0;
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      JsonNode value = member.getValue();
      boolean isGone = gone != null && gone.has(value, member.getKey());
      JsonNode kept = isGone ? null : rest(value);
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
    Taken gone = takenOf(array);
    ArrayNode rest = null;
    boolean any = false;
    for (int i = 0; i < array.size(); i++) {
      JsonNode value = array.get(i);
      boolean isGone = gone != null && gone.has(value, i);
      JsonNode kept = isGone ? null : rest(value);
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
