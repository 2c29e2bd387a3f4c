package dev.indelible.server.http;

import dev.indelible.server.search.Hints.Hint;
import dev.indelible.server.search.Search.Named;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What an answer without entries says of its query. */
final class HintsJson {

  private HintsJson() {}

  static ArrayNode of(List<Hint> hints) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Hint hint : hints) {
      ObjectNode one = array.addObject();
      one.put("code", code(hint));
      one.put("field", "actor");
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
    }
    return array;
  }

  private static String code(Hint hint) {
    return switch (hint) {
      case Hint.BeginsWith _ -> "begins_with";
      case Hint.NamesWithheld _ -> "names_withheld";
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
    };
  }
}
