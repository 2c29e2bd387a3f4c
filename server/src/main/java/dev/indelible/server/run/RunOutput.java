package dev.indelible.server.run;

import java.io.IOException;
import java.io.OutputStream;

/** A run's bytes on their way to the store, gathered into large writes. Not thread-safe. */
final class RunOutput {

  private static final int FLUSH_BYTES = 256 * 1024;

  private final OutputStream out;
  private final ByteColumn buffer = new ByteColumn(2 * FLUSH_BYTES);
  private long flushedBytes;

  RunOutput(OutputStream out) {
    this.out = out;
  }

  /** Buffer to which sections are appended; a section is never split by {@link #flushIfLarge}. */
  ByteColumn buffer() {
    return buffer;
  }

  /** The offset in the file of the next byte appended. */
  long position() {
    return flushedBytes + buffer.length();
  }

  void flushIfLarge() throws IOException {
    if (buffer.length() >= FLUSH_BYTES) {
      flush();
    }
  }

  void flush() throws IOException {
    out.write(buffer.array(), 0, buffer.length());
    flushedBytes += buffer.length();
    buffer.clear();
  }
}
