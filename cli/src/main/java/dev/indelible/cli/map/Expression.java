package dev.indelible.cli.map;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Rule that yields a value of an event from a foreign record. */
sealed interface Expression {

  /** The value in {@code scope}; {@link Value#ABSENT} when there is none. */
  Value in(JsonNode scope);

  /** The value in {@code scope} that {@code fits} its place in an event. */
  default Value in(JsonNode scope, Predicate<JsonNode> fits) {
    Value value = in(scope);
    return value.node() != null && fits.test(value.node()) ? value : Value.ABSENT;
  }

  /**
   * A value found.
   *
   * @param node the value, or null when absent
   * @param source where it was found when it is exactly what stands there; null when it was
   *     changed, composed or constant, so that the original is still worth keeping
   */
  record Value(@Nullable JsonNode node, @Nullable JsonPointer source) {
    static final Value ABSENT = new Value(null, null);

    /** The member {@code name} of an object; absent when this is none or has no such member. */
    Value member(String name) {
      JsonNode member = node instanceof ObjectNode object ? object.get(name) : null;
      return member == null
          ? ABSENT
          : new Value(member, source == null ? null : source.appendProperty(name));
    }

    static Value made(String text) {
      return new Value(StringNode.valueOf(text), null);
    }
  }

  /** Constant text for every record. */
  record Constant(String text) implements Expression {
    @Override
    public Value in(JsonNode scope) {
      return Value.made(text);
    }
  }

  /**
   * Value at an RFC 6901 pointer, {@code scope} itself for an empty one; JSON null and "" count as
   * absent.
   */
  record At(JsonPointer pointer) implements Expression {
    @Override
    public Value in(JsonNode scope) {
      JsonNode found = scope.at(pointer);
      return isAbsent(found) ? Value.ABSENT : new Value(found, pointer);
    }
  }

  /** The value of {@code from}, absent unless its text holds a match of {@code pattern}. */
  record Matching(Expression from, Pattern pattern) implements Expression {
    @Override
    public Value in(JsonNode scope) {
      Value value = from.in(scope);
      return matches(value.node(), pattern) ? value : Value.ABSENT;
    }
  }

  /**
   * The first member of the object, or element of the array, at {@code pointer} that is a text or
   * number of its own and, with a pattern, holds a match of it.
   */
  record AnyOf(JsonPointer pointer, @Nullable Pattern pattern) implements Expression {
    @Override
    public Value in(JsonNode scope) {
      JsonNode container = scope.at(pointer);
      if (container instanceof ObjectNode object) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
          if (isWanted(member.getValue())) {
            return new Value(member.getValue(), pointer.appendProperty(member.getKey()));
          }
        }
      } else if (container instanceof ArrayNode array) {
        for (int i = 0; i < array.size(); i++) {
          if (isWanted(array.get(i))) {
            return new Value(array.get(i), pointer.appendIndex(i));
          }
        }
      }
      return Value.ABSENT;
    }

    private boolean isWanted(JsonNode node) {
      return pattern == null ? node.isValueNode() && !isAbsent(node) : matches(node, pattern);
    }
  }

  private static boolean isAbsent(JsonNode node) {
    return node.isMissingNode() || node.isNull() || (node.isString() && node.asString().isEmpty());
  }

  private static boolean matches(@Nullable JsonNode node, Pattern pattern) {
    return node != null && node.isValueNode() && pattern.matcher(node.asString()).find();
  }

  /** Text with <code>{/pointer}</code> parts; absent when one of the parts is. */
  record Template(List<Expression> parts) implements Expression {
    public Template {
      parts = List.copyOf(parts);
    }

    @Override
    public Value in(JsonNode scope) {
      StringBuilder text = new StringBuilder();
      for (Expression part : parts) {
        JsonNode node = part.in(scope).node();
        if (node == null || node.isContainer()) {
          return Value.ABSENT;
        }
        text.append(node.asString());
      }
      return Value.made(text.toString());
    }
  }

  /** The first alternative that is present. */
  record FirstOf(List<Expression> alternatives) implements Expression {
    public FirstOf {
      alternatives = List.copyOf(alternatives);
    }

    @Override
    public Value in(JsonNode scope) {
      return in(scope, _ -> true);
    }

    @Override
    public Value in(JsonNode scope, Predicate<JsonNode> fits) {
      for (Expression alternative : alternatives) {
        Value value = alternative.in(scope, fits);
        if (value.node() != null) {
          return value;
        }
      }
      return Value.ABSENT;
    }
  }

  /** One regular expression and what its matches become. */
  record Replacement(Pattern pattern, String with) {}

  /**
   * A value changed on its way, in this order: {@code replace}, {@code snake} (CamelCase to
   * snake_case), {@code lower}, {@code values} (exact text to text). Nothing left is absent.
   *
   * @param other the replacement of a text that {@code values} lacks; null leaves it as it is
   * @param absent the replacement of an absent value; null leaves it absent
   */
  record Changed(
      Expression from,
      List<Replacement> replace,
      boolean snake,
      boolean lower,
      Map<String, String> values,
      @Nullable String other,
      @Nullable String absent)
      implements Expression {

    private static final Pattern WORD_START =
        Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

    public Changed {
      replace = List.copyOf(replace);
      values = Map.copyOf(values);
    }

    @Override
    public Value in(JsonNode scope) {
      Value original = from.in(scope);
      JsonNode node = original.node();
      if (node == null || node.isContainer()) {
        return absent == null ? Value.ABSENT : Value.made(absent);
      }
      String before = node.asString();
      String text = before;
      for (Replacement replacement : replace) {
        text = replacement.pattern().matcher(text).replaceAll(replacement.with());
      }
      if (snake) {
        text = WORD_START.matcher(text).replaceAll("_");
      }
      if (snake || lower) {
        text = text.toLowerCase(Locale.ROOT);
      }
      if (values.containsKey(text)) {
        text = values.getOrDefault(text, text);
      } else if (other != null) {
        text = other;
      }
      if (text.equals(before)) {
        return original;
      }
      return text.isEmpty() ? Value.ABSENT : Value.made(text);
    }
  }
}
