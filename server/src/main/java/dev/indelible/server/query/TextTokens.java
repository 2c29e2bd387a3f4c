package dev.indelible.server.query;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts text into the tokens that free text is searched by. The one rule for entries and queries:
 *
 * <ul>
 *   <li>the text is {@link TextFolding folded};
 *   <li>a token is a longest run of letters, digits, their marks and underscores that has a letter
 *       or a digit; a UUID is one token;
 *   <li>an entry's token of letters and underscores only ({@code role_changed}) also yields its
 *       parts ({@code role}, {@code changed});
 *   <li>scripts written without spaces (Han, kana, Thai, Lao, Khmer, Burmese) yield overlapping
 *       pairs of characters, and an entry's run also its last character, so that any part of a run
 *       is found; a lone character of a query is the beginning of a pair;
 *   <li>a token longer than {@link #MAX_TOKEN_LENGTH} is cut there.
 * </ul>
 *
 * <p>Not thread-safe: holds its buffer.
 */
public final class TextTokens {

  /** The longest token, in UTF-16 units. */
  public static final int MAX_TOKEN_LENGTH = 64;

  private static final int UUID_LENGTH = 36;
  private static final char PROLONGED_SOUND_MARK = 'ー';

  /** Receives tokens. */
  @FunctionalInterface
  public interface Sink {

    /** Takes {@code length} characters from {@code offset}; the buffer is reused afterwards. */
    void token(char[] buffer, int offset, int length);
  }

  /**
   * A token of a query.
   *
   * @param text the token
   * @param prefix whether it is only the beginning of what it matches
   */
  record QueryToken(String text, boolean prefix) {}

  /** Role of a character in a token. */
  private static final byte SEPARATOR = 0;

  private static final byte LETTER = 1;
  private static final byte DIGIT = 2;
  private static final byte UNDERSCORE = 3;
  private static final byte UNSPACED = 4;

  private static final byte[] ASCII_ROLES = new byte[0x80];

  static {
    Arrays.fill(ASCII_ROLES, 'a', 'z' + 1, LETTER);
    Arrays.fill(ASCII_ROLES, '0', '9' + 1, DIGIT);
    ASCII_ROLES['_'] = UNDERSCORE;
  }

  private char[] buffer = new char[1024];

  /** Hands every token of an entry's text to {@code sink}, doubles included. */
  public void ofEntry(String text, Sink sink) {
    int length = load(text);
    int at = 0;
    while (at < length) {
      int codePoint = codePointAt(at, length);
      byte role = roleOf(codePoint);
      if (role == SEPARATOR) {
        at += Character.charCount(codePoint);
      } else if (role == UNSPACED) {
        at = emitPairs(at, length, sink, true);
      } else {
        at = emitWord(at, length, sink, true);
      }
    }
  }

  /** Hands the tokens of a text to {@code sink}, in order, as those of a phrase in a query. */
  static void ofText(String text, Sink sink) {
    TextTokens tokens = new TextTokens();
    int length = tokens.load(text);
    int at = 0;
    while (at < length) {
      int codePoint = tokens.codePointAt(at, length);
      byte role = roleOf(codePoint);
      at =
          switch (role) {
            case SEPARATOR -> at + Character.charCount(codePoint);
            case UNSPACED -> tokens.emitPairs(at, length, sink, false);
            default -> tokens.emitWord(at, length, sink, false);
          };
    }
  }

  /** The tokens of a query's word or phrase; when {@code prefix}, the last one is a beginning. */
  static List<QueryToken> ofQuery(String text, boolean prefix) {
    TextTokens tokens = new TextTokens();
    int length = tokens.load(text);
    List<QueryToken> found = new ArrayList<>();
    int at = 0;
    while (at < length) {
      int codePoint = tokens.codePointAt(at, length);
      byte role = roleOf(codePoint);
      if (role == SEPARATOR) {
        at += Character.charCount(codePoint);
        continue;
      }
      boolean lone =
          role == UNSPACED
              && tokens.endOfUnspaced(at, length) == at + Character.charCount(codePoint);
      Sink sink = (b, offset, n) -> found.add(new QueryToken(new String(b, offset, n), lone));
      at =
          role == UNSPACED
              ? tokens.emitPairs(at, length, sink, false)
              : tokens.emitWord(at, length, sink, false);
    }
    if (prefix && !found.isEmpty()) {
      found.set(found.size() - 1, new QueryToken(found.getLast().text(), true));
    }
    return found;
  }

  /** Whether the only token of {@code text}, in an entry, is {@code text} itself. */
  static boolean isToken(String text) {
    if (text.length() == UUID_LENGTH && text.charAt(8) == '-') {
      for (int i = 0; i < UUID_LENGTH; i++) {
        if (!isOfUuid(text.charAt(i), i)) {
          return false;
        }
      }
      return true;
    }
    boolean letters = false;
    boolean digits = false;
    boolean underscores = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      byte role = c < 0x80 ? roleOf(c) : SEPARATOR;
      if (role == SEPARATOR) {
        return false;
      }
      letters |= role == LETTER;
      digits |= role == DIGIT;
      underscores |= role == UNDERSCORE;
    }
    return text.length() <= MAX_TOKEN_LENGTH && (digits || (letters && !underscores));
  }

  /** Whether a token is more than a number. */
  static boolean hasLetter(char[] buffer, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (buffer[i] != '_' && (buffer[i] < '0' || buffer[i] > '9')) {
        return true;
      }
    }
    return false;
  }

  private int load(String text) {
    String folded = TextFolding.isAscii(text) ? text : TextFolding.fold(text);
    int length = folded.length();
    if (buffer.length < length) {
      buffer = new char[Math.max(length, buffer.length * 2)];
    }
    folded.getChars(0, length, buffer, 0);
    for (int i = 0; i < length; i++) {
      char c = buffer[i];
      if (c >= 'A' && c <= 'Z') {
        buffer[i] = (char) (c + ('a' - 'A'));
      }
    }
    return length;
  }

  private int codePointAt(int at, int length) {
    char c = buffer[at];
    return c < 0x80 ? c : Character.codePointAt(buffer, at, length);
  }

  private static byte roleOf(int codePoint) {
    return codePoint < 0x80 ? ASCII_ROLES[codePoint] : roleOfUnicode(codePoint);
  }

  private static byte roleOfUnicode(int codePoint) {
    boolean letterOrDigit = Character.isLetterOrDigit(codePoint);
    int type = Character.getType(codePoint);
    boolean mark = type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    if (!letterOrDigit && !mark) {
      return SEPARATOR;
    }
    if (codePoint == PROLONGED_SOUND_MARK || isUnspaced(UnicodeScript.of(codePoint))) {
      return UNSPACED;
    }
    return Character.isDigit(codePoint) ? DIGIT : LETTER;
  }

  private static boolean isUnspaced(UnicodeScript script) {
    return script == UnicodeScript.HAN
        || script == UnicodeScript.HIRAGANA
        || script == UnicodeScript.KATAKANA
        || script == UnicodeScript.THAI
        || script == UnicodeScript.LAO
        || script == UnicodeScript.KHMER
        || script == UnicodeScript.MYANMAR;
  }

  private int endOfUnspaced(int from, int length) {
    int at = from;
    while (at < length) {
      int codePoint = codePointAt(at, length);
      if (roleOf(codePoint) != UNSPACED) {
        break;
      }
      at += Character.charCount(codePoint);
    }
    return at;
  }

  private int emitPairs(int from, int length, Sink sink, boolean entry) {
    int end = endOfUnspaced(from, length);
    int at = from;
    while (at < end) {
      int next = at + Character.charCount(codePointAt(at, end));
      if (next < end) {
        int after = next + Character.charCount(codePointAt(next, end));
        sink.token(buffer, at, after - at);
      } else if (entry || at == from) {
        sink.token(buffer, at, next - at);
      }
      at = next;
    }
    return end;
  }

  private int emitWord(int from, int length, Sink sink, boolean entry) {
    if (isUuid(from, length)) {
      sink.token(buffer, from, UUID_LENGTH);
      return from + UUID_LENGTH;
    }
    boolean letters = false;
    boolean digits = false;
    boolean underscores = false;
    int at = from;
    while (at < length) {
      int codePoint = codePointAt(at, length);
      byte role = roleOf(codePoint);
      if (role == SEPARATOR || role == UNSPACED) {
        break;
      }
      letters |= role == LETTER;
      digits |= role == DIGIT;
      underscores |= role == UNDERSCORE;
      at += Character.charCount(codePoint);
    }
    if (letters || digits) {
      emit(from, at, sink);
      if (entry && underscores && !digits) {
        emitParts(from, at, sink);
      }
    }
    return at;
  }

  private void emitParts(int from, int end, Sink sink) {
    int start = from;
    for (int at = from; at <= end; at++) {
      if (at == end || buffer[at] == '_') {
        if (at > start) {
          emit(start, at, sink);
        }
        start = at + 1;
      }
    }
  }

  private void emit(int from, int end, Sink sink) {
    int length = end - from;
    if (length > MAX_TOKEN_LENGTH) {
      length = MAX_TOKEN_LENGTH;
      if (Character.isHighSurrogate(buffer[from + length - 1])) {
        length--;
      }
    }
    sink.token(buffer, from, length);
  }

  private boolean isUuid(int from, int length) {
    if (from + UUID_LENGTH > length || buffer[from + 8] != '-') {
      return false;
    }
    for (int i = 0; i < UUID_LENGTH; i++) {
      if (!isOfUuid(buffer[from + i], i)) {
        return false;
      }
    }
    int end = from + UUID_LENGTH;
    return end == length || roleOf(codePointAt(end, length)) == SEPARATOR;
  }

  private static boolean isOfUuid(char c, int place) {
    boolean dash = place == 8 || place == 13 || place == 18 || place == 23;
    return dash ? c == '-' : (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }
}
