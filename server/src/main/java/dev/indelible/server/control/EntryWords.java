package dev.indelible.server.control;

import dev.indelible.server.event.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The part of an entry that says which change of the configuration it records.
 *
 * @param action an action of the program, such as {@code audit.hold.apply}
 * @param target the changed object
 * @param changes the members that have another value than before
 */
public record EntryWords(String action, Event.Target target, List<Event.Change> changes) {

  public EntryWords {
    changes = List.copyOf(changes);
  }

  /**
   * The words for a change; empty when it has no entry, as it concerns nobody but its maker.
   *
   * @param before the object that was replaced, or null when it is new
   */
  public static Optional<EntryWords> of(
      @Nullable ConfigurationObject before, ConfigurationObject after) {
    return Optional.ofNullable(after.kind().entry(before, after));
  }

  static List<Event.Change> differences(
      @Nullable ObjectNode old, ObjectNode now, Set<String> switches) {
    List<Event.Change> result = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : now.properties()) {
      JsonNode was = old == null ? null : old.get(field.getKey());
      if (!Objects.equals(was, field.getValue())) {
        result.add(
            new Event.Change(
                field.getKey(),
                was == null && old != null ? absent(field.getKey(), switches) : was,
                field.getValue()));
      }
    }
    if (old != null) {
      for (Map.Entry<String, JsonNode> field : old.properties()) {
        if (!now.has(field.getKey())) {
          result.add(
              new Event.Change(field.getKey(), field.getValue(), absent(field.getKey(), switches)));
        }
      }
    }
    return result;
  }

  /** The value of a member that an object lacks; a switch is off then. */
  private static JsonNode absent(String field, Set<String> switches) {
    return switches.contains(field)
        ? JsonNodeFactory.instance.booleanNode(false)
        : JsonNodeFactory.instance.nullNode();
  }
}
