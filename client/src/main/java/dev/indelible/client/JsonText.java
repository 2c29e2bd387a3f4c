package dev.indelible.client;

import dev.indelible.verify.audit.Json;
import dev.indelible.verify.audit.Json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A JSON value (RFC 8259) as the text that it was sent as, with a way to look at its members.
 *
 * <p>It keeps the bytes, so that numbers keep their digits and nothing is lost by reading; a
 * program with a JSON library gives {@link #toString} to that. Of a member that is not there,
 * {@link #at} gives a value that is {@linkplain #isMissing missing}. Values may be nested 64 deep.
 * Immutable and thread-safe.
 */
public final class JsonText {

  /** The value of a member that is not there. */
  static final JsonText MISSING = new JsonText(new byte[0], 0, 0);

  private final byte[] source;
  private final int from;
  private final int end;

  private JsonText(byte[] source, int from, int end) {
    this.source = source;
    this.from = from;
    this.end = end;
  }

  /** Reads UTF-8; empty when it is not one JSON value. */
  public static Optional<JsonText> parse(byte[] utf8) {
    byte[] source = inOneLine(utf8);
    Json in = new Json().over(source, 0, source.length);
    try {
      in.peek();
      int from = in.offset();
      in.skip();
      int end = in.offset();
      in.expectEnd();
      return Optional.of(new JsonText(source, from, end));
    } catch (MalformedJsonException e) {
      return Optional.empty();
    }
  }

  /** A copy with a space for each line's end between values, since the reader takes lines. */
  private static byte[] inOneLine(byte[] utf8) {
    byte[] line = utf8.clone();
    boolean inString = false;
    for (int i = 0; i < line.length; i++) {
      if (line[i] == '"') {
        inString = !inString;
      } else if (line[i] == '\\' && inString) {
        i++;
      } else if (line[i] == '\n' && !inString) {
        line[i] = ' ';
      }
    }
    return line;
  }

  /**
   * Reads a text.
   *
   * @throws IllegalArgumentException if it is not one JSON value
   */
  public static JsonText of(String text) {
    return parse(text.getBytes(StandardCharsets.UTF_8))
        .orElseThrow(() -> new IllegalArgumentException("not one JSON value"));
  }

  /** The empty object. */
  static JsonText emptyObject() {
    return of("{}");
  }

  /** {@code text} as a JSON string, with its quotes. Half a surrogate pair becomes U+FFFD. */
  public static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    text.codePoints().forEach(c -> append(out, c));
    return out.append('"').toString();
  }

  private static void append(StringBuilder out, int c) {
    if (c == '"' || c == '\\') {
      out.append('\\').append((char) c);
    } else if (c < ' ') {
      out.append("\\u%04x".formatted(c));
    } else if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
      out.append('\ufffd');
    } else {
      out.appendCodePoint(c);
    }
  }

  /** Whether there is no value. */
  public boolean isMissing() {
    return from == end;
  }

  /** Whether it is an object. */
  public boolean isObject() {
    return begins('{');
  }

  /** Whether it is {@code true}. */
  public boolean isTrue() {
    return begins('t');
  }

  private boolean begins(char c) {
    return from < end && source[from] == c;
  }

  /**
   * The value of a member, of a member of that, and so on; missing where one of them is not there
   * or is not an object. Of a name that is there twice, the first.
   */
  public JsonText at(String... names) {
    JsonText value = this;
    for (String name : names) {
      value = value.member(name);
    }
    return value;
  }

  private JsonText member(String name) {
    if (!isObject()) {
      return MISSING;
    }
    Json in = new Json().over(source, from, end);
    Json.Bytes text = new Json.Bytes();
    try {
      in.expect('{');
      if (in.take('}')) {
        return MISSING;
      }
      do {
        in.string(text);
        boolean found = text.toString().equals(name);
        in.expect(':');
        JsonText value = value(in, text);
        if (found) {
          return value;
        }
      } while (in.take(','));
      return MISSING;
    } catch (MalformedJsonException e) {
      throw new IllegalStateException(e); // It was read before.
    }
  }

  /** The members of an object by name, each read once; none when it is not one. */
  Map<String, JsonText> members() {
    Map<String, JsonText> members = new HashMap<>();
    if (!isObject()) {
      return members;
    }
    Json in = new Json().over(source, from, end);
    Json.Bytes text = new Json.Bytes();
    try {
      in.expect('{');
      if (in.take('}')) {
        return members;
      }
      do {
        in.string(text);
        String name = text.toString();
        in.expect(':');
        members.putIfAbsent(name, value(in, text));
      } while (in.take(','));
      return members;
    } catch (MalformedJsonException e) {
      throw new IllegalStateException(e); // It was read before.
    }
  }

  private JsonText value(Json in, Json.Bytes scratch) throws MalformedJsonException {
    in.peek();
    int begin = in.offset();
    in.skip(scratch);
    return new JsonText(source, begin, in.offset());
  }

  /** The values of an array, in order; none when it is not one. */
  public List<JsonText> elements() {
    List<JsonText> elements = new ArrayList<>();
    if (!begins('[')) {
      return elements;
    }
    Json in = new Json().over(source, from, end);
    Json.Bytes scratch = new Json.Bytes();
    try {
      in.expect('[');
      if (in.take(']')) {
        return elements;
      }
      do {
        elements.add(value(in, scratch));
      } while (in.take(','));
      return elements;
    } catch (MalformedJsonException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The text of a string; empty when it is not one. */
  public Optional<String> text() {
    if (!begins('"')) {
      return Optional.empty();
    }
    Json.Bytes text = new Json.Bytes();
    try {
      new Json().over(source, from, end).string(text);
      return Optional.of(text.toString());
    } catch (MalformedJsonException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An integer from 0 to 10^18 - 1; empty when it is not one. */
  public OptionalLong integer() {
    if (isMissing()) {
      return OptionalLong.empty();
    }
    Json in = new Json().over(source, from, end);
    try {
      long value = in.integer();
      in.expectEnd();
      return OptionalLong.of(value);
    } catch (MalformedJsonException e) {
      return OptionalLong.empty();
    }
  }

  /** The JSON as it was sent; empty when it is missing. */
  @Override
  public String toString() {
    return new String(source, from, end - from, StandardCharsets.UTF_8);
  }
}
