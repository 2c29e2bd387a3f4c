package dev.indelible.mapping;

import dev.indelible.mapping.Pointer.Segment;
import dev.indelible.mapping.Pointer.Start;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A step before a record is mapped: takes a value apart that is written in another one.
 *
 * @param at where that is, in the record or in an earlier step's result
 * @param form how it is written
 * @param into the name of the result; null when it stands in place of the value
 */
record Step(Pointer at, StepForm form, @Nullable String into) {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /**
   * The record after this step; {@code record} itself, which is never changed, where there is
   * nothing to do.
   *
   * @param made results of steps by their names; receives this one's
   */
  ObjectNode apply(ObjectNode record, ObjectNode made, Budget budget) {
    boolean ofMade = at.start() == Start.MADE;
    JsonNode from = ofMade ? made.get(at.name()) : record;
    if (from == null) {
      return record;
    }
    String name = into;
    if (name != null) {
      JsonNode value = find(from, at.segments());
      JsonNode result = value == null ? null : form.read(value, budget);
      if (result != null) {
        made.set(name, result);
      }
      return record;
    }
    JsonNode changed =
        replaced(
            from,
            at.segments(),
            node -> {
              JsonNode result = form.read(node, budget);
              return result == null ? node : result;
            });
    if (ofMade) {
      made.set(at.name(), changed);
      return record;
    }
    return changed instanceof ObjectNode object ? object : record;
  }

  private static @Nullable JsonNode find(JsonNode from, List<Segment> segments) {
    JsonNode node = from;
    for (int i = 0; i < segments.size() && node != null; i++) {
      node = child(node, segments.get(i));
    }
    return node;
  }

  private static @Nullable JsonNode child(JsonNode node, Segment segment) {
    return switch (node) {
      case ObjectNode object -> object.get(segment.name());
      case ArrayNode array when segment.number() >= 0 -> array.get(segment.number());
      default -> null;
    };
  }

  /**
   * A copy of {@code node} in which the values at {@code segments} are changed; what lies beside
   * the way is shared with it, and without a change it is {@code node} itself.
   */
  @SuppressWarnings("ReferenceEquality") // the node itself means that nothing changed
  static JsonNode replaced(JsonNode node, List<Segment> segments, UnaryOperator<JsonNode> change) {
    if (segments.isEmpty()) {
      return change.apply(node);
    }
    Segment segment = segments.getFirst();
    List<Segment> rest = segments.subList(1, segments.size());
    if (segment == Segment.ALL) {
      return allReplaced(node, rest, change);
    }
    JsonNode child = child(node, segment);
    if (child == null) {
      return node;
    }
    JsonNode changed = replaced(child, rest, change);
    if (changed == child) {
      return node;
    }
    if (node instanceof ObjectNode object) {
      ObjectNode copy = NODES.objectNode();
      copy.setAll(object);
      copy.set(segment.name(), changed);
      return copy;
    }
    ArrayNode copy = NODES.arrayNode(node.size());
    node.forEach(copy::add);
    copy.set(segment.number(), changed);
    return copy;
  }

  @SuppressWarnings("ReferenceEquality") // as above
  private static JsonNode allReplaced(
      JsonNode node, List<Segment> rest, UnaryOperator<JsonNode> change) {
    if (node instanceof ObjectNode object) {
      ObjectNode copy = NODES.objectNode();
      boolean any = false;
      for (Map.Entry<String, JsonNode> member : object.properties()) {
        JsonNode changed = replaced(member.getValue(), rest, change);
        any |= changed != member.getValue();
        copy.set(member.getKey(), changed);
      }
      return any ? copy : node;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = NODES.arrayNode(array.size());
      boolean any = false;
      for (JsonNode element : array) {
        JsonNode changed = replaced(element, rest, change);
        any |= changed != element;
        copy.add(changed);
      }
      return any ? copy : node;
    }
    return node;
  }
}
