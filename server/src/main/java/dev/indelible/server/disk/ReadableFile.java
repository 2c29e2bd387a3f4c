package dev.indelible.server.disk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file open for reading. Thread-safe. */
public interface ReadableFile extends AutoCloseable {

  /** Path of the file when it was opened. */
  Path path();

  /** Size of the file in bytes. */
  long sizeBytes() throws IOException;

  /**
   * Reads from {@code offset} on into the buffer's remaining room, as much as there is.
   *
   * @return bytes read, which are fewer than the room only at the end of the file, where it is 0
   */
  int read(ByteBuffer target, long offset) throws IOException;

  /**
   * Fills the buffer's remaining room from {@code offset} on.
   *
   * @throws EOFException when the file ends before
   */
  default void readFully(ByteBuffer target, long offset) throws IOException {
    int wanted = target.remaining();
    int count = read(target, offset);
    if (count < wanted) {
      throw new EOFException(
          path() + ": " + wanted + " bytes wanted at offset " + offset + ", " + count + " there");
    }
  }

  @Override
  void close() throws IOException;
}
