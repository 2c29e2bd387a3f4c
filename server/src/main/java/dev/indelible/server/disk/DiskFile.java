package dev.indelible.server.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A file open for reading and writing. Thread-safe, but an interrupted thread's operation closes
 * it.
 */
public interface DiskFile extends ReadableFile {

  /**
   * Writes all of the buffer's remaining bytes at {@code offset}.
   *
   * @throws DiskFullException when there is no room; part of it may be written
   */
  void write(ByteBuffer source, long offset) throws IOException;

  /**
   * Writes {@code length} zeros at {@code offset}, so that later writes there need no new room.
   *
   * @throws DiskFullException when there is no room; part of it may be written
   */
  void writeZeros(long offset, long length) throws IOException;

  /** Cuts the file to {@code sizeBytes}. */
  void truncate(long sizeBytes) throws IOException;

  /**
   * Makes what was written, and the size, durable. After a failure nobody knows what is: it must
   * not be tried again.
   */
  void force() throws IOException;
}
