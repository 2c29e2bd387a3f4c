package dev.indelible.verify.access;

import dev.indelible.verify.audit.Json;
import dev.indelible.verify.audit.Json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON text (RFC 8259) into maps, lists, strings, longs and booleans. Numbers that are no
 * integers stay text, as nothing here reckons with them. Not thread-safe.
 */
final class JsonTree {

  private final Json json = new Json();
  private final Json.Bytes text = new Json.Bytes();
  private byte[] source = {};

  /** The value that the bytes {@code [0, length)} hold. */
  @Nullable Object read(byte[] bytes, int length) throws MalformedJsonException {
    source = bytes;
    json.over(bytes, 0, length);
    Object value = value(0);
    json.expectEnd();
    return value;
  }

  /** The object that the bytes hold. */
  Map<String, Object> object(byte[] bytes, int length) throws MalformedJsonException {
    return map(read(bytes, length));
  }

  private @Nullable Object value(int depth) throws MalformedJsonException {
    byte next = json.peek();
    if (depth >= Json.MAX_DEPTH) {
      json.skip(text); // deeper than any entry: left out
      return null;
    }
    if (next == '"') {
      json.string(text);
      return text.toString();
    }
    if (json.take('{')) {
      return members(depth);
    }
    if (json.take('[')) {
      return elements(depth);
    }
    int from = json.offset();
    json.skip(text);
    String word = new String(source, from, json.offset() - from, StandardCharsets.UTF_8);
    return switch (word) {
      case "null" -> null;
      case "true" -> true;
      case "false" -> false;
      default -> number(word);
    };
  }

  private static Object number(String word) {
    try {
      return Long.parseLong(word);
    } catch (NumberFormatException e) {
      return word;
    }
  }

  private Map<String, Object> members(int depth) throws MalformedJsonException {
    Map<String, Object> members = new LinkedHashMap<>();
    if (json.take('}')) {
      return members;
    }
    do {
      json.string(text);
      String name = text.toString();
      json.expect(':');
      Object value = value(depth + 1);
      if (value != null) {
        members.put(name, value);
      }
    } while (json.take(','));
    json.expect('}');
    return members;
  }

  private List<Object> elements(int depth) throws MalformedJsonException {
    List<Object> elements = new ArrayList<>();
    if (json.take(']')) {
      return elements;
    }
    do {
      Object value = value(depth + 1);
      if (value != null) {
        elements.add(value);
      }
    } while (json.take(','));
    json.expect(']');
    return elements;
  }

  /** The value as an object; an empty one when it is none. */
  @SuppressWarnings("unchecked") // the maps are made here, with texts as keys
  static Map<String, Object> map(@Nullable Object value) {
    return value instanceof Map ? (Map<String, Object>) value : Map.of();
  }

  /** The value as a list; an empty one when it is none. */
  static List<Object> list(@Nullable Object value) {
    return value instanceof List<?> list ? new ArrayList<>(list) : List.of();
  }

  /** The value as text; null when it is none. */
  static @Nullable String text(@Nullable Object value) {
    return value instanceof String string ? string : null;
  }

  /** The value as an integer; {@code otherwise} when it is none. */
  static long integer(@Nullable Object value, long otherwise) {
    return value instanceof Long number ? number : otherwise;
  }
}
