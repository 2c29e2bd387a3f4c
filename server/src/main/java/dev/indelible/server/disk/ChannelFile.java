package dev.indelible.server.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A file of the operating system, read and written through its page cache. Thread-safe. */
final class ChannelFile implements DiskFile {

  /** Zeros are written in pieces of this size. */
  private static final int ZEROS_BYTES = 1024 * 1024;

  private final Path path;
  private final FileChannel channel;

  ChannelFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public long sizeBytes() throws IOException {
    return channel.size();
  }

  @Override
  public int read(ByteBuffer target, long offset) throws IOException {
    int total = 0;
    try {
      while (target.hasRemaining()) {
        int count = channel.read(target, offset + total);
        if (count < 0) {
          break;
        }
        total += count;
      }
    } catch (IOException e) {
      throw SystemDisk.naming(path, e);
    }
    return total;
  }

  @Override
  public void write(ByteBuffer source, long offset) throws IOException {
    try {
      long at = offset;
      while (source.hasRemaining()) {
        at += channel.write(source, at);
      }
    } catch (IOException e) {
      throw SystemDisk.naming(path, e);
    }
  }

  @Override
  public void writeZeros(long offset, long length) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(ZEROS_BYTES, Math.max(1, length)));
    long end = Math.addExact(offset, length);
    for (long at = offset; at < end; ) {
      int count = (int) Math.min(zeros.capacity(), end - at);
      write(zeros.clear().limit(count), at);
      at += count;
    }
  }

  @Override
  public void truncate(long sizeBytes) throws IOException {
    channel.truncate(sizeBytes);
  }

  /** Data and size alone: times in the inode are nobody's business here. */
  @Override
  public void force() throws IOException {
    try {
      channel.force(false);
    } catch (IOException e) {
      throw SystemDisk.naming(path, e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
