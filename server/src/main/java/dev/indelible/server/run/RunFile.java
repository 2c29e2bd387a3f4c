package dev.indelible.server.run;

import dev.indelible.ports.blob.BlobStore;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The bytes of one run, every section's checksum checked before it is handed on. Thread-safe. */
final class RunFile {

  private final String name;
  private final BlobStore.Blob blob;

  RunFile(String name, BlobStore.Blob blob) {
    this.name = name;
    this.blob = blob;
  }

  String name() {
    return name;
  }

  long sizeBytes() {
    return blob.sizeBytes();
  }

  void close() throws IOException {
    blob.close();
  }

  /** Bytes whose checksum nobody has checked yet. */
  byte[] unchecked(long offset, int length) throws IOException {
    if (offset < 0 || length < 0 || offset > blob.sizeBytes() - length) {
      throw corrupt(offset, length + " bytes do not fit into a file of " + blob.sizeBytes());
    }
    ByteBuffer buffer;
    try {
      buffer = blob.read(offset, length);
    } catch (EOFException e) {
      RunException.Corrupt corrupt = corrupt(offset, "shorter than its length says");
      corrupt.initCause(e);
      throw corrupt;
    }
    if (buffer.hasArray()
        && buffer.arrayOffset() == 0
        && buffer.position() == 0
        && buffer.array().length == length) {
      return buffer.array();
    }
    byte[] bytes = new byte[length];
    buffer.get(bytes);
    return bytes;
  }

  /**
   * A section with its checksum, which has been checked.
   *
   * @param length of the section with its checksum, in bytes
   */
  byte[] checked(long offset, int length) throws IOException {
    byte[] bytes = unchecked(offset, length);
    check(offset, bytes, 0, length);
    return bytes;
  }

  /** A cursor over a checked section, without its checksum. */
  Section section(long offset, int length) throws IOException {
    byte[] bytes = checked(offset, length);
    return new Section(name, offset, bytes, 0, bytes.length - RunFormat.CRC_BYTES);
  }

  /** Checks the checksum that ends the {@code length} bytes at {@code from}. */
  void check(long offset, byte[] bytes, int from, int length) throws RunException.Corrupt {
    int content = length - RunFormat.CRC_BYTES;
    if (content < 0) {
      throw corrupt(offset, "section of " + length + " bytes");
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, content);
    int stored = ByteBuffer.wrap(bytes).getInt(from + content);
    if ((int) crc.getValue() != stored) {
      throw corrupt(offset, "checksum of " + length + " bytes differs");
    }
  }

  RunException.Corrupt corrupt(long offset, String detail) {
    return new RunException.Corrupt(name, offset, detail);
  }
}
