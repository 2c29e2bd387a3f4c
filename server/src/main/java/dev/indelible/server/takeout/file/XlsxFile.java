package dev.indelible.server.takeout.file;

import dev.indelible.server.event.Entry;
import dev.indelible.server.event.EntryCells;
import dev.indelible.server.json.Rfc3339;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table for spreadsheets, Office Open XML (ECMA-376): {@code docs/formats/xlsx.md}. Every cell is
 * a text, so that ids, numbers and times are read back as they were. Equal calls make equal bytes.
 * No more than a row is in memory.
 *
 * <p>A text that is longer than a cell goes on in rows below, which the last column counts; an
 * entry's rows stand in one sheet.
 */
final class XlsxFile implements EntryFile {

  /** Name of the last column: which part of an entry the row is, empty if it is the only one. */
  static final String PART = "part";

  /** Limits of a sheet; tests have smaller ones. */
  record Limits(int rows, long bytes) {

    /** Rows that a spreadsheet shows, and bytes for which ZIP needs no extension. */
    static final Limits OF_SHEETS = new Limits(XlsxSheet.MAX_ROWS, (1L << 32) - (1L << 26));
  }

  private static final List<Integer> ABOUT_WIDTHS = List.of(28, 110);
  private static final int WIDTH = 20;
  private static final int WIDE = 40;
  private static final List<String> WIDE_COLUMNS =
      List.of("targets", "target_list", "changes", "details", "user_agent", "id");

  private final FileHead head;
  private final FileWords words;
  private final FileFacts facts;
  private final Limits limits;
  private final XlsxPackage xlsx;
  private final int about;
  private final List<String> columns;
  private final List<EntryCells.Cell> cells;
  private final @Nullable String[] texts;
  private @Nullable XlsxSheet sheet;
  private long rows;
  private int entrySheets;

  XlsxFile(OutputStream out, FileHead head) {
    this(out, head, Limits.OF_SHEETS);
  }

  XlsxFile(OutputStream out, FileHead head, Limits limits) {
    this.head = head;
    this.limits = limits;
    words = new FileWords(head.language());
    facts = new FileFacts(head, words);
    xlsx = new XlsxPackage(out);
    columns = Columns.chosen(head.columns());
    cells = EntryCells.of(columns);
    texts = new String[columns.size()];
    about = xlsx.name(words.of("about"));
  }

  @Override
  public void add(TakenEntry entry) throws IOException {
    int parts = read(entry.found().shown(), entry.holds());
    XlsxSheet into = sheetWithRoom(parts);
    if (parts == 1) {
      into.beginRow();
      for (int column = 0; column < texts.length; column++) {
        into.cell(column, texts[column], XlsxSheet.Style.TEXT);
      }
      into.endRow();
    } else {
      addParts(into, parts);
    }
    rows += parts;
  }

  /** Reads the entry's texts; returns how many rows the longest of them needs. */
  private int read(Entry entry, Map<String, String> holds) {
    int longest = 0;
    for (int column = 0; column < texts.length; column++) {
      String text = cells.get(column).of(entry, holds);
      texts[column] = text;
      longest = text == null ? longest : Math.max(longest, text.length());
    }
    if (longest <= XlsxText.MAX_CELL_UNITS) {
      return 1;
    }
    return Arrays.stream(texts)
        .mapToInt(text -> text == null ? 1 : XlsxText.parts(text).size())
        .max()
        .orElseThrow();
  }

  private void addParts(XlsxSheet into, int parts) throws IOException {
    List<List<String>> split = new ArrayList<>();
    for (String text : texts) {
      split.add(text == null ? List.of() : XlsxText.parts(text));
    }
    for (int part = 0; part < parts; part++) {
      into.beginRow();
      for (int column = 0; column < split.size(); column++) {
        List<String> of = split.get(column);
        if (part < of.size()) {
          into.cell(column, of.get(part), XlsxSheet.Style.TEXT);
        } else if (isName(columns.get(column)) && !of.isEmpty()) {
          into.cell(column, of.getFirst(), XlsxSheet.Style.TEXT);
        }
      }
      into.cell(columns.size(), (part + 1) + "/" + parts, XlsxSheet.Style.TEXT);
      into.endRow();
    }
  }

  /** Whether each row of an entry has it, so that rows that were sorted find each other. */
  private static boolean isName(String column) {
    return column.equals("id") || column.equals("seq");
  }

  private XlsxSheet sheetWithRoom(int parts) throws IOException {
    XlsxSheet current = sheet;
    if (current != null
        && (current.rows() + parts > limits.rows() || xlsx.partBytes() > limits.bytes())) {
      current.end(true);
      current = null;
    }
    if (current == null) {
      current = begin();
      sheet = current;
    }
    return current;
  }

  private XlsxSheet begin() throws IOException {
    entrySheets++;
    int number = xlsx.name(words.of("entries.n", Integer.toString(entrySheets)));
    List<Integer> widths = new ArrayList<>();
    columns.forEach(column -> widths.add(WIDE_COLUMNS.contains(column) ? WIDE : WIDTH));
    widths.add(WIDTH);
    XlsxSheet begun = new XlsxSheet(xlsx, number, widths, true);
    begun.beginRow();
    for (int column = 0; column < columns.size(); column++) {
      begun.cell(column, columns.get(column), XlsxSheet.Style.BOLD);
    }
    begun.cell(columns.size(), PART, XlsxSheet.Style.BOLD);
    begun.endRow();
    return begun;
  }

  @Override
  public void end(FileTotals totals) throws IOException {
    sheetWithRoom(0).end(true);
    List<FileFacts.Fact> stated = new ArrayList<>(facts.scope());
    stated.addAll(facts.columns());
    stated.addAll(facts.counts(totals));
    stated.add(fact("rows", words.number(rows)));
    stated.add(fact("sheets", words.number(entrySheets)));
    stated.addAll(facts.maker());
    stated.add(facts.checkpoint());
    stated.add(fact("verify", words.of("verify.text")));
    stated.add(fact("texts", words.of("texts.xlsx")));
    writeAbout(stated);
    xlsx.end(facts.title(), Rfc3339.format(head.made().at()));
  }

  private FileFacts.Fact fact(String name, String value) {
    return new FileFacts.Fact(words.of(name), value);
  }

  private void writeAbout(List<FileFacts.Fact> stated) throws IOException {
    XlsxSheet page = new XlsxSheet(xlsx, about, ABOUT_WIDTHS, false);
    page.beginRow();
    page.cell(0, facts.title(), XlsxSheet.Style.BOLD);
    page.endRow();
    for (FileFacts.Fact fact : stated) {
      List<String> parts = XlsxText.parts(fact.value());
      for (int part = 0; part < parts.size(); part++) {
        page.beginRow();
        page.cell(0, part == 0 ? fact.name() : null, XlsxSheet.Style.BOLD);
        page.cell(1, parts.get(part), XlsxSheet.Style.WRAPPED);
        page.endRow();
      }
    }
    page.end(false);
  }

  /** Closes the stream that it writes to. */
  @Override
  public void close() throws IOException {
    xlsx.close();
  }
}
