package dev.indelible.verify.audit;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The ZIP of an evidence pack, read as strictly as it is written: files one behind the other from
 * the first byte on, each with its sizes in front, then the directory, then its end, and not a byte
 * more. Every byte is a part of a header, which has one form, or of a file's data. Not thread-safe.
 *
 * <p>Source: APPNOTE.TXT 6.3.10 (ZIP File Format Specification), sections 4.3.7, 4.3.12, 4.3.16.
 */
final class PackZip {

  static final int LOCAL_BYTES = 30;
  static final int CENTRAL_BYTES = 46;
  static final int END_BYTES = 22;
  static final int STORED = 0;
  static final int DEFLATED = 8;

  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int VERSION = 20;
  private static final int UTF_8_NAMES = 0x0800;
  private static final int MAX_NAME_BYTES = 255;

  private final FileChannel channel;
  private final long fileBytes;
  private final Consumer<Finding> findings;

  private PackZip(FileChannel channel, Consumer<Finding> findings) throws IOException {
    this.channel = channel;
    this.fileBytes = channel.size();
    this.findings = findings;
  }

  /**
   * A file in the ZIP.
   *
   * @param name its path
   * @param method 0 for stored, 8 for deflated
   * @param crc CRC-32 of its bytes
   * @param packed length in the ZIP
   * @param bytes length
   * @param offset of its data
   */
  record Member(String name, int method, int crc, long packed, long bytes, long offset) {}

  /** The files that the directory names; what does not have its form is a finding. */
  static List<Member> read(FileChannel channel, Consumer<Finding> findings) throws IOException {
    return new PackZip(channel, findings).members();
  }

  /** Whether a file ends as ZIP files do. */
  static boolean endsLikeOne(FileChannel channel) throws IOException {
    if (channel.size() < END_BYTES) {
      return false;
    }
    return at(channel, channel.size() - END_BYTES, END_BYTES).getInt(0) == END;
  }

  private static ByteBuffer at(FileChannel channel, long offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw new EOFException("the file ends at " + (offset + buffer.position()));
      }
    }
    return buffer.flip();
  }

  private void damaged(String where, String problem) {
    findings.accept(new Finding.Damaged(where, problem));
  }

  private List<Member> members() throws IOException {
    if (fileBytes < END_BYTES) {
      damaged("the end of the ZIP", "the file has " + fileBytes + " bytes");
      return List.of();
    }
    ByteBuffer end = at(channel, fileBytes - END_BYTES, END_BYTES);
    int count = Short.toUnsignedInt(end.getShort(10));
    long directoryBytes = Integer.toUnsignedLong(end.getInt(12));
    long directory = Integer.toUnsignedLong(end.getInt(16));
    boolean isSound =
        end.getInt(0) == END
            && end.getInt(4) == 0
            && Short.toUnsignedInt(end.getShort(8)) == count
            && end.getShort(20) == 0
            && directory + directoryBytes + END_BYTES == fileBytes;
    if (!isSound) {
      damaged(
          "the end of the ZIP",
          "the last "
              + END_BYTES
              + " bytes do not describe this file: they were changed, or something stands behind"
              + " or between its files");
      return List.of();
    }
    return directory(directory, directory + directoryBytes, count);
  }

  private List<Member> directory(long from, long to, int count) throws IOException {
    List<Member> members = new ArrayList<>();
    long at = from;
    long data = 0;
    for (int i = 0; i < count; i++) {
      if (at + CENTRAL_BYTES > to) {
        damaged("the ZIP's directory", "it ends within entry " + i);
        return members;
      }
      ByteBuffer header = at(channel, at, CENTRAL_BYTES);
      int nameBytes = Short.toUnsignedInt(header.getShort(28));
      if (header.getInt(0) != CENTRAL
          || nameBytes > MAX_NAME_BYTES
          || at + CENTRAL_BYTES + nameBytes > to) {
        damaged("the ZIP's directory", "entry " + i + ", at byte " + at + ", is none");
        return members;
      }
      String name = text(at(channel, at + CENTRAL_BYTES, nameBytes));
      Member member =
          new Member(
              name,
              Short.toUnsignedInt(header.getShort(10)),
              header.getInt(16),
              Integer.toUnsignedLong(header.getInt(20)),
              Integer.toUnsignedLong(header.getInt(24)),
              data + LOCAL_BYTES + nameBytes);
      if (!isPlain(header) || Integer.toUnsignedLong(header.getInt(42)) != data) {
        damaged("the ZIP's directory", "entry " + i + " (" + name + ") is not as packs have it");
      }
      local(member, header, data, from);
      members.add(member);
      at += CENTRAL_BYTES + nameBytes;
      data = member.offset() + member.packed();
    }
    if (at != to) {
      damaged("the ZIP's directory", "there is more than its " + count + " entries");
    }
    if (data != from) {
      damaged("the ZIP", "there are bytes between its last file and its directory, or too few");
    }
    return members;
  }

  /** Whether what packs leave out is not there: extra fields, comments, attributes, disks. */
  private static boolean isPlain(ByteBuffer central) {
    int method = Short.toUnsignedInt(central.getShort(10));
    return central.getShort(4) == VERSION
        && central.getShort(6) == VERSION
        && Short.toUnsignedInt(central.getShort(8)) == UTF_8_NAMES
        && (method == STORED || method == DEFLATED)
        && central.getInt(30) == 0 // extra field, comment
        && central.getInt(34) == 0 // disk, internal attributes
        && central.getInt(38) == 0; // external attributes
  }

  /** Compares the header in front of a file's data with the directory's. */
  private void local(Member member, ByteBuffer central, long at, long end) throws IOException {
    int nameBytes = central.getShort(28);
    if (member.offset() + member.packed() > end) {
      damaged("the ZIP's directory", member.name() + " would reach into the directory");
      return;
    }
    ByteBuffer header = at(channel, at, LOCAL_BYTES);
    boolean isSame =
        header.getInt(0) == LOCAL
            && header.getShort(4) == central.getShort(6)
            && header.getShort(6) == central.getShort(8)
            && header.getShort(8) == central.getShort(10)
            && header.getInt(10) == central.getInt(12)
            && header.getInt(14) == central.getInt(16)
            && header.getInt(18) == central.getInt(20)
            && header.getInt(22) == central.getInt(24)
            && header.getShort(26) == central.getShort(28)
            && header.getShort(28) == 0
            && text(at(channel, at + LOCAL_BYTES, nameBytes)).equals(member.name());
    if (!isSame) {
      damaged(
          "the ZIP's header of " + member.name(),
          "it and the directory's differ, or it is not as packs have it");
    }
  }

  @SuppressWarnings("ByteBufferBackingArray") // allocated here, from its beginning
  private static String text(ByteBuffer bytes) {
    return new String(bytes.array(), 0, bytes.limit(), StandardCharsets.ISO_8859_1);
  }

  /** The bytes of a part of a file, through one buffer. */
  static InputStream data(FileChannel channel, long offset, long length) {
    return new PartOfFile(channel, offset, length);
  }

  /** Part of a file as a stream; the channel stays open. */
  private static final class PartOfFile extends InputStream {
    private final FileChannel channel;
    private long at;
    private final long end;

    PartOfFile(FileChannel channel, long offset, long length) {
      this.channel = channel;
      this.at = offset;
      this.end = offset + length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (at >= end) {
        return -1;
      }
      int most = (int) Math.min(length, end - at);
      int count = channel.read(ByteBuffer.wrap(into, offset, most), at);
      if (count < 0) {
        throw new EOFException("the file ends at " + at);
      }
      at += count;
      return count;
    }
  }
}
