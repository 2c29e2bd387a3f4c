package dev.indelible.server.journal;

import dev.indelible.server.disk.ReadableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The first {@value #BYTES} bytes of a segment file, big-endian:
 *
 * <pre>
 *   0  magic            8   "INDLJRNL"
 *   8  version          4   1
 *  12  zero             4
 *  16  segment number   8   1, 2, 3, ... and in the file's name
 *  24  segment id       8   random; goes into every frame's checksum
 *  32  zero            28
 *  60  CRC32C           4   of the 60 bytes before, in every version
 *  64  zero          4032   so that frames share no sector or page with the header
 * </pre>
 *
 * <p>It is durable before the file gets its name, and never written again under that name.
 *
 * @param number the segment's place in the journal, from 1
 * @param id what tells this segment's frames from those that its file held before
 */
record SegmentHeader(long number, long id) {

  static final int BYTES = 4096;

  static final int VERSION = 1;

  private static final long MAGIC = 0x494e444c4a524e4cL; // "INDLJRNL"

  private static final int CHECKED_BYTES = 60;

  private static final Pattern NAME = Pattern.compile("([0-9]{12})\\.segment");

  /** The segment's file in {@code directory}. */
  static Path file(Path directory, long number) {
    return directory.resolve(String.format(Locale.ROOT, "%012d.segment", number));
  }

  /** The segment number in a file's name, or null when it is no segment's name. */
  static @Nullable Long numberIn(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches() ? Long.valueOf(matcher.group(1)) : null;
  }

  ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    bytes.putLong(MAGIC).putInt(VERSION).putInt(0).putLong(number).putLong(id);
    bytes.position(CHECKED_BYTES).putInt(checksum(bytes));
    return bytes.rewind();
  }

  /**
   * Reads and checks a header.
   *
   * @throws JournalFormatException when it is not a segment, or of an unknown version
   * @throws JournalCorruptException when it is damaged
   */
  static SegmentHeader read(ReadableFile file, long expectedNumber) throws IOException {
    Path path = file.path();
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    if (file.read(bytes, 0) < BYTES) {
      throw new JournalCorruptException(path, bytes.position(), "the file ends in its header");
    }
    bytes.flip();
    if (bytes.getLong(0) != MAGIC) {
      throw new JournalFormatException(path, "not a journal segment (wrong magic)");
    }
    if (bytes.getInt(CHECKED_BYTES) != checksum(bytes)) {
      throw new JournalCorruptException(path, 0, "the header's checksum does not match");
    }
    int version = bytes.getInt(8);
    if (version != VERSION) {
      throw new JournalFormatException(
          path, "journal format version " + version + ", this program knows " + VERSION);
    }
    long number = bytes.getLong(16);
    if (number != expectedNumber) {
      throw new JournalCorruptException(path, 16, "holds segment number " + number);
    }
    return new SegmentHeader(number, bytes.getLong(24));
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().position(0).limit(CHECKED_BYTES));
    return (int) crc.getValue();
  }
}
