package dev.indelible.server.index;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Goes through the compact JSON of a stored part without making anything of it: the last string is
 * a range of the part's own bytes. It knows only what {@link dev.indelible.server.event.EntryCodec}
 * writes, without white space, and says of everything else that it is unusual. Not thread-safe.
 */
final class PartScanner {

  /** A part has what is read by the slower way. */
  static final class UnusualException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private UnusualException() {
      super("unusual", null, false, false);
    }
  }

  /** Digits of whole numbers that are read; longer ones are unusual. */
  private static final int MAX_DIGITS = 18;

  /** Length up to which a decimal number is spelled without an exponent, whatever it is. */
  private static final int MAX_PLAIN_SCALE = 8;

  /** Characters that mean the same behind a backslash to JSON and to Java. */
  private static final String ESCAPES = "\"\\btnfr";

  @SuppressWarnings("StaticAssignmentOfThrowable") // a sign without a trace, on the hot path
  private static final UnusualException UNUSUAL = new UnusualException();

  private byte[] in = new byte[0];
  private int at;
  private int from;
  private int to;
  private boolean ascii;
  private boolean escaped;

  static UnusualException unusual() {
    return UNUSUAL;
  }

  /** Starts with a part. */
  void open(byte[] part) {
    in = part;
    at = 0;
  }

  boolean isAtEnd() {
    return at == in.length;
  }

  /** The bytes that {@link #from} and {@link #to} are places in. */
  byte[] array() {
    return in;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  int length() {
    return to - from;
  }

  /** Whether the last string is ASCII and stands in the bytes as it is. */
  boolean isPlain() {
    return ascii && !escaped;
  }

  /** The byte that comes next. */
  byte peek() {
    return in[at];
  }

  /** Goes into an object or array by its opening bracket; false when it is empty, and left. */
  boolean begin(char bracket) {
    expect(bracket);
    if (in[at] == bracket + 2) { // { and }, [ and ] are two apart
      at++;
      return false;
    }
    return true;
  }

  /** Whether another member or element comes; if none does, the object or array is left. */
  boolean more(char bracket) {
    byte c = in[at++];
    if (c == ',') {
      return true;
    }
    if (c != bracket + 2) {
      throw UNUSUAL;
    }
    return false;
  }

  /** Reads a member's name, up to its value. */
  Member member() {
    name();
    Member member = length() == 0 ? null : Member.of(in, from, to);
    if (member == null) {
      throw UNUSUAL;
    }
    return member;
  }

  /** Reads any member's name, up to its value. */
  void name() {
    string();
    int start = from;
    int end = to;
    expect(':');
    from = start;
    to = end;
  }

  /** Reads a string. */
  void string() {
    expect('"');
    byte[] bytes = in;
    int start = at;
    int i = start;
    int all = 0;
    boolean backslash = false;
    byte c;
    while ((c = bytes[i]) != '"') {
      all |= c;
      if (c == '\\') {
        backslash = true;
        if (ESCAPES.indexOf(bytes[++i]) < 0) {
          throw UNUSUAL; // control characters; text with them is read whole
        }
      }
      i++;
    }
    from = start;
    to = i;
    ascii = all >= 0;
    escaped = backslash;
    at = i + 1;
  }

  /** The last string. */
  String text() {
    String raw =
        new String(
            in, from, to - from, ascii ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    return escaped ? raw.translateEscapes() : raw;
  }

  /** Whether the last string is {@code other}. */
  boolean is(byte[] other) {
    return Arrays.equals(in, from, to, other, 0, other.length);
  }

  /** Reads a boolean. */
  boolean bool() {
    literal();
    if (length() == 4 && in[from] == 't') {
      return true;
    }
    if (length() == 5 && in[from] == 'f') {
      return false;
    }
    throw UNUSUAL;
  }

  /** Reads a whole number as it is written. */
  void whole() {
    literal();
    int i = in[from] == '-' ? from + 1 : from;
    if (i == to || to - i > MAX_DIGITS) {
      throw UNUSUAL;
    }
    for (; i < to; i++) {
      if (in[i] < '0' || in[i] > '9') {
        throw UNUSUAL;
      }
    }
  }

  /** Reads a number as it is written, if that is how it is spelled as text. */
  void number() {
    literal();
    int i = in[from] == '-' ? from + 1 : from;
    int points = 0;
    if (i == to || to - i > MAX_DIGITS) {
      throw UNUSUAL;
    }
    for (; i < to; i++) {
      if (in[i] == '.') {
        points++;
      } else if (in[i] < '0' || in[i] > '9') {
        throw UNUSUAL;
      }
    }
    // Smaller numbers are spelled with an exponent.
    if (points > 1 || (points == 1 && to - from > MAX_PLAIN_SCALE)) {
      throw UNUSUAL;
    }
  }

  /** Reads what is neither a string nor an object nor an array, as it is written. */
  void literal() {
    int i = at;
    byte c;
    while ((c = in[i]) != ',' && c != '}' && c != ']') {
      i++;
    }
    from = at;
    to = i;
    ascii = true;
    escaped = false;
    at = i;
    if (from == to) {
      throw UNUSUAL;
    }
  }

  private void expect(char c) {
    if (in[at] != c) {
      throw UNUSUAL;
    }
    at++;
  }
}
