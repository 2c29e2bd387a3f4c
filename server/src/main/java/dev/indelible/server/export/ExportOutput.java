package dev.indelible.server.export;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * File that is being written, through one buffer, and its hash. Not thread-safe, but {@link #force}
 * may run beside writes.
 */
final class ExportOutput extends OutputStream {

  private static final int BUFFER_BYTES = 1 << 18;

  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private final MessageDigest digest;
  private long bytes;

  private ExportOutput(FileChannel channel, MessageDigest digest, long bytes) {
    this.channel = channel;
    this.digest = digest;
    this.bytes = bytes;
  }

  /** Opens a file, cut to its durable length. */
  static ExportOutput open(Path file, long durableBytes) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (channel.size() < durableBytes) {
        throw new EOFException(file + " is shorter than " + durableBytes + " bytes");
      }
      channel.truncate(durableBytes);
      channel.position(0);
      return new ExportOutput(channel, digest(channel), durableBytes);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** The hash of what there is; the channel is at its end afterwards. */
  private static MessageDigest digest(FileChannel channel) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    ByteBuffer read = ByteBuffer.allocate(BUFFER_BYTES);
    while (channel.read(read) >= 0) {
      digest.update(read.flip());
      read.clear();
    }
    return digest;
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
    digest.update(from.duplicate());
    while (from.hasRemaining()) {
      channel.write(from);
    }
  }

  /** Makes durable what was flushed. */
  void force() throws IOException {
    channel.force(false);
  }

  /** SHA-256 of what was flushed, in lower-case hexadecimal; nothing may be written any more. */
  String sha256() {
    return HexFormat.of().formatHex(digest.digest());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
