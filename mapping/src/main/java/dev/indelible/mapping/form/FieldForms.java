package dev.indelible.mapping.form;

import java.util.BitSet;

/** The forms of the texts in an event, checked by hand since they are on the hot path. */
public final class FieldForms {

  /** ASCII characters that a URL cannot hold. */
  private static final BitSet NOT_IN_A_LINK = new BitSet(0x80);

  static {
    NOT_IN_A_LINK.set(0, ' ' + 1);
    NOT_IN_A_LINK.set(0x7f);
    "\"<>\\^`{|}".chars().forEach(NOT_IN_A_LINK::set);
  }

  /** The longest action, in characters; part of {@link FieldLimits#ACTION_FORM}. */
  public static final int MAX_ACTION_LENGTH = 128;

  private FieldForms() {}

  /** Whether the text is of the form {@link FieldLimits#ACTION_FORM}. */
  public static boolean isAction(String text) {
    int length = text.length();
    if (length == 0 || length > MAX_ACTION_LENGTH) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (!letterOrDigit && (i == 0 || (c != '_' && c != '.' && c != ':' && c != '-'))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the text is a link that a viewer may offer: an {@code http} or {@code https} URL with a
   * host and no user information, or a path from the root ({@code //host} is none). Characters that
   * a URL cannot hold are refused, letters of any script are not; so is what looks like one and
   * that no browser can open: a host or port that is none, half an escape.
   */
  public static boolean isLink(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80 ? NOT_IN_A_LINK.get(c) : Character.isSpaceChar(c)) {
        return false;
      }
      if (c == '%' && !(isHex(text, i + 1) && isHex(text, i + 2))) {
        return false;
      }
    }
    if (text.startsWith("/")) {
      return !text.startsWith("//");
    }
    int hostStart =
        text.regionMatches(true, 0, "https://", 0, 8)
            ? 8
            : text.regionMatches(true, 0, "http://", 0, 7) ? 7 : -1;
    if (hostStart < 0) {
      return false;
    }
    int hostEnd = hostStart;
    while (hostEnd < text.length() && "/?#".indexOf(text.charAt(hostEnd)) < 0) {
      if (text.charAt(hostEnd) == '@') {
        return false;
      }
      hostEnd++;
    }
    return LinkHost.isOne(text.substring(hostStart, hostEnd));
  }

  private static boolean isHex(String text, int at) {
    return at < text.length()
        && Character.digit(text.charAt(at), 16) >= 0
        && text.charAt(at) < 0x80;
  }

  /** Whether the text holds an ASCII control character. */
  public static boolean hasControl(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) == 0x7f) {
        return true;
      }
    }
    return false;
  }

  /** Whether the text is sound Unicode: it holds neither NUL nor half a surrogate pair. */
  public static boolean isSound(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return false;
      }
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
