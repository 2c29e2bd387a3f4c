package dev.indelible.cli.terminal;

/**
 * Makes text from a log safe to show on a terminal: a log holds what attackers wrote, and a
 * terminal obeys control characters.
 */
public final class Printable {

  private Printable() {}

  /**
   * {@code text} on one line, every control, direction-changing or invisible character replaced by
   * {@code ·}.
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
      default -> !isFiller(codePoint);
    };
  }

  /**
   * Letters and marks that take no room: those of {@code Default_Ignorable_Code_Point} (Unicode,
   * DerivedCoreProperties.txt) that are no formatting characters, without the selectors that follow
   * a pictograph.
   */
  private static boolean isFiller(int codePoint) {
    return switch (codePoint) {
      case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0 -> true;
      default ->
          (codePoint >= 0x180B && codePoint <= 0x180F)
              || (codePoint >= 0xFE00 && codePoint <= 0xFE0D)
              || (codePoint >= 0xE0000 && codePoint <= 0xE0FFF);
    };
  }
}
