package dev.indelible.server.print;

import java.util.Locale;

/**
 * Layout of a printed document.
 *
 * @param language of its texts
 * @param page stands before a page's number
 * @param of stands between it and the number of pages
 * @param more says that there is more than fits
 * @param wide whether the pages lie on their long side
 * @param maxLines the most lines; what does not fit is left out, and said to be
 */
public record Layout(
    Locale language, String page, String of, String more, boolean wide, int maxLines) {

  /** English text on pages that stand upright. */
  public static final Layout TEXT =
      new Layout(
          Locale.ENGLISH,
          "page",
          "of",
          "There is more than fits here.",
          false,
          PrintedDocument.MAX_LINES);

  static final double PORTRAIT_WIDTH_POINTS = 483;
  static final double LANDSCAPE_WIDTH_POINTS = 730;

  /** Space between a name and its value. */
  static final double GAP_POINTS = 10;

  public Layout {
    if ((page + of).matches(".*[\"\\\\\n].*")) {
      throw new IllegalArgumentException("not a word of a style sheet: " + page + ", " + of);
    }
  }

  /** The style sheet, in this layout. */
  String style(String style) {
    String worded =
        style.replace(
            "\"page \" counter(page) \" of \"",
            "\"%s \" counter(page) \" %s \"".formatted(page, of));
    return wide
        ? worded
            .replace("size: A4;", "size: A4 landscape;")
            .replace("width: 120pt;", "width: 190pt;")
        : worded;
  }
}
