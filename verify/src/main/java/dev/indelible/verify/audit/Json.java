package dev.indelible.verify.audit;

import java.util.Arrays;

/**
 * A strict reader of JSON (RFC 8259) over bytes that are in memory, without making objects of them.
 * Not thread-safe.
 */
public final class Json {

  /** Thrown when a value is not of the expected form; the message names the byte. */
  public static final class MalformedJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedJsonException(int offset, String problem) {
      super("byte " + offset + ": " + problem);
    }
  }

  /** Deepest nesting of a value that is skipped. */
  public static final int MAX_DEPTH = 64;

  private static final int MAX_DIGITS = 18;

  private byte[] source = {};
  private int at;
  private int end;

  /** Starts to read {@code [from, to)}. */
  public Json over(byte[] bytes, int from, int to) {
    source = bytes;
    at = from;
    end = to;
    return this;
  }

  MalformedJsonException malformed(String problem) {
    return new MalformedJsonException(at, problem);
  }

  private void space() {
    while (at < end && (source[at] == ' ' || source[at] == '\t' || source[at] == '\r')) {
      at++;
    }
  }

  /** Offset of the next byte. */
  public int offset() {
    return at;
  }

  /** The next byte that is no space, not taken; 0 at the end. */
  public byte peek() {
    space();
    return at < end ? source[at] : 0;
  }

  /** Takes {@code c}, which has to be next. */
  public void expect(char c) throws MalformedJsonException {
    if (peek() != c) {
      throw malformed("'" + c + "' expected");
    }
    at++;
  }

  /** Whether {@code c} was next; then it is taken. */
  public boolean take(char c) {
    if (peek() != c) {
      return false;
    }
    at++;
    return true;
  }

  /** Checks that nothing but space follows. */
  public void expectEnd() throws MalformedJsonException {
    space();
    if (at != end) {
      throw malformed("nothing expected any more");
    }
  }

  /** An integer from 0 to 10^18 - 1. */
  public long integer() throws MalformedJsonException {
    peek();
    int start = at;
    long value = 0;
    while (at < end && source[at] >= '0' && source[at] <= '9' && at - start < MAX_DIGITS) {
      value = value * 10 + source[at++] - '0';
    }
    if (at == start || (source[start] == '0' && at > start + 1)) {
      throw malformed("an integer expected");
    }
    if (at < end && (source[at] == '.' || source[at] == 'e' || (source[at] & 0xf0) == '0')) {
      throw malformed("an integer below 10^18 expected");
    }
    return value;
  }

  boolean bool() throws MalformedJsonException {
    if (word("true")) {
      return true;
    }
    if (word("false")) {
      return false;
    }
    throw malformed("true or false expected");
  }

  private boolean word(String word) {
    peek();
    if (end - at < word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (source[at + i] != word.charAt(i)) {
        return false;
      }
    }
    at += word.length();
    return true;
  }

  /** Reads a string's UTF-8 bytes into {@code target}, instead of what it holds. */
  public void string(Bytes target) throws MalformedJsonException {
    expect('"');
    target.length = 0;
    target.ensure(end - at);
    byte[] in = source;
    byte[] out = target.bytes;
    int n = 0;
    int i = at;
    while (i < end) {
      byte b = in[i++];
      if (b == '\\') {
        at = i;
        n = escape(out, n);
        i = at;
      } else if (b == '"') {
        at = i;
        target.length = n;
        return;
      } else if (b >= 0 && b < ' ') {
        at = i - 1;
        throw malformed("a control character in a string");
      } else {
        out[n++] = b;
      }
    }
    at = i;
    throw malformed("a string does not end");
  }

  private int escape(byte[] out, int n) throws MalformedJsonException {
    if (at == end) {
      throw malformed("a string does not end");
    }
    byte b = source[at++];
    switch (b) {
      case '"', '\\', '/' -> out[n] = b;
      case 'n' -> out[n] = '\n';
      case 't' -> out[n] = '\t';
      case 'r' -> out[n] = '\r';
      case 'b' -> out[n] = '\b';
      case 'f' -> out[n] = '\f';
      case 'u' -> {
        return unicode(out, n);
      }
      default -> throw malformed("an unknown escape");
    }
    return n + 1;
  }

  private int unicode(byte[] out, int n) throws MalformedJsonException {
    int c = hex();
    if (Character.isHighSurrogate((char) c) && end - at > 2 && source[at] == '\\') {
      at += 2;
      if (source[at - 1] != 'u') {
        throw malformed("half a surrogate pair");
      }
      c = Character.toCodePoint((char) c, (char) hex());
    }
    if (!Character.isValidCodePoint(c) || (c >= 0xd800 && c < 0xe000)) {
      throw malformed("half a surrogate pair");
    }
    // No longer than the escape that it came from.
    byte[] utf8 =
        new String(Character.toChars(c)).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    System.arraycopy(utf8, 0, out, n, utf8.length);
    return n + utf8.length;
  }

  private int hex() throws MalformedJsonException {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = at < end ? Character.digit((char) source[at++], 16) : -1;
      if (digit < 0) {
        throw malformed("four hexadecimal digits expected");
      }
      value = value << 4 | digit;
    }
    return value;
  }

  /** Passes over a value of any kind. */
  public void skip() throws MalformedJsonException {
    skip(new Bytes());
  }

  /** Passes over a value of any kind; its strings are read into {@code scratch}. */
  public void skip(Bytes scratch) throws MalformedJsonException {
    skip(0, scratch);
  }

  private void skip(int depth, Bytes scratch) throws MalformedJsonException {
    if (depth == MAX_DEPTH) {
      throw malformed("nested more than " + MAX_DEPTH + " deep");
    }
    byte next = peek();
    if (next == '"') {
      string(scratch);
    } else if (take('[')) {
      if (!take(']')) {
        do {
          skip(depth + 1, scratch);
        } while (take(','));
        expect(']');
      }
    } else if (take('{')) {
      if (!take('}')) {
        do {
          string(scratch);
          expect(':');
          skip(depth + 1, scratch);
        } while (take(','));
        expect('}');
      }
    } else if (!word("true") && !word("false") && !word("null")) {
      int start = at;
      while (at < end && "+-.eE0123456789".indexOf(source[at]) >= 0) {
        at++;
      }
      if (at == start) {
        throw malformed("a value expected");
      }
    }
  }

  /** Bytes that grow. */
  public static final class Bytes {
    byte[] bytes = {};
    int length;

    void ensure(int capacity) {
      if (bytes.length < capacity) {
        bytes = new byte[Math.max(capacity, bytes.length * 2)];
      }
    }

    boolean is(String ascii) {
      if (length != ascii.length()) {
        return false;
      }
      for (int i = 0; i < length; i++) {
        if (bytes[i] != ascii.charAt(i)) {
          return false;
        }
      }
      return true;
    }

    byte[] copy() {
      return Arrays.copyOf(bytes, length);
    }

    @Override
    public String toString() {
      return new String(bytes, 0, length, java.nio.charset.StandardCharsets.UTF_8);
    }
  }
}
