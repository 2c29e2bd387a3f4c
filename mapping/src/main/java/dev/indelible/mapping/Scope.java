package dev.indelible.mapping;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A part of a record that pointers start at: the record itself, or an element that a rule is about.
 *
 * @param value the part and where it stands; of the record itself, nowhere
 * @param isMade whether it is of a step's result, so that nothing in it is of the record
 * @param number its number in its list, from 0; -1 where it is of none
 * @param outer the part that its list is in; null for the record
 * @param record what all parts of one record share
 */
record Scope(Value value, boolean isMade, int number, @Nullable Scope outer, Shared record) {

  /**
   * The whole that a scope is a part of.
   *
   * @param root the record
   * @param made results of steps, by name
   * @param found what the record has at the {@link Places} of its map
   */
  record Shared(ObjectNode root, ObjectNode made, Budget budget, Places.Found found) {}

  /** The scope of a whole record, or of one expanded element of it. */
  static Scope of(Shared record, int number) {
    return new Scope(new Value(record.root(), null, null), false, number, null, record);
  }

  /** The part at {@code number} of a list that stands in this one. */
  Scope element(Value list, ArrayNode elements, int number, boolean ofMade) {
    JsonNode node = elements.get(number);
    Value at = ofMade ? Value.made(node) : new Value(node, list.node(), number);
    return new Scope(at, ofMade, number, this, record);
  }

  /** The one thing that stands in this one where a list could. */
  Scope only(Value thing, boolean ofMade) {
    return new Scope(thing, ofMade, 0, this, record);
  }

  Budget budget() {
    return record.budget();
  }
}
