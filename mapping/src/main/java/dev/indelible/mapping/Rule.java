package dev.indelible.mapping;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A rule of a map: how to find one part of an event, and where the map says so.
 *
 * @param expression the rule
 * @param line the line of the map, from 1
 * @param path the part that it is of, such as {@code event.actor.id}
 */
record Rule(Expression expression, int line, String path) {

  /** The most pointers that a refusal names. */
  static final int MAX_NAMED_POINTERS = 8;

  Value in(Scope scope) {
    return expression.in(scope);
  }

  /** The rule and its place, for people: {@code okta.yaml:12 event.actor.id}. */
  String named(String map) {
    return "%s:%d %s".formatted(map, line, path);
  }

  /** The pointers that it asks, as the map writes them. */
  String pointers() {
    Set<String> found = new LinkedHashSet<>();
    collect(expression, found);
    List<String> named = new ArrayList<>(found);
    return named.size() > MAX_NAMED_POINTERS
        ? String.join(", ", named.subList(0, MAX_NAMED_POINTERS)) + ", …"
        : String.join(", ", named);
  }

  private static void collect(Expression expression, Set<String> found) {
    switch (expression) {
      case Expression.Constant _, Expression.Numbered _ -> {}
      case Expression.At at -> found.add(at.pointer().written());
      case Expression.AnyOf any -> found.add(any.pointer().written());
      case Expression.Template template ->
          template.parts().forEach(part -> collect(part, found));
      case Expression.FirstOf first ->
          first.alternatives().forEach(alternative -> collect(alternative, found));
      case Expression.Matching matching -> collect(matching.from(), found);
      case Expression.Without without -> collect(without.from(), found);
      case Expression.Extracted extracted -> collect(extracted.from(), found);
      case Expression.Changed changed -> collect(changed.from(), found);
      case Expression.Guarded guarded -> {
        collect(guarded.condition(), found);
        collect(guarded.from(), found);
      }
    }
  }
}
