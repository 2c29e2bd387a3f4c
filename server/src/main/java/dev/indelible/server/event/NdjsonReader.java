package dev.indelible.server.event;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads events from lines of JSON (NDJSON), one at a time, in memory bounded by {@value
 * #BUFFER_BYTES} bytes. A bad line is that line's error and the next one is read; blank lines are
 * passed over; lines end with LF or CR LF, the last one may end with the stream.
 *
 * <p>Not thread-safe; closing the stream is the caller's.
 */
public final class NdjsonReader {

  private static final int READ_AHEAD_BYTES = 64 * 1024;

  /** Memory of a reader, in bytes. */
  static final int BUFFER_BYTES = EventLimits.MAX_EVENT_BYTES + READ_AHEAD_BYTES;

  private final EventDecoder decoder;
  private final InputStream stream;
  private byte[] buffer = new byte[READ_AHEAD_BYTES];
  private int start;
  private int end;
  private boolean streamEnded;
  private long bytesRead;
  private long lineNumber;
  private int index;
  private @Nullable Problem stopped;

  /**
   * Result of reading one line.
   *
   * @param index the event's index in the stream, from 0, blank lines not counted
   * @param lineNumber the line's number, from 1, blank lines counted
   * @param decoding the event, or what is wrong with it
   */
  public record Item(int index, long lineNumber, Decoding decoding) {}

  public NdjsonReader(EventDecoder decoder, InputStream stream) {
    this.decoder = decoder;
    this.stream = stream;
  }

  /**
   * The next event, or null at the end of the stream; {@link #stopped} says whether that was the
   * caller's end or a limit's.
   *
   * @throws IOException when the stream cannot be read
   */
  public @Nullable Item next() throws IOException {
    while (stopped == null) {
      int lineEnd = findLineEnd();
      if (stopped != null || (lineEnd < 0 && start == end)) {
        return null;
      }
      lineNumber++;
      if (lineEnd < 0 && !streamEnded) {
        long length = skipLine();
        return stopped == null ? item(EventDecoder.tooLarge(length)) : null;
      }
      int contentEnd = lineEnd < 0 ? end : lineEnd;
      int from = start;
      start = lineEnd < 0 ? end : lineEnd + 1;
      if (contentEnd > from && buffer[contentEnd - 1] == '\r') {
        contentEnd--;
      }
      if (isBlank(from, contentEnd)) {
        continue;
      }
      if (index == EventLimits.MAX_STREAM_EVENTS) {
        stopped =
            new Problem(
                "",
                Problem.Code.TOO_MANY,
                "The stream has more than "
                    + EventLimits.MAX_STREAM_EVENTS
                    + " events; those before line "
                    + lineNumber
                    + " were read. Send the rest in another request.");
        return null;
      }
      return item(decoder.decode(buffer, from, contentEnd - from));
    }
    return null;
  }

  /** Bytes of the lines that were read so far, ends of lines included. */
  public long bytesTaken() {
    return bytesRead - (end - start);
  }

  /** The limit that ended the stream before its end, or null. */
  public @Nullable Problem stopped() {
    return stopped;
  }

  private Item item(Decoding decoding) {
    return new Item(index++, lineNumber, decoding);
  }

  /**
   * The index of the next line feed; -1 when the stream ended without one, or when the buffer holds
   * more than an event may have without one.
   */
  private int findLineEnd() throws IOException {
    int from = start;
    while (true) {
      for (int i = from; i < end; i++) {
        if (buffer[i] == '\n') {
          return i;
        }
      }
      // One byte more than an event may have: the carriage return of a largest line.
      if (streamEnded || end - start > EventLimits.MAX_EVENT_BYTES + 1) {
        return -1;
      }
      int scanned = end - start;
      fill();
      if (stopped != null) {
        return -1;
      }
      from = start + scanned;
    }
  }

  private void fill() throws IOException {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      start = 0;
    }
    if (end == buffer.length) {
      byte[] larger = new byte[Math.min(BUFFER_BYTES, 2 * buffer.length)];
      System.arraycopy(buffer, 0, larger, 0, end);
      buffer = larger;
    }
    int read = stream.read(buffer, end, buffer.length - end);
    if (read < 0) {
      streamEnded = true;
      return;
    }
    end += read;
    bytesRead += read;
    if (bytesRead > EventLimits.MAX_STREAM_BYTES) {
      stopped =
          new Problem(
              "",
              Problem.Code.TOO_LARGE,
              "The stream has more than "
                  + EventLimits.MAX_STREAM_BYTES
                  + " bytes; the lines before number "
                  + (lineNumber + 1)
                  + " were read. Send the rest in another request.");
    }
  }

  /** Passes over the rest of a line that is too long; returns its length in bytes. */
  private long skipLine() throws IOException {
    long length = 0;
    while (true) {
      for (int i = start; i < end; i++) {
        if (buffer[i] == '\n') {
          length += i - start;
          start = i + 1;
          return length;
        }
      }
      length += end - start;
      start = end;
      if (streamEnded) {
        return length;
      }
      fill();
      if (stopped != null) {
        return length;
      }
    }
  }

  private boolean isBlank(int from, int to) {
    for (int i = from; i < to; i++) {
      byte b = buffer[i];
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }
}
