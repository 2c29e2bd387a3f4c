package dev.indelible.server.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Parts details into what the facts hold and what the personal part holds, and joins them again.
 *
 * <p>The personal tree mirrors the other: objects with only the personal members, arrays of the
 * same length with {@code {}} where an element has nothing personal. What nothing personal is in is
 * not copied.
 *
 * @param facts the details without what is personal
 * @param personal the personal values, or null when there are none
 */
record DetailSplit(ObjectNode facts, @Nullable ObjectNode personal) {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Parts the details by the rules' paths; the given tree is not changed. */
  static DetailSplit of(ObjectNode details, PersonalRules rules) {
    return of(details, rules.details().root());
  }

  /** Parts the details by paths; the given tree is not changed. */
  static DetailSplit of(ObjectNode details, DetailPaths.Place root) {
    DetailSplit split = split(details, root);
    return split == null ? new DetailSplit(details, null) : split;
  }

  /** Parts an object; null when nothing in it is personal. */
  private static @Nullable DetailSplit split(ObjectNode from, DetailPaths.Place at) {
    ObjectNode facts = null;
    ObjectNode personal = null;
    for (Map.Entry<String, JsonNode> member : from.properties()) {
      String name = member.getKey();
      JsonNode value = member.getValue();
      DetailPaths.Place place = at.member(name);
      Halves halves = place == null ? null : halves(value, place);
      if (halves == null) {
        continue;
      }
      if (facts == null || personal == null) {
        facts = NODES.objectNode();
        facts.setAll(from);
        personal = NODES.objectNode();
      }
      personal.set(name, halves.personal);
      if (halves.facts == null) {
        facts.remove(name);
      } else {
        facts.set(name, halves.facts);
      }
    }
    return facts == null ? null : new DetailSplit(facts, personal);
  }

  /** A value in two; the facts have nothing of one that is personal whole. */
  private record Halves(@Nullable JsonNode facts, JsonNode personal) {}

  private static @Nullable Halves halves(JsonNode value, DetailPaths.Place at) {
    if (at.isWhole()) {
      return new Halves(null, value);
    }
    if (value instanceof ObjectNode object) {
      DetailSplit split = split(object, at);
      return split == null || split.personal == null
          ? null
          : new Halves(split.facts, split.personal);
    }
    return value instanceof ArrayNode array ? elements(array, at) : null;
  }

  private static @Nullable Halves elements(ArrayNode array, DetailPaths.Place at) {
    ArrayNode facts = NODES.arrayNode(array.size());
    ArrayNode personal = NODES.arrayNode(array.size());
    boolean any = false;
    for (JsonNode element : array) {
      Halves halves = element.isContainer() ? halves(element, at) : null;
      any |= halves != null;
      facts.add(halves == null || halves.facts == null ? element : halves.facts);
      personal.add(halves == null ? NODES.objectNode() : halves.personal);
    }
    return any ? new Halves(facts, personal) : null;
  }

  private static boolean isEmpty(JsonNode personal) {
    return personal.isObject() && personal.isEmpty();
  }

  /**
   * Puts what is personal back into the facts.
   *
   * @throws CorruptEntryException when the two do not fit together
   */
  static void join(ObjectNode facts, ObjectNode personal) {
    for (Map.Entry<String, JsonNode> member : personal.properties()) {
      JsonNode fact = facts.get(member.getKey());
      if (fact == null) {
        facts.set(member.getKey(), member.getValue());
      } else {
        join(fact, member.getValue());
      }
    }
  }

  private static void join(JsonNode fact, JsonNode personal) {
    if (isEmpty(personal)) {
      return;
    }
    if (fact instanceof ObjectNode object && personal instanceof ObjectNode members) {
      join(object, members);
    } else if (fact.isArray() && personal.isArray() && fact.size() == personal.size()) {
      for (int i = 0; i < fact.size(); i++) {
        join(fact.get(i), personal.get(i));
      }
    } else {
      throw new CorruptEntryException("personal details do not fit the facts");
    }
  }
}
