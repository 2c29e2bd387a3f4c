package dev.indelible.server.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Decodes percent-encoded UTF-8 (RFC 3986, section 2.1), strictly. */
final class PercentDecoder {

  private PercentDecoder() {}

  /**
   * The text that {@code encoded} stands for.
   *
   * @param plusIsSpace as in the query of a form, and not in a path
   * @throws IllegalArgumentException when it is not well formed, not UTF-8, or holds a NUL
   */
  static String decode(String encoded, boolean plusIsSpace) {
    if (isPlain(encoded)) {
      return encoded;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c == '%') {
        if (i + 2 >= encoded.length()) {
          throw new IllegalArgumentException("a % without two hexadecimal digits");
        }
        int value =
            Character.digit(encoded.charAt(i + 1), 16) * 16
                + Character.digit(encoded.charAt(i + 2), 16);
        if (Character.digit(encoded.charAt(i + 1), 16) < 0
            || Character.digit(encoded.charAt(i + 2), 16) < 0) {
          throw new IllegalArgumentException("a % without two hexadecimal digits");
        }
        if (value == 0) {
          throw new IllegalArgumentException("a NUL character");
        }
        bytes.write(value);
        i += 2;
      } else if (c == '+' && plusIsSpace) {
        bytes.write(' ');
      } else if (c < 0x80) {
        bytes.write(c);
      } else {
        // A raw character outside ASCII: a lone surrogate becomes '?' and is never valid input.
        int end = Character.isHighSurrogate(c) ? Math.min(i + 2, encoded.length()) : i + 1;
        byte[] utf8 = encoded.substring(i, end).getBytes(StandardCharsets.UTF_8);
        bytes.write(utf8, 0, utf8.length);
        i = end - 1;
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("bytes that are not UTF-8", e);
    }
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%' || c == '+' || c == 0) {
        return false;
      }
    }
    return true;
  }
}
