package dev.indelible.verify;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Rules shared by the text formats of this package: one spelling, and limits. */
final class StrictText {

  private static final int MAX_DECIMAL_DIGITS = 19;

  private StrictText() {}

  /**
   * Bytes as text: at most so many, valid UTF-8, and no control character but the newline.
   *
   * @param format the format whose name goes into the finding
   */
  static Parsed<String> decode(byte[] bytes, int maxBytes, String format) {
    if (bytes.length > maxBytes) {
      return Parsed.malformed(
          format, "start", "has " + bytes.length + " bytes, the limit is " + maxBytes);
    }
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      return Parsed.malformed(format, "byte " + in.position(), "is not UTF-8");
    }
    String text = out.flip().toString();
    int line = 1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        line++;
      } else if (c < ' ') {
        return Parsed.malformed(
            format,
            "line " + line,
            String.format(Locale.ROOT, "has the control character U+%04X", (int) c));
      }
    }
    return new Parsed.Ok<>(text);
  }

  /**
   * Text as UTF-8.
   *
   * @throws IllegalArgumentException if it has a surrogate without its other half
   */
  static byte[] encode(String text) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("text that UTF-8 has no bytes for", e);
    }
  }

  /** A decimal from 0 to 2^63 - 1 without sign or leading zeroes, or -1 if it is none. */
  static long decimal(String text) {
    if (!isDigits(text)
        || text.length() > MAX_DECIMAL_DIGITS
        || (text.length() > 1 && text.charAt(0) == '0')) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (value > (Long.MAX_VALUE - digit) / 10) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  /** Whether there is at least one ASCII digit and nothing else. */
  static boolean isDigits(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** Whether a key may have this name: something, no Unicode space, no plus. */
  static boolean isKeyName(String name) {
    return !name.isEmpty()
        && name.length() <= VerifierKey.MAX_NAME_CHARS
        && name.codePoints().noneMatch(c -> c == '+' || !isLineCharacter(c) || isUnicodeSpace(c));
  }

  /**
   * Whether this can be a line of a text format: no control character, and UTF-8 has bytes for it.
   */
  static boolean isLine(String line) {
    return line.codePoints().allMatch(StrictText::isLineCharacter);
  }

  private static boolean isLineCharacter(int codePoint) {
    boolean loneSurrogate =
        codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    return codePoint >= ' ' && !loneSurrogate;
  }

  /** Unicode's White_Space, which is neither of Java's two notions of it. */
  private static boolean isUnicodeSpace(int codePoint) {
    return Character.isSpaceChar(codePoint)
        || Character.isWhitespace(codePoint)
        || codePoint == 0x85;
  }
}
