package dev.indelible.server.query;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.Locale;

/**
 * Makes spellings that people take for the same the same: compatibility forms (full-width letters,
 * ligatures), case (ß is ss, every Greek sigma one, every Turkish i one), accents (é is e, ø is o,
 * й is и), Arabic vowel signs, hamza carriers and tatweel, and digits of every script. Japanese
 * voicing marks and the vowel signs of Indic and Thai scripts carry meaning and stay.
 */
public final class TextFolding {

  private static final char DAKUTEN = '\u3099';
  private static final char HANDAKUTEN = '\u309A';
  private static final char TATWEEL = '\u0640';

  private TextFolding() {}

  /** The folded text. */
  public static String fold(String text) {
    boolean upper = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        return foldUnicode(text);
      }
      upper |= c >= 'A' && c <= 'Z';
    }
    return upper ? text.toLowerCase(Locale.ROOT) : text;
  }

  static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static String foldUnicode(String text) {
    String decomposed = Normalizer.normalize(text, Normalizer.Form.NFKD);
    StringBuilder kept = new StringBuilder(decomposed.length() + 8);
    decomposed.codePoints().filter(c -> !isDropped(c)).forEach(c -> appendPlain(c, kept));
    // Upwards first: that is where one letter becomes the several that it stands for.
    String folded =
        kept.toString().toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT).replace('ς', 'σ');
    return Normalizer.normalize(folded, Normalizer.Form.NFKC);
  }

  private static boolean isDropped(int codePoint) {
    int type = Character.getType(codePoint);
    if (type == Character.FORMAT || codePoint == TATWEEL) {
      return true;
    }
    if (type != Character.NON_SPACING_MARK || codePoint == DAKUTEN || codePoint == HANDAKUTEN) {
      return false;
    }
    UnicodeScript script = UnicodeScript.of(codePoint);
    return script == UnicodeScript.INHERITED
        || script == UnicodeScript.ARABIC
        || script == UnicodeScript.HEBREW
        || script == UnicodeScript.CYRILLIC;
  }

  private static void appendPlain(int codePoint, StringBuilder to) {
    if (codePoint >= 0x80 && Character.isDigit(codePoint)) {
      to.append((char) ('0' + Character.digit(codePoint, 10)));
      return;
    }
    switch (codePoint) {
      case 'ß', 'ẞ' -> to.append("ss");
      case 'æ', 'Æ' -> to.append("ae");
      case 'œ', 'Œ' -> to.append("oe");
      case 'ø', 'Ø' -> to.append('o');
      case 'ł', 'Ł' -> to.append('l');
      case 'đ', 'Đ', 'ð', 'Ð' -> to.append('d');
      case 'þ', 'Þ' -> to.append("th");
      case 'ı' -> to.append('i');
      case 'ى' -> to.append('ي');
      case 'ة' -> to.append('ه');
      default -> to.appendCodePoint(codePoint);
    }
  }
}
