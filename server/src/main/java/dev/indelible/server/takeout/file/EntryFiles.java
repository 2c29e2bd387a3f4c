package dev.indelible.server.takeout.file;

import java.io.OutputStream;

/** Files of entries by their format. Each closes its stream when it is closed. */
public final class EntryFiles {

  private EntryFiles() {}

  /** A table for spreadsheets, Office Open XML: {@code docs/formats/xlsx.md}. */
  public static EntryFile xlsx(OutputStream out, FileHead head) {
    return new XlsxFile(out, head);
  }

  /** A document for people, PDF: {@code docs/formats/pdf.md}. */
  public static EntryFile pdf(OutputStream out, FileHead head) {
    return new PdfFile(out, head);
  }
}
