package dev.indelible.cli.terminal;

/**
 * Makes text from a log safe to show on a terminal: a log holds what attackers wrote, and a
 * terminal obeys control characters.
 */
public final class Printable {

  private Printable() {}

  /**
   * {@code text} on one line, every control, direction-changing or invisible formatting character
   * replaced by {@code ·}.
   */
  public static String of(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints().forEach(c -> safe.appendCodePoint(isPlain(c) ? c : '·'));
    return safe.toString();
  }

  private static boolean isPlain(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
