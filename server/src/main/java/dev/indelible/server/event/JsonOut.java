package dev.indelible.server.event;

import dev.indelible.server.json.Rfc3339;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Writes compact JSON in UTF-8 into a growing array. Commas come by themselves: one is written
 * before a member or an element unless the byte before it opens the object or array.
 *
 * <p>The bytes are a function of the calls alone: parts are hashed, and their bytes must never
 * depend on a library's version.
 */
final class JsonOut {

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int TIME_BYTES = 24;

  private byte[] buffer;
  private int length;

  JsonOut(int capacity) {
    buffer = new byte[capacity];
  }

  /** A member's name, quoted and with its colon. */
  static byte[] name(String name) {
    return ("\"" + name + "\":").getBytes(StandardCharsets.US_ASCII);
  }

  int length() {
    return length;
  }

  byte[] toBytes() {
    return Arrays.copyOf(buffer, length);
  }

  void writeTo(OutputStream stream) throws IOException {
    stream.write(buffer, 0, length);
  }

  JsonOut open(char bracket) {
    ensure(1);
    buffer[length++] = (byte) bracket;
    return this;
  }

  JsonOut close(char bracket) {
    return open(bracket);
  }

  /** The comma before an element, unless it is the first. */
  JsonOut element() {
    ensure(1);
    byte last = length == 0 ? (byte) '[' : buffer[length - 1];
    if (last != '{' && last != '[') {
      buffer[length++] = ',';
    }
    return this;
  }

  JsonOut member(byte[] name) {
    element();
    ascii(name);
    return this;
  }

  JsonOut ascii(byte[] bytes) {
    return raw(bytes, 0, bytes.length);
  }

  /** A part of JSON that was written so before. */
  JsonOut raw(byte[] bytes, int from, int to) {
    ensure(to - from);
    System.arraycopy(bytes, from, buffer, length, to - from);
    length += to - from;
    return this;
  }

  void text(byte[] name, @Nullable String value) {
    if (value != null) {
      member(name);
      string(value);
    }
  }

  void time(byte[] name, @Nullable Instant value) {
    if (value != null) {
      member(name);
      ensure(TIME_BYTES + 2);
      buffer[length++] = '"';
      length = Rfc3339.write(value, buffer, length);
      buffer[length++] = '"';
    }
  }

  void bool(byte[] name, boolean value) {
    member(name);
    bool(value);
  }

  void number(byte[] name, long value) {
    member(name);
    plain(Long.toString(value));
  }

  void number(byte[] name, @Nullable Double value) {
    if (value != null) {
      member(name);
      finite(value);
    }
  }

  void texts(byte[] name, List<String> values) {
    if (!values.isEmpty()) {
      member(name);
      open('[');
      for (String value : values) {
        element();
        string(value);
      }
      close(']');
    }
  }

  void node(byte[] name, @Nullable JsonNode value) {
    if (value != null) {
      member(name);
      node(value);
    }
  }

  /**
   * A tree.
   *
   * @throws IllegalArgumentException for a node that JSON has no form for
   */
  void node(JsonNode node) {
    switch (node.getNodeType()) {
      case OBJECT -> {
        open('{');
        for (Map.Entry<String, JsonNode> member : node.properties()) {
          element();
          string(member.getKey());
          ensure(1);
          buffer[length++] = ':';
          node(member.getValue());
        }
        close('}');
      }
      case ARRAY -> {
        open('[');
        for (JsonNode value : node) {
          element();
          node(value);
        }
        close(']');
      }
      case STRING -> string(node.stringValue());
      case NUMBER -> number(node);
      case BOOLEAN -> bool(node.booleanValue());
      case NULL -> plain("null");
      case BINARY, MISSING, POJO ->
          throw new IllegalArgumentException("not JSON: " + node.getNodeType());
    }
  }

  private void number(JsonNode node) {
    switch (node.numberType()) {
      case INT, LONG -> plain(Long.toString(node.longValue()));
      case BIG_INTEGER -> {
        BigInteger value = node.bigIntegerValue();
        plain(value.toString());
      }
      case FLOAT, DOUBLE -> finite(node.doubleValue());
      case BIG_DECIMAL -> plain(node.decimalValue().toString());
    }
  }

  private void finite(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("JSON has no " + value);
    }
    plain(Double.toString(value));
  }

  private void bool(boolean value) {
    plain(value ? "true" : "false");
  }

  private void plain(String ascii) {
    int count = ascii.length();
    ensure(count);
    for (int i = 0; i < count; i++) {
      buffer[length++] = (byte) ascii.charAt(i);
    }
  }

  /**
   * A quoted string; only what JSON demands is escaped.
   *
   * @throws IllegalArgumentException when it holds half a surrogate pair
   */
  void string(String text) {
    int count = text.length();
    ensure(count + 2);
    byte[] into = buffer;
    int at = length;
    into[at++] = '"';
    for (int i = 0; i < count; i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') {
        length = at;
        rest(text, i);
        return;
      }
      into[at++] = (byte) c;
    }
    into[at++] = '"';
    length = at;
  }

  /** Goes on from the first character that is not written as it is. */
  private void rest(String text, int from) {
    int count = text.length();
    ensure(6L * (count - from) + 1);
    for (int i = from; i < count; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        asciiChar(c);
      } else if (c < 0x800) {
        buffer[length++] = (byte) (0xc0 | c >> 6);
        continuation(c);
      } else if (!Character.isSurrogate(c)) {
        buffer[length++] = (byte) (0xe0 | c >> 12);
        continuation(c >> 6);
        continuation(c);
      } else {
        int codePoint = text.codePointAt(i++);
        if (codePoint < Character.MIN_SUPPLEMENTARY_CODE_POINT) {
          throw new IllegalArgumentException("half a surrogate pair");
        }
        buffer[length++] = (byte) (0xf0 | codePoint >> 18);
        continuation(codePoint >> 12);
        continuation(codePoint >> 6);
        continuation(codePoint);
      }
    }
    buffer[length++] = '"';
  }

  /** A byte of a multi-byte sequence, from the lowest six bits. */
  private void continuation(int bits) {
    buffer[length++] = (byte) (0x80 | (bits & 0x3f));
  }

  private void asciiChar(char c) {
    if (c == '"' || c == '\\') {
      buffer[length++] = '\\';
      buffer[length++] = (byte) c;
    } else if (c >= 0x20) {
      buffer[length++] = (byte) c;
    } else {
      int shortForm = "\b\t\n\f\r".indexOf(c);
      buffer[length++] = '\\';
      if (shortForm >= 0) {
        buffer[length++] = (byte) "btnfr".charAt(shortForm);
      } else {
        buffer[length++] = 'u';
        buffer[length++] = '0';
        buffer[length++] = '0';
        buffer[length++] = HEX[c >> 4];
        buffer[length++] = HEX[c & 0xf];
      }
    }
  }

  private void ensure(long more) {
    long needed = length + more;
    if (needed > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.toIntExact(Math.max(needed, 2L * buffer.length)));
    }
  }
}
