package dev.indelible.server.api.events;

import dev.indelible.server.index.Facet;
import dev.indelible.server.query.Field;
import dev.indelible.server.search.Hints.Hint;
import dev.indelible.server.search.Search.Named;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Hints of an answer without entries on its query. */
final class HintsJson {

  private HintsJson() {}

  static ArrayNode of(List<Hint> hints) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Hint hint : hints) {
      ObjectNode one = array.addObject();
      one.put("code", code(hint));
      one.put("field", hint.field().queryName());
      one.put("value", hint.value());
      one.put("detail", detail(hint));
      if (hint instanceof Hint.BeginsWith(String _, List<Named> named)) {
        ArrayNode actors = one.putArray("actors");
        for (Named actor : named) {
          ObjectNode person = actors.addObject().put("id", actor.id());
          if (actor.name() != null) {
            person.put("name", actor.name());
          }
          person.put("count", actor.count());
        }
      }
      if (hint instanceof Hint.NoSuchValue(_, _, List<Facet.Value> there, _)) {
        ArrayNode values = one.putArray("values");
        for (Facet.Value value : there) {
          values.addObject().put("value", value.value()).put("count", value.count());
        }
      }
    }
    return array;
  }

  private static String code(Hint hint) {
    return switch (hint) {
      case Hint.BeginsWith _ -> "begins_with";
      case Hint.NamesWithheld _ -> "names_withheld";
      case Hint.NoSuchValue _ -> "no_such_value";
    };
  }

  private static String detail(Hint hint) {
    return switch (hint) {
      case Hint.BeginsWith(String value, List<Named> named) ->
          "actor:%s is nobody's whole id, name or e-mail address; begins with: %s"
              .formatted(
                  value,
                  named.stream()
                      .map(
                          actor ->
                              "%s (%d)"
                                  .formatted(
                                      actor.name() == null ? actor.id() : actor.name(),
                                      actor.count()))
                      .collect(Collectors.joining(", ")));
      case Hint.NamesWithheld(String value) ->
          ("actor:%s is nobody's whole id; names are not shown to you and cannot be searched, which"
                  + " needs audit.view_personal")
              .formatted(value);
      case Hint.NoSuchValue(Field field, String value, List<Facet.Value> there, int distinct) ->
          there.isEmpty()
              ? "no entry has the %s %s; none has any".formatted(called(field), value)
              : "no entry has the %s %s; there are: %s%s"
                  .formatted(
                      called(field),
                      value,
                      there.stream()
                          .map(other -> "%s (%d)".formatted(other.value(), other.count()))
                          .collect(Collectors.joining(", ")),
                      distinct > there.size()
                          ? " and %d more".formatted(distinct - there.size())
                          : "");
    };
  }

  /** A field's name as people say it. */
  private static String called(Field field) {
    return field.queryName().replace('_', ' ');
  }
}
