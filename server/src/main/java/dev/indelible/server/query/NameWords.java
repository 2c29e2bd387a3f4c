package dev.indelible.server.query;

/** Finds words in names. A word ends where letters and digits do. */
public final class NameWords {

  private NameWords() {}

  /**
   * Whether a name has {@code wanted} as a word, or as several that follow each other.
   *
   * @param name folded, see {@link TextFolding#fold}
   * @param wanted folded, not empty
   * @param prefix whether its last word need only begin so
   */
  public static boolean has(String name, String wanted, boolean prefix) {
    for (int at = name.indexOf(wanted); at >= 0; at = name.indexOf(wanted, at + 1)) {
      int end = at + wanted.length();
      boolean begins = at == 0 || !Character.isLetterOrDigit(name.codePointBefore(at));
      boolean ends =
          prefix || end == name.length() || !Character.isLetterOrDigit(name.codePointAt(end));
      if (begins && ends) {
        return true;
      }
    }
    return false;
  }
}
