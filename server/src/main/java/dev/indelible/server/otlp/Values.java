package dev.indelible.server.otlp;

import dev.indelible.mapping.form.IpLiteral;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Attributes of a record that find a place in an event; what is taken is no longer left. A value
 * that its place cannot hold stays, and the next name is asked.
 */
final class Values {

  private final ObjectNode left;

  Values(ObjectNode attributes) {
    left = attributes.objectNode();
    left.setAll(attributes);
  }

  /** Attributes that nobody took. */
  ObjectNode left() {
    return left;
  }

  /** Takes the first text of at most {@code maxLength} UTF-16 units; null when there is none. */
  @Nullable String text(int maxLength, String... names) {
    for (String name : names) {
      JsonNode value = single(left.get(name));
      if (value != null && isText(value, maxLength)) {
        left.remove(name);
        return value.stringValue();
      }
    }
    return null;
  }

  /** Takes the first text that is an address, in canonical form; null when there is none. */
  @Nullable String ip(String... names) {
    for (String name : names) {
      JsonNode value = left.get(name);
      String address =
          value != null && value.isString() ? IpLiteral.canonical(value.stringValue()) : null;
      if (address != null) {
        left.remove(name);
        return address;
      }
    }
    return null;
  }

  /** Takes a value that {@code fits}; null when there is none. */
  @Nullable JsonNode take(String name, Predicate<JsonNode> fits) {
    JsonNode value = left.get(name);
    if (value == null || !fits.test(value)) {
      return null;
    }
    left.remove(name);
    return value;
  }

  /** The text of a name, which stays; null when there is none. */
  @Nullable String peek(String name) {
    JsonNode value = left.get(name);
    return value != null && value.isString() ? value.stringValue() : null;
  }

  /** The value itself, or the only element of a list: headers are lists. */
  private static @Nullable JsonNode single(@Nullable JsonNode value) {
    return value != null && value.isArray() && value.size() == 1 ? value.get(0) : value;
  }

  /** Whether a value is a text that is not empty, not too long, and holds no control characters. */
  static boolean isText(JsonNode value, int maxLength) {
    if (!value.isString()) {
      return false;
    }
    String text = value.stringValue();
    return !text.isBlank()
        && text.length() <= maxLength
        && text.chars().noneMatch(Character::isISOControl);
  }
}
