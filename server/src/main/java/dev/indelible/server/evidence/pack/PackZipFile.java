package dev.indelible.server.evidence.pack;

import dev.indelible.server.takeout.file.FormatLimitException;
import dev.indelible.verify.audit.PackManifest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Writes the ZIP of a pack: the files one behind the other, the manifest as the last, the
 * directory, its end. No extra fields, no comments, one time for all, so that equal files make
 * equal bytes, and no byte is free to be another.
 *
 * <p>The library's writer compresses what it is given; here each file is compressed while the log
 * is read, and its bytes are copied. Source: APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12, 4.3.16 and
 * 4.4.6 (times).
 */
final class PackZipFile {

  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int VERSION = 20;
  private static final int UTF_8_NAMES = 0x0800;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final LocalDateTime FIRST = LocalDateTime.of(1980, 1, 1, 0, 0);
  private static final LocalDateTime LAST = LocalDateTime.of(2107, 12, 31, 23, 59, 58);

  private final OutputStream out;
  private final int time;
  private final ByteBuffer directory = buffer(1 << 17);
  private long at;
  private int files;

  private PackZipFile(OutputStream out, Instant when) {
    this.out = out;
    this.time = dosTime(when);
  }

  /** Writes the files and their manifest, and returns the manifest. */
  static PackManifest write(List<SpoolFile.Complete> files, Instant when, OutputStream out)
      throws IOException {
    PackZipFile zip = new PackZipFile(out, when);
    for (SpoolFile.Complete file : files) {
      zip.header(file.path(), DEFLATED, new Sizes(file.crc(), file.packedBytes(), file.bytes()));
      Files.copy(file.spool(), out);
      zip.at += file.packedBytes();
    }
    PackManifest manifest =
        new PackManifest(
            files.stream()
                .map(
                    file ->
                        new PackManifest.PackedFile(
                            file.path(), file.bytes(), file.sha256(), file.packedSha256()))
                .toList());
    byte[] list = manifest.encode();
    CRC32 crc = new CRC32();
    crc.update(list);
    zip.header(PackManifest.PATH, STORED, new Sizes(crc.getValue(), list.length, list.length));
    out.write(list);
    zip.at += list.length;
    zip.end();
    return manifest;
  }

  private record Sizes(long crc, long packed, long bytes) {}

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @SuppressWarnings("ByteBufferBackingArray") // allocated here, from its beginning
  private void header(String path, int method, Sizes sizes) throws IOException {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    if (at > SpoolFile.MAX_BYTES || sizes.packed() > SpoolFile.MAX_BYTES) {
      throw new FormatLimitException(
          "The pack would have more than %d bytes; ask for a shorter period."
              .formatted(SpoolFile.MAX_BYTES));
    }
    ByteBuffer local = buffer(30 + name.length);
    local.putInt(LOCAL);
    common(local, method, sizes, name);
    local.put(name);
    directory.putInt(CENTRAL).putShort((short) VERSION);
    common(directory, method, sizes, name);
    directory.putShort((short) 0).putInt(0).putInt(0).putInt((int) at).put(name);
    out.write(local.array());
    at += local.capacity();
    files++;
  }

  /** Writes what both headers of a file have, up to the length of its extra fields. */
  private void common(ByteBuffer header, int method, Sizes sizes, byte[] name) {
    header.putShort((short) VERSION).putShort((short) UTF_8_NAMES).putShort((short) method);
    header.putInt(time).putInt((int) sizes.crc());
    header.putInt((int) sizes.packed()).putInt((int) sizes.bytes());
    header.putShort((short) name.length).putShort((short) 0);
  }

  @SuppressWarnings("ByteBufferBackingArray") // as above
  private void end() throws IOException {
    if (at > SpoolFile.MAX_BYTES) {
      throw new FormatLimitException(
          "The pack would have more than %d bytes; ask for a shorter period."
              .formatted(SpoolFile.MAX_BYTES));
    }
    int directoryBytes = directory.position();
    ByteBuffer end = buffer(22);
    end.putInt(END).putInt(0).putShort((short) files).putShort((short) files);
    end.putInt(directoryBytes).putInt((int) at).putShort((short) 0);
    out.write(directory.array(), 0, directoryBytes);
    out.write(end.array());
  }

  /** Date and time as MS-DOS has them, in UTC, whatever the zone of the machine. */
  private static int dosTime(Instant when) {
    LocalDateTime time = LocalDateTime.ofInstant(when, ZoneOffset.UTC);
    if (time.isBefore(FIRST)) {
      time = FIRST;
    }
    if (time.isAfter(LAST)) {
      time = LAST;
    }
    int date =
        (time.getYear() - FIRST.getYear()) << 9 | time.getMonthValue() << 5 | time.getDayOfMonth();
    int clock = time.getHour() << 11 | time.getMinute() << 5 | time.getSecond() / 2;
    return date << 16 | clock;
  }
}
