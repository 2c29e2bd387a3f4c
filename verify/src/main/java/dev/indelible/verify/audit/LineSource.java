package dev.indelible.verify.audit;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Lines of bytes, each in memory as a whole, none longer than a limit. Not thread-safe. */
final class LineSource {

  private static final int FIRST_BYTES = 1 << 18;

  private final InputStream in;
  private final int maxLineBytes;
  private byte[] buffer = new byte[FIRST_BYTES];
  private int from;
  private int end;
  private int filled;
  private long line;

  LineSource(InputStream in, int maxLineBytes) {
    this.in = in;
    this.maxLineBytes = maxLineBytes;
  }

  /**
   * Goes to the next line; false when there is none.
   *
   * @throws AuditLimitException when it is too long
   */
  boolean next() throws IOException {
    from = line == 0 ? 0 : end + 1;
    line++;
    int searched = from;
    while (true) {
      for (int i = searched; i < filled; i++) {
        if (buffer[i] == '\n') {
          end = i;
          return true;
        }
      }
      searched = filled - from;
      if (!fill()) {
        end = filled;
        return from < filled;
      }
      searched += from;
    }
  }

  /** Moves what is left of the line to the front and reads more behind it. */
  private boolean fill() throws IOException {
    if (from >= filled) {
      from = 0;
      filled = 0;
    } else if (from > 0 && filled == buffer.length) {
      System.arraycopy(buffer, from, buffer, 0, filled - from);
      filled -= from;
      from = 0;
    }
    if (filled - from > maxLineBytes) {
      throw new AuditLimitException("line " + line + " has more than " + maxLineBytes + " bytes");
    }
    if (filled == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    int count = in.read(buffer, filled, buffer.length - filled);
    if (count < 0) {
      return false;
    }
    filled += count;
    return true;
  }

  byte[] bytes() {
    return buffer;
  }

  int from() {
    return from;
  }

  int end() {
    return end;
  }

  /** The number of the line, from 1. */
  long line() {
    return line;
  }
}
