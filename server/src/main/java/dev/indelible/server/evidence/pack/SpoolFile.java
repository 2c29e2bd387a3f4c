package dev.indelible.server.evidence.pack;

import dev.indelible.server.takeout.file.FormatLimitException;
import dev.indelible.verify.Sha256;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * One file of a pack while it is written: compressed at once, to a file beside the pack, as many of
 * them are written at the same time. Not thread-safe.
 *
 * <p>Level and strategy are fixed, so that one content has one form.
 */
final class SpoolFile extends OutputStream {

  /** Level of compression: most of a pack are hashes, which no level makes smaller. */
  static final int LEVEL = 1;

  /** The longest file, packed or not: what the headers of a ZIP without extensions can say. */
  static final long MAX_BYTES = 0xffff_fffeL;

  private static final int BUFFER_BYTES = 1 << 14;

  private final String path;
  private final Path spool;
  private final OutputStream out;
  private final Deflater deflater = new Deflater(LEVEL, true);
  private final CRC32 crc = new CRC32();
  private final MessageDigest plain = Sha256.create();
  private final MessageDigest packed = Sha256.create();
  private final byte[] gathered = new byte[BUFFER_BYTES];
  private final byte[] deflated = new byte[BUFFER_BYTES];
  private int gatheredBytes;
  private long bytes;
  private long packedBytes;
  private boolean closed;

  /**
   * Begins a file.
   *
   * @param path its path in the pack
   * @param spool the file that it is compressed to
   */
  SpoolFile(String path, Path spool) throws IOException {
    this.path = path;
    this.spool = spool;
    this.out = new BufferedOutputStream(Files.newOutputStream(spool), 1 << 16);
  }

  /**
   * A file that is complete.
   *
   * @param path its path in the pack
   * @param spool where its compressed bytes are
   * @param crc CRC-32 of its bytes
   * @param bytes its length
   * @param packedBytes its compressed length
   * @param sha256 of its bytes, in hex
   * @param packedSha256 of its compressed bytes, in hex
   */
  record Complete(
      String path,
      Path spool,
      long crc,
      long bytes,
      long packedBytes,
      String sha256,
      String packedSha256) {}

  /** Length of what is written of it, compressed. */
  long packedBytes() {
    return packedBytes;
  }

  @Override
  public void write(int b) throws IOException {
    if (gatheredBytes == BUFFER_BYTES) {
      drain();
    }
    gathered[gatheredBytes++] = (byte) b;
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      if (gatheredBytes == BUFFER_BYTES) {
        drain();
      }
      int some = Math.min(end - at, BUFFER_BYTES - gatheredBytes);
      System.arraycopy(source, at, gathered, gatheredBytes, some);
      gatheredBytes += some;
      at += some;
    }
  }

  private void drain() throws IOException {
    crc.update(gathered, 0, gatheredBytes);
    plain.update(gathered, 0, gatheredBytes);
    bytes += gatheredBytes;
    if (bytes > MAX_BYTES) {
      throw new FormatLimitException(
          "The file %s of the pack would have more than %d bytes; ask for a shorter period."
              .formatted(path, MAX_BYTES));
    }
    deflater.setInput(gathered, 0, gatheredBytes);
    gatheredBytes = 0;
    while (!deflater.needsInput()) {
      deflate();
    }
  }

  private void deflate() throws IOException {
    int count = deflater.deflate(deflated);
    packed.update(deflated, 0, count);
    out.write(deflated, 0, count);
    packedBytes += count;
  }

  /** Completes the file; nothing can be written any more. */
  Complete complete() throws IOException {
    drain();
    deflater.finish();
    while (!deflater.finished()) {
      deflate();
    }
    close();
    return new Complete(
        path,
        spool,
        crc.getValue(),
        bytes,
        packedBytes,
        HexFormat.of().formatHex(plain.digest()),
        HexFormat.of().formatHex(packed.digest()));
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      deflater.end();
      out.close();
    }
  }
}
