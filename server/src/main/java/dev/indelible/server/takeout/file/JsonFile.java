package dev.indelible.server.takeout.file;

import dev.indelible.server.event.EventJson;
import java.io.IOException;
import java.io.OutputStream;

/** One JSON array of entries, an entry on each line. */
public final class JsonFile implements EntryFile {

  private static final byte[] BEGIN = {'[', '\n'};
  private static final byte[] BETWEEN = {',', '\n'};
  private static final byte[] END = {'\n', ']', '\n'};

  private final OutputStream out;
  private boolean isEmpty;

  /**
   * Begins or goes on.
   *
   * @param out the file, not closed here
   * @param entries how many are in it
   */
  public JsonFile(OutputStream out, long entries) {
    this.out = out;
    this.isEmpty = entries == 0;
  }

  @Override
  public void add(TakenEntry entry) throws IOException {
    out.write(isEmpty ? BEGIN : BETWEEN);
    isEmpty = false;
    EventJson.write(entry.found().shown(), entry.holds(), out);
  }

  @Override
  public void end(FileTotals totals) throws IOException {
    if (isEmpty) {
      out.write(BEGIN);
    }
    out.write(END);
  }

  @Override
  public void close() {}
}
