package dev.indelible.server.takeout.file;

import dev.indelible.server.event.Entry;
import java.io.OutputStream;
import java.util.function.Function;

/** Files of entries by their format. Each closes its stream when it is closed. */
public final class EntryFiles {

  private EntryFiles() {}

  /** A table for spreadsheets, Office Open XML: {@code docs/formats/xlsx.md}. */
  public static EntryFile xlsx(OutputStream out, FileHead head) {
    return new XlsxFile(out, head);
  }

  /**
   * A document for people, PDF: {@code docs/formats/pdf.md}.
   *
   * @param sentence says what an entry tells of, in the document's language
   */
  public static EntryFile pdf(OutputStream out, FileHead head, Function<Entry, String> sentence) {
    return new PdfFile(out, head, sentence);
  }
}
