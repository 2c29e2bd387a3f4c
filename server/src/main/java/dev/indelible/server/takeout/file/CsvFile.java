package dev.indelible.server.takeout.file;

import dev.indelible.server.event.EntryCsv;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.StoredCsv;
import dev.indelible.server.run.StoredEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** A table as text, RFC 4180: chosen columns in the order of {@link Columns#ALL}. */
public final class CsvFile implements EntryFile {

  private final OutputStream out;
  private final EntryCsv csv;
  private final StoredCsv storedCsv;

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
    this.storedCsv = new StoredCsv(columns);
    if (!isBegun) {
      out.write(csv.headings());
    }
  }

  @Override
  public void add(TakenEntry entry) throws IOException {
    csv.write(entry.found().shown(), entry.holds(), out);
  }

  /**
   * Takes the next entry as it is stored, without having it read; no legal hold may keep it.
   *
   * @param hasPersonal whether what is personal may be in the file
   * @return false, with nothing taken, for an entry that has to be read
   */
  public boolean add(StoredEntry entry, boolean hasPersonal) throws IOException {
    return entry.body() instanceof StoredEntry.Whole(EntryParts parts)
        && storedCsv.write(
            entry.seq(),
            entry.recordedAtMillis(),
            parts.facts(),
            hasPersonal ? parts.personal() : null,
            out);
  }

  @Override
  public void end(FileTotals totals) {}

  @Override
  public void close() {}
}
