package dev.indelible.server.journal;

import dev.indelible.server.disk.ReadableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads frames of one segment through a buffer of {@value #BUFFER_BYTES} bytes. Not thread-safe.
 */
final class FrameReader implements AutoCloseable {

  static final int BUFFER_BYTES = 256 * 1024;

  private final ReadableFile file;
  private final long segmentId;
  private final long sizeBytes;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
  private long bufferOffset;

  /**
   * A reader that owns {@code file}.
   *
   * @param sizeBytes of the file; nothing beyond it is looked at
   */
  FrameReader(ReadableFile file, long segmentId, long sizeBytes) {
    this.file = file;
    this.segmentId = segmentId;
    this.sizeBytes = sizeBytes;
  }

  /**
   * The head of the frame at {@code offset}, or null when there is no valid one.
   *
   * @param limit no byte from here on is read, because it may still be written to
   */
  @Nullable Frame head(long offset, long limit) throws IOException {
    if (offset + Frame.HEAD_BYTES > limit || !buffer(offset, Frame.HEAD_BYTES, limit)) {
      return null;
    }
    Frame frame = Frame.decode(buffer, (int) (offset - bufferOffset), segmentId, offset, sizeBytes);
    return frame == null || offset + frame.sizeBytes() > limit ? null : frame;
  }

  /** The payload of a frame, or null when its checksum does not match. */
  byte @Nullable [] payload(Frame frame, long offset, long limit) throws IOException {
    byte[] payload = new byte[frame.length()];
    long at = offset + Frame.HEAD_BYTES;
    for (int done = 0; done < payload.length; ) {
      int count = Math.min(payload.length - done, BUFFER_BYTES);
      if (!buffer(at + done, count, limit)) {
        return null;
      }
      buffer.get((int) (at + done - bufferOffset), payload, done, count);
      done += count;
    }
    return Frame.checksum(payload) == frame.payloadChecksum() ? payload : null;
  }

  /**
   * The first offset from {@code from} on where a valid head is, or -1.
   *
   * @param from a multiple of {@link Frame#ALIGNMENT}
   */
  long findHead(long from) throws IOException {
    for (long offset = from; offset + Frame.HEAD_BYTES <= sizeBytes; offset += Frame.ALIGNMENT) {
      if (head(offset, sizeBytes) != null) {
        return offset;
      }
    }
    return -1;
  }

  /** Makes the buffer hold {@code length} bytes from {@code offset}; false at the file's end. */
  private boolean buffer(long offset, int length, long limit) throws IOException {
    long end = bufferOffset + buffer.limit();
    if (offset >= bufferOffset && offset + length <= end) {
      return true;
    }
    int wanted = (int) Math.min(BUFFER_BYTES, limit - offset);
    buffer.clear().limit(Math.max(0, wanted));
    bufferOffset = offset;
    try {
      file.read(buffer, offset);
    } finally {
      buffer.flip();
    }
    return buffer.limit() >= length;
  }

  /** Closes a file that nothing was written through, so that no failure matters. */
  void closeUnwritten() {
    try {
      close();
    } catch (IOException e) {
      // Nothing is lost.
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
