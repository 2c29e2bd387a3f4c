package dev.indelible.cli.map;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** Where a value of an event comes from in a foreign record. */
sealed interface Expression {

  /** The value in {@code scope}; {@link Value#ABSENT} when there is none. */
  Value in(JsonNode scope);

  /**
   * A value found.
   *
   * @param node the value, or null when absent
   * @param source where it was found when it is exactly what stands there; null when it was
   *     changed, composed or constant, so that the original is still worth keeping
   */
  record Value(@Nullable JsonNode node, @Nullable JsonPointer source) {
    static final Value ABSENT = new Value(null, null);

    static Value made(String text) {
      return new Value(StringNode.valueOf(text), null);
    }
  }

  /** The same text for every record. */
  record Constant(String text) implements Expression {
    @Override
    public Value in(JsonNode scope) {
      return Value.made(text);
    }
  }

  /** What stands at an RFC 6901 pointer; JSON null and "" count as absent. */
  record At(JsonPointer pointer) implements Expression {
    @Override
    public Value in(JsonNode scope) {
      JsonNode found = scope.at(pointer);
      if (found.isMissingNode()
          || found.isNull()
          || (found.isString() && found.asString().isEmpty())) {
        return Value.ABSENT;
      }
      return new Value(found, pointer);
    }
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
      for (Expression alternative : alternatives) {
        Value value = alternative.in(scope);
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
   * snake_case), {@code lower}, {@code values} (exact text to text).
   *
   * @param other what a text that {@code values} lacks becomes; null leaves it as it is
   * @param absent what an absent value becomes; null leaves it absent
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
      return text.equals(before) ? original : Value.made(text);
    }
  }
}
