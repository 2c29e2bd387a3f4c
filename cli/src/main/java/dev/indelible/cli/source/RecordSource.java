package dev.indelible.cli.source;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Records in order, read one at a time so that a file of any size needs little memory. */
public interface RecordSource extends Closeable {

  /**
   * The next record, or null after the last.
   *
   * @throws IOException when the file cannot be read further; the message names the file
   */
  @Nullable SourceRecord next() throws IOException;

  /**
   * The name that the ids of events without one follow from: the same each time this source is
   * sent, and another for every other source.
   */
  String identity();

  /** Number of bytes of the file that were read, as they lie on disk (compressed if it is). */
  long bytesRead();
}
