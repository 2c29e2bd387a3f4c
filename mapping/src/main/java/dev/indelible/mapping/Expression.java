package dev.indelible.mapping;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Rule that yields a value from a record. Immutable; ends for every record. */
sealed interface Expression {

  /** The value in {@code scope}; {@link Value#ABSENT} when there is none. */
  Value in(Scope scope);

  /**
   * The value in {@code scope} that {@code fits} its place; of alternatives, the first that does.
   */
  default Value in(Scope scope, Predicate<JsonNode> fits) {
    Value value = in(scope);
    return value.node() != null && fits.test(value.node()) ? value : Value.ABSENT;
  }

  /**
   * Constant text for every record.
   *
   * @param value of that text
   */
  record Constant(String text, Value value) implements Expression {
    Constant(String text) {
      this(text, Value.made(text));
    }

    @Override
    public Value in(Scope scope) {
      return value;
    }
  }

  /** The number of the element that the rule is about, in its list. */
  record Numbered() implements Expression {
    @Override
    public Value in(Scope scope) {
      return scope.number() < 0 ? Value.ABSENT : Value.made(Integer.toString(scope.number()));
    }
  }

  /** Value at a pointer; JSON null, "" and the texts {@code none} count as absent. */
  record At(Pointer pointer, Set<String> none) implements Expression {
    public At {
      none = Set.copyOf(none);
    }

    @Override
    public Value in(Scope scope) {
      Value found = pointer.find(scope);
      return isAbsent(found.node(), none) ? Value.ABSENT : found;
    }
  }

  /**
   * The value of {@code from}, absent unless its text holds a match of {@code pattern}; when {@code
   * negated}, absent if it does.
   */
  record Matching(Expression from, Regex pattern, boolean negated) implements Expression {
    @Override
    public Value in(Scope scope) {
      Value value = from.in(scope);
      JsonNode node = value.node();
      boolean found =
          node != null
              && node.isValueNode()
              && pattern.finds(node.asString(), scope.budget()) != negated;
      return found ? value : Value.ABSENT;
    }
  }

  /** The value of {@code from} unless it is one of {@code texts}. */
  record Without(Expression from, Set<String> texts) implements Expression {
    public Without {
      texts = Set.copyOf(texts);
    }

    @Override
    public Value in(Scope scope) {
      Value value = from.in(scope);
      return isAbsent(value.node(), texts) ? Value.ABSENT : value;
    }
  }

  /** The value of {@code from} where {@code condition} is present, or is not when negated. */
  record Guarded(Expression condition, boolean negated, Expression from) implements Expression {
    @Override
    public Value in(Scope scope) {
      return in(scope, _ -> true);
    }

    @Override
    public Value in(Scope scope, Predicate<JsonNode> fits) {
      return condition.in(scope).isAbsent() == negated ? from.in(scope, fits) : Value.ABSENT;
    }
  }

  /**
   * The first member of the object, or element of the array, at {@code pointer} that is a text or
   * number of its own and, with a pattern, holds a match of it.
   */
  record AnyOf(Pointer pointer, @Nullable Regex pattern, Set<String> none) implements Expression {
    public AnyOf {
      none = Set.copyOf(none);
    }

    @Override
    public Value in(Scope scope) {
      Value container = pointer.find(scope);
      boolean isMade = pointer.leadsIntoMade(scope);
      if (container.node() instanceof ObjectNode object) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
          if (isWanted(member.getValue(), scope.budget())) {
            return isMade
                ? Value.made(member.getValue())
                : new Value(member.getValue(), object, member.getKey());
          }
        }
      } else if (container.node() instanceof ArrayNode array) {
        for (int i = 0; i < array.size(); i++) {
          if (isWanted(array.get(i), scope.budget())) {
            return isMade ? Value.made(array.get(i)) : new Value(array.get(i), array, i);
          }
        }
      }
      return Value.ABSENT;
    }

    private boolean isWanted(JsonNode node, Budget budget) {
      return node.isValueNode()
          && !none.contains(node.asString())
          && (pattern == null ? !isAbsent(node, Set.of()) : pattern.finds(node.asString(), budget));
    }
  }

  private static boolean isAbsent(@Nullable JsonNode node, Set<String> none) {
    if (node == null || node.isMissingNode() || node.isNull()) {
      return true;
    }
    if (!node.isString()) {
      return false;
    }
    String text = node.asString();
    return text.isEmpty() || (!none.isEmpty() && none.contains(text));
  }

  /** Text with <code>{/pointer}</code> parts; absent when one of the parts is. */
  record Template(List<Expression> parts) implements Expression {
    public Template {
      parts = List.copyOf(parts);
    }

    @Override
    public Value in(Scope scope) {
      StringBuilder text = new StringBuilder();
      for (Expression part : parts) {
        if (part instanceof Constant constant) {
          text.append(constant.text());
          continue;
        }
        JsonNode node = part.in(scope).node();
        if (node == null || node.isContainer()) {
          return Value.ABSENT;
        }
        text.append(node.asString());
        if (text.length() > Budget.MAX_MADE_LENGTH) {
          throw Regex.tooLong();
        }
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
    public Value in(Scope scope) {
      return in(scope, _ -> true);
    }

    @Override
    public Value in(Scope scope, Predicate<JsonNode> fits) {
      for (Expression alternative : alternatives) {
        Value value = alternative.in(scope, fits);
        if (value.node() != null) {
          return value;
        }
      }
      return Value.ABSENT;
    }
  }

  /** One regular expression and what its matches become; null for their first group. */
  record Replacement(Regex pattern, @Nullable String with) {}

  /** A part of the text of {@code from}, by the first of the patterns that matches; else absent. */
  record Extracted(Expression from, List<Replacement> patterns) implements Expression {
    public Extracted {
      patterns = List.copyOf(patterns);
    }

    @Override
    public Value in(Scope scope) {
      Value original = from.in(scope);
      JsonNode node = original.node();
      if (node == null || node.isContainer()) {
        return Value.ABSENT;
      }
      String text = node.asString();
      for (Replacement one : patterns) {
        String found = one.pattern().extract(text, one.with(), scope.budget());
        if (found != null) {
          return found.equals(text) ? original : found.isEmpty() ? Value.ABSENT : Value.made(found);
        }
      }
      return Value.ABSENT;
    }
  }

  /** The case of letters that a text is written in. */
  enum LetterCase {
    AS_IS,
    /** CamelCase becomes snake_case. */
    SNAKE,
    LOWER,
    UPPER
  }

  /**
   * A value changed on its way, in this order: {@code replace}, the letters' case, {@code values}
   * (exact text to text). Nothing left is absent.
   *
   * @param other the replacement of a text that {@code values} lacks; null leaves it as it is
   * @param absent the replacement of an absent value, not of an emptied one (maps of version 1);
   *     null leaves it absent
   */
  record Changed(
      Expression from,
      List<Replacement> replace,
      LetterCase letters,
      Map<String, String> values,
      @Nullable String other,
      @Nullable String absent)
      implements Expression {

    public Changed {
      replace = List.copyOf(replace);
      values = Map.copyOf(values);
    }

    @Override
    public Value in(Scope scope) {
      Value original = from.in(scope);
      JsonNode node = original.node();
      if (node == null || node.isContainer()) {
        return absent == null ? Value.ABSENT : Value.made(absent);
      }
      String before = node.asString();
      String text = before;
      for (Replacement replacement : replace) {
        String with = replacement.with() == null ? "" : replacement.with();
        text = replacement.pattern().replaceAll(text, with, scope.budget());
      }
      text =
          switch (letters) {
            case AS_IS -> text;
            case SNAKE -> snake(text);
            case LOWER -> text.toLowerCase(Locale.ROOT);
            case UPPER -> text.toUpperCase(Locale.ROOT);
          };
      String other = values.get(text);
      if (other == null) {
        other = this.other;
      }
      text = other == null ? text : other;
      if (text.equals(before)) {
        return original;
      }
      return text.isEmpty() ? Value.ABSENT : Value.made(text);
    }

    /** Lower case, with {@code _} before each word of CamelCase but the first. */
    static String snake(String text) {
      StringBuilder snake = new StringBuilder(text.length() + 8);
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (i > 0 && isUpper(c)) {
          char before = text.charAt(i - 1);
          boolean isLast = isUpper(before) && i + 1 < text.length() && isLower(text.charAt(i + 1));
          if (isLower(before) || (before >= '0' && before <= '9') || isLast) {
            snake.append('_');
          }
        }
        snake.append(c);
      }
      return snake.toString().toLowerCase(Locale.ROOT);
    }

    private static boolean isUpper(char c) {
      return c >= 'A' && c <= 'Z';
    }

    private static boolean isLower(char c) {
      return c >= 'a' && c <= 'z';
    }
  }
}
