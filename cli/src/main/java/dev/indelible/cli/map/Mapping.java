package dev.indelible.cli.map;

import tools.jackson.databind.node.ObjectNode;

/** What became of one foreign record. */
public sealed interface Mapping {

  /** An event; all of the record that is not elsewhere in it is in its {@code details}. */
  record Mapped(ObjectNode event) implements Mapping {}

  /** Not an event, and why. */
  record Unmappable(String why) implements Mapping {}
}
