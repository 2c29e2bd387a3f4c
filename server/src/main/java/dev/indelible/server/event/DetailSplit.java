package dev.indelible.server.event;

import java.util.ArrayList;
import java.util.List;
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
 * same length with {@code {}} where an element has nothing personal.
 *
 * @param facts the details without what is personal
 * @param personal what is personal, or null when nothing is
 */
record DetailSplit(ObjectNode facts, @Nullable ObjectNode personal) {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String ANY = "*";

  /** Parts the details by the rules' paths; the given tree is not changed. */
  static DetailSplit of(ObjectNode details, PersonalRules rules) {
    List<List<String>> paths = rules.detailPaths().stream().map(PersonalRules::steps).toList();
    ObjectNode facts = NODES.objectNode();
    ObjectNode personal = NODES.objectNode();
    split(details, paths, 0, facts, personal);
    return personal.isEmpty() ? new DetailSplit(details, null) : new DetailSplit(facts, personal);
  }

  /** {@code live} are the paths that lead here after {@code step} steps. */
  private static void split(
      ObjectNode from, List<List<String>> live, int step, ObjectNode facts, ObjectNode personal) {
    for (Map.Entry<String, JsonNode> member : from.properties()) {
      String name = member.getKey();
      JsonNode value = member.getValue();
      List<List<String>> further = new ArrayList<>(0);
      boolean whole = false;
      for (List<String> path : live) {
        if (path.get(step).equals(name) || path.get(step).equals(ANY)) {
          if (path.size() == step + 1) {
            whole = true;
          } else {
            further.add(path);
          }
        }
      }
      if (whole) {
        personal.set(name, value);
      } else if (further.isEmpty() || !value.isContainer()) {
        facts.set(name, value);
      } else {
        Halves halves = halves(value, further, step + 1);
        facts.set(name, halves.facts);
        if (!isEmpty(halves.personal)) {
          personal.set(name, halves.personal);
        }
      }
    }
  }

  private record Halves(JsonNode facts, JsonNode personal) {}

  private static Halves halves(JsonNode value, List<List<String>> live, int step) {
    if (value instanceof ObjectNode object) {
      ObjectNode facts = NODES.objectNode();
      ObjectNode personal = NODES.objectNode();
      split(object, live, step, facts, personal);
      return new Halves(facts, personal);
    }
    ArrayNode facts = NODES.arrayNode();
    ArrayNode personal = NODES.arrayNode();
    boolean any = false;
    for (JsonNode element : value) {
      if (element.isContainer()) {
        Halves halves = halves(element, live, step);
        facts.add(halves.facts);
        personal.add(halves.personal);
        any |= !isEmpty(halves.personal);
      } else {
        facts.add(element);
        personal.add(NODES.objectNode());
      }
    }
    return new Halves(facts, any ? personal : NODES.objectNode());
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
