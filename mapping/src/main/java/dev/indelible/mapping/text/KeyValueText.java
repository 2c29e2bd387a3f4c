package dev.indelible.mapping.text;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Text of the form {@code a=b c="d e", f='g' h}: pairs with blanks between them, or commas or
 * semicolons and blanks, as <a href="https://brandur.org/logfmt">logfmt</a> and many programs write
 * it.
 *
 * <p>A value in double quotes may hold escapes by backslash ({@code \"}, {@code \\}, {@code \n},
 * {@code \r}, {@code \t}; any other stays as it is written), one in single quotes holds none. A word
 * without {@code =} is a key whose value is empty. A key that occurs again has the list of its
 * values.
 */
public final class KeyValueText {

  /** The most pairs of one text; the rest of a text with more is not read. */
  public static final int MAX_PAIRS = 2_000;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final String text;
  private int at;

  private KeyValueText(String text) {
    this.text = text;
  }

  /** The pairs of {@code text}, in order; all values are texts or, of a key used again, lists. */
  public static ObjectNode read(String text) {
    return new KeyValueText(text).pairs();
  }

  private ObjectNode pairs() {
    ObjectNode pairs = NODES.objectNode();
    for (int count = 0; count < MAX_PAIRS; count++) {
      while (at < text.length() && isBetween(text.charAt(at))) {
        at++;
      }
      if (at == text.length()) {
        break;
      }
      int start = at;
      while (at < text.length() && !isBlank(text.charAt(at)) && text.charAt(at) != '=') {
        at++;
      }
      String key = text.substring(start, at);
      String value = "";
      if (at < text.length() && text.charAt(at) == '=') {
        at++;
        value = value();
      }
      add(pairs, key, StringNode.valueOf(value));
    }
    return pairs;
  }

  /** Adds a value under a key; of a key that is there already, to the list of its values. */
  public static void add(ObjectNode pairs, String key, JsonNode value) {
    JsonNode before = pairs.get(key);
    switch (before) {
      case null -> pairs.set(key, value);
      case ArrayNode many -> many.add(value);
      default -> pairs.set(key, NODES.arrayNode().add(before).add(value));
    }
  }

  private String value() {
    if (at == text.length() || isBlank(text.charAt(at))) {
      return "";
    }
    char quote = text.charAt(at);
    if (quote == '"' || quote == '\'') {
      String quoted = quoted(quote);
      if (quoted != null) {
        return quoted;
      }
    }
    int start = at;
    while (at < text.length() && !isBlank(text.charAt(at))) {
      at++;
    }
    boolean isSeparated = at > start && isBetween(text.charAt(at - 1));
    return text.substring(start, isSeparated ? at - 1 : at);
  }

  /** The text in quotes; null, and nothing read, when they are not closed. */
  private @Nullable String quoted(char quote) {
    StringBuilder value = new StringBuilder();
    for (int i = at + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == quote) {
        at = i + 1;
        return value.toString();
      }
      if (c == '\\' && quote == '"' && i + 1 < text.length()) {
        char escaped = text.charAt(++i);
        switch (escaped) {
          case '"', '\\' -> value.append(escaped);
          case 'n' -> value.append('\n');
          case 'r' -> value.append('\r');
          case 't' -> value.append('\t');
          default -> value.append(c).append(escaped);
        }
      } else {
        value.append(c);
      }
    }
    return null;
  }

  private static boolean isBetween(char c) {
    return c == ',' || c == ';' || isBlank(c);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }
}
