package dev.indelible.mapping;

import dev.indelible.mapping.Expression.LetterCase;
import dev.indelible.mapping.Expression.Replacement;
import dev.indelible.mapping.YamlNode.Members;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of a map's rules.
 *
 * @param isVersion2 whether the map is of version 2
 * @param none texts that count as absent in all of the map
 * @param made names of the steps' results
 * @param places receives the places that are asked for
 */
record ExpressionReader(boolean isVersion2, Set<String> none, Set<String> made, Places places) {

  private static final Set<String> KEYS =
      Set.of("from", "any", "when", "replace", "snake", "lower", "values", "other", "else");
  private static final Set<String> NEWER_KEYS =
      Set.of("if", "if_not", "unless", "match", "upper", "absent", "text");

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(/[^}]*)}");
  private static final Pattern NEWER_PLACEHOLDER =
      Pattern.compile("\\{((?:\\^+|\\$|@[a-z][A-Za-z0-9_]*)(?:/[^}]*)?|/[^}]*|#)}");

  ExpressionReader {
    none = Set.copyOf(none);
    made = Set.copyOf(made);
  }

  /** The rule of a part of an event. */
  Rule rule(YamlNode value, String path) {
    return new Rule(read(value), value.line(), path);
  }

  @Nullable Expression optional(@Nullable YamlNode value) {
    return value == null ? null : read(value);
  }

  /** The value that a map writes as {@code value}. */
  Expression read(YamlNode value) {
    if (value.isText()) {
      return scalar(value, value.text());
    }
    if (value.isList()) {
      return firstOf(value.items().stream().map(this::read).toList());
    }
    if (value.isObject()) {
      return changed(value, Set.of());
    }
    throw value.invalid("is neither text, a list nor an object");
  }

  private static Expression firstOf(List<Expression> alternatives) {
    return new Expression.FirstOf(alternatives);
  }

  private Expression scalar(YamlNode place, String text) {
    if (Pointer.isOne(text, isVersion2)) {
      return new Expression.At(pointer(place, text), none);
    }
    Matcher matcher = (isVersion2 ? NEWER_PLACEHOLDER : PLACEHOLDER).matcher(text);
    List<Expression> parts = new ArrayList<>();
    int end = 0;
    while (matcher.find()) {
      if (matcher.start() > end) {
        parts.add(new Expression.Constant(text.substring(end, matcher.start())));
      }
      String inner = matcher.group(1);
      parts.add(
          inner.equals("#")
              ? new Expression.Numbered()
              : new Expression.At(pointer(place, inner), none));
      end = matcher.end();
    }
    if (parts.isEmpty()) {
      return new Expression.Constant(text);
    }
    if (end < text.length()) {
      parts.add(new Expression.Constant(text.substring(end)));
    }
    return new Expression.Template(parts);
  }

  /**
   * The changed value that a map writes as the object {@code place}.
   *
   * @param others keys that it may have besides, and that are read elsewhere
   */
  Expression changed(YamlNode place, Set<String> others) {
    Members rule = place.members(place.path() + ".");
    rule.without(others).allow(KEYS, NEWER_KEYS, isVersion2);
    Map<String, String> values = new HashMap<>();
    YamlNode table = rule.get("values");
    if (table != null) {
      table.members(table.path() + ".").byName().forEach((key, to) -> values.put(key, to.text()));
    }
    LetterCase letters =
        rule.flag("snake")
            ? LetterCase.SNAKE
            : rule.flag("lower")
                ? LetterCase.LOWER
                : rule.flag("upper") ? LetterCase.UPPER : LetterCase.AS_IS;
    List<Replacement> replacements =
        rule.items("replace").isEmpty() ? List.of() : pairs(rule.need("replace"));
    YamlNode other = rule.get("other");
    String otherText = other == null ? null : other.text();
    YamlNode absent = rule.get("else");
    String absentText = absent == null ? null : absent.text();
    boolean isPlain = replacements.isEmpty() && letters == LetterCase.AS_IS && values.isEmpty();
    if (!isVersion2) {
      return new Expression.Changed(
          source(place, rule), replacements, letters, values, otherText, absentText);
    }
    List<Expression> candidates = new ArrayList<>();
    for (Expression candidate : candidates(place, rule)) {
      Expression from = conditions(candidate, rule);
      candidates.add(
          isPlain && otherText == null
              ? from
              : new Expression.Changed(from, replacements, letters, values, otherText, null));
    }
    Expression guarded =
        guarded(candidates.size() == 1 ? candidates.getFirst() : firstOf(candidates), rule);
    return absentText == null
        ? guarded
        : firstOf(List.of(guarded, new Expression.Constant(absentText)));
  }

  /** Reads what is looked for in turn: the alternatives of {@code from}, or one source alone. */
  private List<Expression> candidates(YamlNode place, Members rule) {
    YamlNode text = rule.get("text");
    long sources = Stream.of("from", "any", "text").filter(key -> rule.get(key) != null).count();
    if (sources > 1) {
      throw place.invalid("has more than one of \"from\", \"any\" and \"text\"");
    }
    if (text != null) {
      return List.of(new Expression.Constant(text.text()));
    }
    if (rule.get("any") != null) {
      return List.of(source(place, rule));
    }
    Expression from = read(rule.need("from"));
    List<Expression> flat = new ArrayList<>();
    flatten(from, flat);
    YamlNode when = rule.get("when");
    return when == null
        ? flat
        : flat.stream()
            .map(one -> (Expression) new Expression.Matching(one, regex(when), false))
            .toList();
  }

  private static void flatten(Expression from, List<Expression> into) {
    if (from instanceof Expression.FirstOf(List<Expression> alternatives)) {
      alternatives.forEach(alternative -> flatten(alternative, into));
    } else {
      into.add(from);
    }
  }

  private Expression conditions(Expression from, Members rule) {
    Expression value = from;
    YamlNode absent = rule.get("absent");
    if (absent != null) {
      value = new Expression.Without(value, Set.copyOf(absent.texts()));
    }
    YamlNode unless = rule.get("unless");
    if (unless != null) {
      value = new Expression.Matching(value, regex(unless), true);
    }
    YamlNode match = rule.get("match");
    if (match != null) {
      List<Replacement> patterns =
          match.isText() ? List.of(new Replacement(regex(match), null)) : pairs(match);
      value = new Expression.Extracted(value, patterns);
    }
    return value;
  }

  private Expression guarded(Expression from, Members rule) {
    Expression value = from;
    YamlNode condition = rule.get("if");
    if (condition != null) {
      value = new Expression.Guarded(read(condition), false, value);
    }
    YamlNode negated = rule.get("if_not");
    if (negated != null) {
      value = new Expression.Guarded(read(negated), true, value);
    }
    return value;
  }

  /** The list of [pattern, replacement] that {@code list} is. */
  private static List<Replacement> pairs(YamlNode list) {
    List<Replacement> pairs = new ArrayList<>();
    for (YamlNode item : list.items()) {
      List<YamlNode> pair = item.isList() ? item.items() : List.of();
      if (pair.size() != 2) {
        throw list.invalid("is a list of [pattern, replacement]");
      }
      Regex pattern = regex(pair.get(0));
      String with = pair.get(1).text();
      String problem = pattern.problemOf(with);
      if (problem != null) {
        throw item.invalid("cannot replace by \"" + with + "\": " + problem);
      }
      pairs.add(new Replacement(pattern, with));
    }
    return pairs;
  }

  /**
   * Reads the source of a rule: {@code from} a value, or {@code any} member that matches {@code
   * when}.
   */
  private Expression source(YamlNode place, Members rule) {
    YamlNode condition = rule.get("when");
    Regex when = condition == null ? null : regex(condition);
    YamlNode any = rule.get("any");
    if (any != null) {
      if (rule.get("from") != null) {
        throw place.invalid("has both \"from\" and \"any\"");
      }
      return new Expression.AnyOf(pointer(any, any.text()), when, none);
    }
    Expression from = read(rule.need("from"));
    return when == null ? from : new Expression.Matching(from, when, false);
  }

  static Regex regex(YamlNode value) {
    try {
      return Regex.of(value.text());
    } catch (IllegalArgumentException failure) {
      throw value.invalid(String.valueOf(failure.getMessage()));
    }
  }

  /** The pointer written as {@code text}, which stands at {@code place}. */
  Pointer pointer(YamlNode place, String text) {
    if (!Pointer.isOne(text, isVersion2)) {
      throw place.invalid("is not a JSON pointer: " + text);
    }
    return pointer(place, text, false).in(places);
  }

  /** The pointer of a step, in which {@code *} stands for all. */
  Pointer pointer(YamlNode place, String text, boolean allowsAll) {
    Pointer pointer;
    try {
      pointer = Pointer.of(text, allowsAll);
    } catch (IllegalArgumentException failure) {
      throw place.invalid(String.valueOf(failure.getMessage()));
    }
    if (pointer.start() == Pointer.Start.MADE && !made.contains(pointer.name())) {
      throw place.invalid("asks %s, but no step is \"into: %s\"".formatted(text, pointer.name()));
    }
    return pointer;
  }
}
