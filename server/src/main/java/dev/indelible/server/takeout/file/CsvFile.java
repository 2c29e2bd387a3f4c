package dev.indelible.server.takeout.file;

import dev.indelible.server.event.EntryCsv;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** A table as text, RFC 4180: chosen columns in the order of {@link Columns#ALL}. */
public final class CsvFile implements EntryFile {

  private final OutputStream out;
  private final EntryCsv csv;

  /**
   * Begins or goes on.
   *
   * @param out the file, not closed here
   * @param columns of {@link Columns#ALL}; empty for all of them
   * @param isBegun whether the row of headings is there
   */
  public CsvFile(OutputStream out, List<String> columns, boolean isBegun) throws IOException {
    this.out = out;
    this.csv = new EntryCsv(columns);
    if (!isBegun) {
      out.write(csv.headings());
    }
  }

  @Override
  public void add(TakenEntry entry) throws IOException {
    csv.write(entry.found().shown(), entry.holds(), out);
  }

  @Override
  public void end(FileTotals totals) {}

  @Override
  public void close() {}
}
