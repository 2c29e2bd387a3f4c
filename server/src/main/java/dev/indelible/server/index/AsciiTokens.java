package dev.indelible.server.index;

import dev.indelible.server.query.TermKind;
import dev.indelible.server.query.TextTokens;
import java.util.Arrays;

/**
 * The tokens of ASCII text straight from its bytes, as {@link TextTokens} makes them of an entry's
 * text.
 */
final class AsciiTokens {

  private static final int UUID_LENGTH = 36;

  private static final byte LETTER = 1;
  private static final byte DIGIT = 2;
  private static final byte UNDERSCORE = 4;
  private static final byte TEXT = TermBytes.tag(TermKind.TEXT);

  /** Role of each character in a token, or 0. */
  private static final byte[] ROLES = new byte[0x80];

  static {
    Arrays.fill(ROLES, 'a', 'z' + 1, LETTER);
    Arrays.fill(ROLES, 'A', 'Z' + 1, LETTER);
    Arrays.fill(ROLES, '0', '9' + 1, DIGIT);
    ROLES['_'] = UNDERSCORE;
  }

  private AsciiTokens() {}

  /** Adds the tokens of a text to {@code terms}, doubles included. */
  static void of(byte[] in, int from, int to, TermList terms) {
    int at = from;
    while (at < to) {
      if (ROLES[in[at]] == 0) {
        at++;
      } else if (isUuid(in, at, to)) {
        add(in, at, at + UUID_LENGTH, terms);
        at += UUID_LENGTH;
      } else {
        at = word(in, at, to, terms);
      }
    }
  }

  /** Whether the only token of a text is the text itself. */
  static boolean isToken(byte[] in, int from, int to) {
    int count = to - from;
    if (count == UUID_LENGTH && in[from + 8] == '-') {
      return isUuid(in, from, to, false);
    }
    int roles = 0;
    for (int i = from; i < to; i++) {
      byte role = in[i] >= 'A' && in[i] <= 'Z' ? 0 : ROLES[in[i]];
      if (role == 0) {
        return false;
      }
      roles |= role;
    }
    return count <= TextTokens.MAX_TOKEN_LENGTH && ((roles & DIGIT) != 0 || roles == LETTER);
  }

  private static int word(byte[] in, int from, int to, TermList terms) {
    int roles = 0;
    int at = from;
    byte role;
    while (at < to && (role = ROLES[in[at]]) != 0) {
      roles |= role;
      at++;
    }
    if ((roles & (LETTER | DIGIT)) != 0) {
      add(in, from, at, terms);
      if ((roles & (UNDERSCORE | DIGIT)) == UNDERSCORE) {
        parts(in, from, at, terms);
      }
    }
    return at;
  }

  private static void parts(byte[] in, int from, int end, TermList terms) {
    int start = from;
    for (int at = from; at <= end; at++) {
      if (at == end || in[at] == '_') {
        if (at > start) {
          add(in, start, at, terms);
        }
        start = at + 1;
      }
    }
  }

  private static void add(byte[] in, int from, int end, TermList terms) {
    terms.bytes().lower(TEXT, in, from, Math.min(end, from + TextTokens.MAX_TOKEN_LENGTH));
    terms.end();
  }

  /** Whether a UUID, in whatever case, begins here and ends with the text or a separator. */
  private static boolean isUuid(byte[] in, int from, int to) {
    int end = from + UUID_LENGTH;
    return end <= to
        && in[from + 8] == '-'
        && isUuid(in, from, end, true)
        && (end == to || ROLES[in[end]] == 0);
  }

  private static boolean isUuid(byte[] in, int from, int end, boolean upperCase) {
    for (int i = from; i < end; i++) {
      byte c = in[i];
      int place = i - from;
      boolean dash = place == 8 || place == 13 || place == 18 || place == 23;
      boolean right =
          dash
              ? c == '-'
              : (c >= '0' && c <= '9')
                  || (c >= 'a' && c <= 'f')
                  || (upperCase && c >= 'A' && c <= 'F');
      if (!right) {
        return false;
      }
    }
    return true;
  }
}
