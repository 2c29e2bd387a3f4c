package dev.indelible.server.takeout.file;

import java.io.Closeable;
import java.io.IOException;

/**
 * A file of entries that is being written, in one format. It gets each entry once, in ascending
 * order of {@code seq}, and holds no more of them in memory than its format needs. Used by one
 * thread.
 */
public interface EntryFile extends Closeable {

  /**
   * Takes the next entry.
   *
   * @throws FormatLimitException when the format cannot hold it whole; nothing is ever cut
   */
  void add(TakenEntry entry) throws IOException;

  /** Writes what comes behind the last entry; nothing can be added any more. */
  void end(FileTotals totals) throws IOException;

  /** Releases what it holds; a file that was not ended is none. */
  @Override
  void close() throws IOException;
}
