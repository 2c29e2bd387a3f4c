package dev.indelible.server.export;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** File that is being written, through one buffer. Not thread-safe. */
final class ExportOutput extends OutputStream {

  private static final int BUFFER_BYTES = 1 << 18;

  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private long bytes;

  private ExportOutput(FileChannel channel, long bytes) {
    this.channel = channel;
    this.bytes = bytes;
  }

  /** Opens a file, cut to its durable length. */
  static ExportOutput open(Path file, long durableBytes) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (channel.size() < durableBytes) {
      channel.close();
      throw new EOFException(file + " is shorter than " + durableBytes + " bytes");
    }
    channel.truncate(durableBytes);
    channel.position(durableBytes);
    return new ExportOutput(channel, durableBytes);
  }

  /** Length of the file, with what is not written yet. */
  long bytes() {
    return bytes;
  }

  @Override
  public void write(int b) throws IOException {
    if (!buffer.hasRemaining()) {
      flush();
    }
    buffer.put((byte) b);
    bytes++;
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    bytes += length;
    if (length > buffer.remaining()) {
      flush();
      if (length > BUFFER_BYTES) {
        writeAll(ByteBuffer.wrap(source, offset, length));
        return;
      }
    }
    buffer.put(source, offset, length);
  }

  @Override
  public void flush() throws IOException {
    buffer.flip();
    writeAll(buffer);
    buffer.clear();
  }

  private void writeAll(ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      channel.write(from);
    }
  }

  /** Makes everything so far durable, and returns the length. */
  long force() throws IOException {
    flush();
    channel.force(false);
    return bytes;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
