package dev.indelible.mapping;

import tools.jackson.databind.node.ObjectNode;

/** Result of mapping one foreign record, or one expanded element of it. */
public sealed interface Mapping {

  /**
   * An event; all of the record that is not elsewhere in it is in its {@code details}.
   *
   * @param timeUnreadable whether it has no time because the record's could not be read
   */
  record Mapped(ObjectNode event, boolean timeUnreadable) implements Mapping {}

  /**
   * A record that is no event, as the map says.
   *
   * @param because what such records are, for people
   */
  record Skipped(String because) implements Mapping {}

  /**
   * Failure: the record cannot become an event.
   *
   * @param why the reason, a sentence for people without its full stop
   * @param rule the rule of the map, by file, line and part; empty when it is none's
   * @param pointer the places of the record that the rule asks; empty when it asks none
   */
  record Unmappable(String why, String rule, String pointer) implements Mapping {

    /** All of it in one sentence. */
    public String sentence() {
      StringBuilder text = new StringBuilder(why);
      if (!rule.isEmpty()) {
        text.append(" (").append(rule);
        if (!pointer.isEmpty()) {
          text.append(" asks ").append(pointer);
        }
        text.append(')');
      }
      return text.toString();
    }
  }
}
