package dev.indelible.server.journal;

import dev.indelible.ports.journal.Journal;
import dev.indelible.ports.journal.Position;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The head of one batch in a segment, {@value #HEAD_BYTES} bytes, big-endian, at offsets that are
 * multiples of {@value #ALIGNMENT}; the payload follows, then zeros up to the next multiple:
 *
 * <pre>
 *   0  payload length   4   0 for a marker, which holds no batch
 *   4  payload CRC32C   4
 *   8  position         8   of this frame in the journal
 *  16  appended at      8   milliseconds since the epoch
 *  24  group offset     4   in this file: everything before it was durable when this was written
 *  28  CRC32C           4   of segment id (8), offset in the file (8) and the 28 bytes before
 * </pre>
 *
 * <p>The segment id in the checksum keeps frames that a recycled file held before from being taken
 * for new ones; the offset, frames that were written to the wrong place.
 *
 * <p>The group offset is what tells a torn tail from damage: a frame that cannot be read, followed
 * by one whose group began after it, had been durable.
 */
record Frame(
    int length, int payloadChecksum, long position, long appendedAtMillis, int groupOffset) {

  static final int HEAD_BYTES = 32;

  static final int ALIGNMENT = 8;

  private static final int CHECKED_BYTES = 28;

  /** Bytes that a frame with such a payload takes. */
  static int sizeBytes(int payloadLength) {
    return (HEAD_BYTES + payloadLength + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /** Bytes that this frame takes. */
  int sizeBytes() {
    return sizeBytes(length);
  }

  boolean isMarker() {
    return length == 0;
  }

  /** Puts the head at the buffer's position. */
  void encode(ByteBuffer target, long segmentId, long offset) {
    int start = target.position();
    target
        .putInt(length)
        .putInt(payloadChecksum)
        .putLong(position)
        .putLong(appendedAtMillis)
        .putInt(groupOffset);
    target.putInt(headChecksum(target, start, segmentId, offset));
  }

  /**
   * The head at {@code start} of the buffer, or null when there is no valid one of that segment and
   * offset, or it leaves the file.
   */
  static @Nullable Frame decode(
      ByteBuffer source, int start, long segmentId, long offset, long fileSizeBytes) {
    int length = source.getInt(start);
    if (length < 0
        || length > Journal.MAX_BATCH_BYTES
        || offset + sizeBytes(length) > fileSizeBytes) {
      return null;
    }
    int groupOffset = source.getInt(start + 24);
    if (groupOffset < SegmentHeader.BYTES
        || groupOffset > offset
        || source.getLong(start + 8) < 0) {
      return null;
    }
    if (source.getInt(start + CHECKED_BYTES) != headChecksum(source, start, segmentId, offset)) {
      return null;
    }
    return new Frame(
        length,
        source.getInt(start + 4),
        source.getLong(start + 8),
        source.getLong(start + 16),
        groupOffset);
  }

  private static int headChecksum(ByteBuffer bytes, int start, long segmentId, long offset) {
    byte[] seeded = new byte[16 + CHECKED_BYTES];
    ByteBuffer.wrap(seeded).putLong(segmentId).putLong(offset);
    bytes.get(start, seeded, 16, CHECKED_BYTES);
    return checksum(seeded);
  }

  /** The batch that this frame and its payload are; null for a marker, which holds none. */
  Journal.@Nullable Batch batch(byte[] payload) {
    return isMarker()
        ? null
        : new Journal.Batch(
            new Position(position),
            new Position(position + sizeBytes()),
            appendedAtMillis,
            payload);
  }

  /** The CRC32C of some bytes. */
  static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length);
    return (int) crc.getValue();
  }
}
