package dev.indelible.server.takeout.file;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Texts of an Office Open XML spreadsheet, as type {@code ST_Xstring} holds them (ECMA-376-1,
 * 22.9.2.19): a UTF-16 unit that XML cannot hold is written as {@code _x0001_}, and an underscore
 * that would begin such an escape as {@code _x005F_}.
 */
final class XlsxText {

  /** The most UTF-16 units of a cell, before they are escaped. */
  static final int MAX_CELL_UNITS = 32_767;

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  /** Length of what follows an underscore: {@code x} and four hexadecimal digits. */
  private static final int ESCAPE_BODY = 5;

  private XlsxText() {}

  /** Appends a text as the content of an XML element whose white space is preserved. */
  static void append(StringBuilder xml, CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      switch (unit) {
        case '&' -> xml.append("&amp;");
        case '<' -> xml.append("&lt;");
        case '>' -> xml.append("&gt;");
        case '_' -> {
          if (beginsEscape(text, i)) {
            escape(xml, unit);
          } else {
            xml.append(unit);
          }
        }
        default -> {
          if (needsEscape(text, i)) {
            escape(xml, unit);
          } else {
            xml.append(unit);
          }
        }
      }
    }
  }

  private static void escape(StringBuilder xml, char unit) {
    xml.append("_x").append(HEX.toHexDigits(unit)).append('_');
  }

  /**
   * Whether a reader would take the underscore for the beginning of an escape: also where the
   * underscore at its end is that of an escape which follows.
   */
  private static boolean beginsEscape(CharSequence text, int at) {
    int end = at + 1 + ESCAPE_BODY;
    if (end >= text.length() || text.charAt(at + 1) != 'x') {
      return false;
    }
    for (int i = at + 2; i < end; i++) {
      if (!HexFormat.isHexDigit(text.charAt(i))) {
        return false;
      }
    }
    return text.charAt(end) == '_' || needsEscape(text, end);
  }

  /** Whether XML cannot hold the unit (XML 1.0, 2.2), or would read another (2.11: CR). */
  private static boolean needsEscape(CharSequence text, int at) {
    char unit = text.charAt(at);
    if (unit < ' ') {
      return unit != '\t' && unit != '\n';
    }
    if (unit < Character.MIN_SURROGATE) {
      return false;
    }
    if (Character.isHighSurrogate(unit)) {
      return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
    }
    if (Character.isLowSurrogate(unit)) {
      return at == 0 || !Character.isHighSurrogate(text.charAt(at - 1));
    }
    return unit >= '\uFFFE';
  }

  /** Splits a text into parts that fit into a cell; a pair of surrogates stays together. */
  static List<String> parts(String text) {
    if (text.length() <= MAX_CELL_UNITS) {
      return List.of(text);
    }
    List<String> parts = new ArrayList<>();
    int from = 0;
    while (text.length() - from > MAX_CELL_UNITS) {
      int to = from + MAX_CELL_UNITS;
      if (Character.isHighSurrogate(text.charAt(to - 1))
          && Character.isLowSurrogate(text.charAt(to))) {
        to--;
      }
      parts.add(text.substring(from, to));
      from = to;
    }
    parts.add(text.substring(from));
    return List.copyOf(parts);
  }
}
