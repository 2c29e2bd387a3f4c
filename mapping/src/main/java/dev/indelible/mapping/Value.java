package dev.indelible.mapping;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * A value found by a rule.
 *
 * @param node the value, or null when absent
 * @param container the object or array of the record that it is exactly a member or element of;
 *     null when it was changed, composed, constant, or made by a step, so that the original is
 *     still worth keeping
 * @param key its name ({@code String}) or number ({@code Integer}) in the container; null with it
 */
record Value(@Nullable JsonNode node, @Nullable JsonNode container, @Nullable Object key) {

  static final Value ABSENT = new Value(null, null, null);

  /** A value that stands nowhere in the record. */
  static Value made(String text) {
    return new Value(StringNode.valueOf(text), null, null);
  }

  /** A value that a step made, with all in it. */
  static Value made(JsonNode node) {
    return new Value(node, null, null);
  }

  boolean isAbsent() {
    return node == null;
  }

  /** The member {@code name} of an object; absent when this is none or has no such member. */
  Value member(String name) {
    JsonNode member = node instanceof ObjectNode object ? object.get(name) : null;
    return member == null
        ? ABSENT
        : new Value(member, container == null ? null : node, container == null ? null : name);
  }
}
