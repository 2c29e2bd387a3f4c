package dev.indelible.cli.map;

import tools.jackson.databind.node.ObjectNode;

/** Result of mapping one foreign record. */
public sealed interface Mapping {

  /**
   * An event; all of the record that is not elsewhere in it is in its {@code details}.
   *
   * @param timeUnreadable whether it has no time because the record's could not be read
   */
  record Mapped(ObjectNode event, boolean timeUnreadable) implements Mapping {}

  /** Failure: the record cannot become an event, for the reason given. */
  record Unmappable(String why) implements Mapping {}
}
