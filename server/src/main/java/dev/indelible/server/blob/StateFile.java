package dev.indelible.server.blob;

import dev.indelible.ports.blob.BlobStore.State;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * A state's file, big-endian:
 *
 * <pre>
 *   0  magic          8   "INDLSTAT"
 *   8  format version 4   1
 *  12  length         4   of the value
 *  16  state version  8   from 1
 *  24  value
 *   …  CRC32C         4   of everything before
 * </pre>
 */
final class StateFile {

  static final int FORMAT_VERSION = 1;

  static final int HEAD_BYTES = 24;

  static final int TAIL_BYTES = 4;

  private static final long MAGIC = 0x494e444c53544154L; // "INDLSTAT"

  private StateFile() {}

  static ByteBuffer encode(State state) {
    ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES + state.bytes().length + TAIL_BYTES);
    bytes.putLong(MAGIC).putInt(FORMAT_VERSION).putInt(state.bytes().length);
    bytes.putLong(state.version()).put(state.bytes());
    bytes.putInt(checksum(bytes.array(), bytes.position()));
    return bytes.flip();
  }

  static State decode(Path file, byte[] content) throws BlobCorruptException {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    int size = content.length;
    if (size < HEAD_BYTES + TAIL_BYTES) {
      throw new BlobCorruptException(file, size, "the file is cut short");
    }
    if (bytes.getLong(0) != MAGIC) {
      throw new BlobCorruptException(file, 0, "not a state (wrong magic)");
    }
    if (bytes.getInt(size - TAIL_BYTES) != checksum(content, size - TAIL_BYTES)) {
      throw new BlobCorruptException(file, size - TAIL_BYTES, "the checksum does not match");
    }
    int format = bytes.getInt(8);
    if (format != FORMAT_VERSION) {
      throw new BlobCorruptException(
          file, 8, "state format version " + format + ", this program knows " + FORMAT_VERSION);
    }
    int length = bytes.getInt(12);
    long version = bytes.getLong(16);
    if (length != size - HEAD_BYTES - TAIL_BYTES || version < 1) {
      throw new BlobCorruptException(file, 12, "length " + length + ", version " + version);
    }
    byte[] value = new byte[length];
    bytes.get(HEAD_BYTES, value);
    return new State(version, value);
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
