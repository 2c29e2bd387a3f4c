package dev.indelible.mapping;

import dev.indelible.mapping.PairsText.Pair;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Event on one line as CEF and LEEF write it: parts between bars, then names with values.
 *
 * <p>Neither can write NUL, which becomes U+FFFD. All else of a value is kept: a receiver that
 * undoes the escapes has it to the character.
 */
final class EventLine {

  private EventLine() {}

  /**
   * Writes an event in ArcSight's Common Event Format, version 0 of its header (implementation
   * standard 26). In the header {@code \} and {@code |} are escaped and a line break is a blank; in
   * values {@code \}, {@code =}, and line breaks are escaped. A blank stands after the last bar:
   * the rule for CEF of rsyslog's mmnormalize loses the first letter of the first name without one.
   */
  static byte[] cef(List<String> header, List<Pair> extension) {
    StringBuilder line = new StringBuilder(1024).append("CEF:0");
    for (String part : header) {
      line.append('|');
      for (int i = 0; i < part.length(); i++) {
        char c = part.charAt(i);
        if (c == '\\' || c == '|') {
          line.append('\\');
        }
        line.append(c == '\n' || c == '\r' ? ' ' : printed(c));
      }
    }
    line.append('|');
    for (Pair pair : extension) {
      line.append(' ').append(pair.name()).append('=');
      for (int i = 0; i < pair.text().length(); i++) {
        char c = pair.text().charAt(i);
        switch (c) {
          case '\\', '=' -> line.append('\\').append(c);
          case '\n' -> line.append("\\n");
          case '\r' -> line.append("\\r");
          default -> line.append(printed(c));
        }
      }
    }
    return bytes(line);
  }

  /**
   * Writes an event in IBM's Log Event Extended Format, version 2.0, with a tab between the
   * attributes, which the header states as {@code x09}. LEEF has no escapes: a tab, a line break
   * and {@code \} of a value are written as in C. In the header a bar or a line break is a blank.
   */
  static byte[] leef(List<String> header, List<Pair> attributes) {
    StringBuilder line = new StringBuilder(1024).append("LEEF:2.0");
    for (String part : header) {
      line.append('|');
      for (int i = 0; i < part.length(); i++) {
        char c = part.charAt(i);
        line.append(c == '\n' || c == '\r' || c == '|' ? ' ' : printed(c));
      }
    }
    line.append("|x09|");
    boolean isFirst = true;
    for (Pair pair : attributes) {
      if (!isFirst) {
        line.append('\t');
      }
      isFirst = false;
      line.append(pair.name()).append('=');
      for (int i = 0; i < pair.text().length(); i++) {
        char c = pair.text().charAt(i);
        switch (c) {
          case '\\' -> line.append("\\\\");
          case '\t' -> line.append("\\t");
          case '\n' -> line.append("\\n");
          case '\r' -> line.append("\\r");
          default -> line.append(printed(c));
        }
      }
    }
    return bytes(line);
  }

  private static char printed(char c) {
    return c == 0 ? '\ufffd' : c;
  }

  /** UTF-8; half of a surrogate pair is "?" as the JDK writes it. */
  private static byte[] bytes(StringBuilder line) {
    return line.toString().getBytes(StandardCharsets.UTF_8);
  }
}
