package dev.indelible.server.takeout.file;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sheet that is being written, row by row; every cell is a text. */
final class XlsxSheet {

  /** Style of a cell: its place in the package's styles. */
  enum Style {
    /** A text in one line. */
    TEXT(1),
    /** A heading. */
    BOLD(2),
    /** A text in as many lines as it needs. */
    WRAPPED(3);

    private final int number;

    Style(int number) {
      this.number = number;
    }
  }

  /** The most rows of a sheet (ECMA-376-1, 18.3.1.73, as Excel limits it). */
  static final int MAX_ROWS = 1_048_576;

  /** The most columns of a sheet. */
  static final int MAX_COLUMNS = 16_384;

  private static final int LETTERS = 26;

  private final XlsxPackage xlsx;
  private final StringBuilder xml = new StringBuilder(4_096);
  private final String[] letters;
  private int rows;

  /**
   * Begins a sheet.
   *
   * @param widths the columns' widths, in characters
   * @param frozen whether the first row stays in sight
   */
  XlsxSheet(XlsxPackage xlsx, int number, List<Integer> widths, boolean frozen) throws IOException {
    if (widths.size() > MAX_COLUMNS) {
      throw new IllegalArgumentException(widths.size() + " columns");
    }
    this.xlsx = xlsx;
    letters = new String[widths.size()];
    for (int column = 0; column < letters.length; column++) {
      letters[column] = letters(column);
    }
    xlsx.begin(number);
    if (frozen) {
      xml.append("<sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=");
      xml.append("\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>");
    }
    xml.append("<cols>");
    for (int column = 1; column <= widths.size(); column++) {
      xml.append("<col min=\"").append(column).append("\" max=\"").append(column);
      xml.append("\" width=\"").append(widths.get(column - 1)).append("\" customWidth=\"1\"/>");
    }
    xml.append("</cols><sheetData>");
    xlsx.write(xml);
  }

  /** Letters of a column, counted from 0: A to Z, AA to ZZ, AAA on. */
  static String letters(int column) {
    StringBuilder letters = new StringBuilder();
    for (int rest = column; rest >= 0; rest = rest / LETTERS - 1) {
      letters.insert(0, (char) ('A' + rest % LETTERS));
    }
    return letters.toString();
  }

  /** Number of its rows. */
  int rows() {
    return rows;
  }

  /** Begins a row. */
  void beginRow() {
    rows++;
    xml.setLength(0);
    xml.append("<row r=\"").append(rows).append("\">");
  }

  /**
   * Puts a text into the row that was begun, after those of the columns before.
   *
   * @param column counted from 0
   * @param text of at most {@link XlsxText#MAX_CELL_UNITS}; null or empty for an empty cell
   */
  void cell(int column, @Nullable String text, Style style) {
    if (text == null || text.isEmpty()) {
      return;
    }
    if (text.length() > XlsxText.MAX_CELL_UNITS) {
      throw new IllegalArgumentException("a cell of " + text.length() + " UTF-16 units");
    }
    xml.append("<c r=\"").append(letters[column]).append(rows).append("\" s=\"");
    xml.append(style.number).append("\" t=\"inlineStr\"><is>");
    xml.append(hasSpace(text) ? "<t xml:space=\"preserve\">" : "<t>");
    XlsxText.append(xml, text);
    xml.append("</t></is></c>");
  }

  /** Whether readers would change its white space if it were not said to be preserved. */
  private static boolean hasSpace(String text) {
    return Character.isWhitespace(text.charAt(0))
        || Character.isWhitespace(text.charAt(text.length() - 1))
        || text.indexOf('\n') >= 0
        || text.indexOf('\t') >= 0
        || text.contains("  ");
  }

  /** Ends the row that was begun. */
  void endRow() throws IOException {
    xml.append("</row>");
    xlsx.write(xml);
  }

  /**
   * Ends the sheet.
   *
   * @param filtered whether its first row has a filter for each column
   */
  void end(boolean filtered) throws IOException {
    xlsx.write("</sheetData>");
    if (filtered) {
      xlsx.write("<autoFilter ref=\"A1:" + letters[letters.length - 1] + rows + "\"/>");
    }
    xlsx.endSheet();
  }
}
