package dev.indelible.cli.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Lines of a stream as bytes, of a bounded length each. Not thread-safe. */
final class ByteLines {

  /** The longest line, in bytes; longer ones are cut and reported. */
  static final int MAX_LINE_BYTES = 4 * 1024 * 1024;

  private final InputStream in;

  /**
   * Buffer of bytes read for lines; not yet given out from {@link #chunkAt} to {@link #chunkEnd}.
   */
  private final byte[] chunk = new byte[RawFile.LOOK_AHEAD_BYTES];

  private int chunkAt;
  private int chunkEnd;
  private boolean tooLong;

  ByteLines(InputStream in) {
    this.in = in;
  }

  /** Whether the line that was read last was cut because it is too long. */
  boolean isTooLong() {
    return tooLong;
  }

  /** The reason why a line that is too long is no record. */
  String whyTooLong() {
    return "the line is longer than " + MAX_LINE_BYTES + " bytes";
  }

  /** The next line without its end; null after the last. */
  byte @Nullable [] next() throws IOException {
    tooLong = false;
    for (int end = chunkAt; end < chunkEnd; end++) {
      if (chunk[end] == '\n') {
        byte[] line = Arrays.copyOfRange(chunk, chunkAt, end);
        chunkAt = end + 1;
        return line;
      }
    }
    return acrossChunks();
  }

  private byte @Nullable [] acrossChunks() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    boolean any = false;
    while (chunkAt < chunkEnd || fill()) {
      any = true;
      int newline = chunkAt;
      while (newline < chunkEnd && chunk[newline] != '\n') {
        newline++;
      }
      int length = Math.min(newline - chunkAt, MAX_LINE_BYTES - bytes.size());
      bytes.write(chunk, chunkAt, length);
      tooLong |= length < newline - chunkAt;
      chunkAt = newline + 1;
      if (newline < chunkEnd) {
        break;
      }
    }
    return any ? bytes.toByteArray() : null;
  }

  private boolean fill() throws IOException {
    chunkAt = 0;
    chunkEnd = 0;
    chunkEnd = Math.max(0, in.read(chunk, 0, chunk.length));
    return chunkEnd > 0;
  }
}
