package dev.indelible.cli.source;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses a gzip file (RFC 1952) to its very end, however many members it is joined of.
 *
 * <p>The JDK's own stream ends quietly where a next member has not arrived yet, and where something
 * else follows the first one; here whatever is not read is a {@link DamagedGzipException}, once all
 * that came before it has been given out. Not thread-safe.
 */
public final class GzipMembers extends InputStream {

  /** Bytes that are allowed after the last member. */
  public enum Behind {
    /** No bytes at all. */
    NOTHING,
    /** Zeros, as tapes leave them. */
    PADDING
  }

  /** Size of the reads of the compressed file, in bytes. */
  static final int INPUT_BYTES = 64 * 1024;

  private static final int MAGIC_FIRST = 0x1f;
  private static final int MAGIC_SECOND = 0x8b;
  private static final int DEFLATE = 8;
  private static final int HAS_HEADER_CHECKSUM = 1 << 1;
  private static final int HAS_EXTRA = 1 << 2;
  private static final int HAS_NAME = 1 << 3;
  private static final int HAS_COMMENT = 1 << 4;

  /** Modification time (4 bytes), extra flags and operating system. */
  private static final int UNUSED_HEADER_BYTES = 6;

  private final InputStream in;
  private final Behind behind;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private final byte[] input = new byte[INPUT_BYTES];
  private int at;
  private int end;
  private long length;
  private long members;
  private boolean inMember;
  private boolean ended;
  private @Nullable String damage;

  /** Decompresses {@code in}, which is closed with this one. */
  public GzipMembers(InputStream in, Behind behind) {
    this.in = in;
    this.behind = behind;
  }

  /** Whether {@code first} and {@code second} are the first bytes of a gzip file. */
  static boolean isMagic(int first, int second) {
    return first == MAGIC_FIRST && second == MAGIC_SECOND;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int wanted) throws IOException {
    if (damage != null) {
      throw new DamagedGzipException(damage);
    }
    if (wanted == 0) {
      return 0;
    }
    try {
      while (!ended) {
        if (!inMember && !openMember()) {
          ended = true;
          break;
        }
        int n = inflate(bytes, offset, wanted);
        if (n > 0) {
          return n;
        }
      }
      return -1;
    } catch (DamagedGzipException failure) {
      damage = failure.getMessage();
      throw failure;
    }
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }

  /** Decompresses some bytes; 0 when the member has ended. */
  private int inflate(byte[] bytes, int offset, int wanted) throws IOException {
    while (true) {
      int n;
      try {
        n = inflater.inflate(bytes, offset, wanted);
      } catch (DataFormatException _) {
        throw new DamagedGzipException("its gzip stream is damaged");
      }
      if (n > 0) {
        checksum.update(bytes, offset, n);
        length += n;
        return n;
      }
      if (inflater.finished()) {
        at = end - inflater.getRemaining();
        closeMember();
        return 0;
      }
      if (inflater.needsDictionary()) {
        throw new DamagedGzipException("its gzip stream is damaged");
      }
      if (!fill()) {
        throw cutOff();
      }
      giveInput();
    }
  }

  /** Reads the header of the next member; false when there is none. */
  private boolean openMember() throws IOException {
    if (at == end && !fill()) {
      if (members == 0) {
        throw cutOff();
      }
      return false;
    }
    if (members > 0 && input[at] == 0 && behind == Behind.PADDING) {
      padding();
      return false;
    }
    int first = next();
    if (first != MAGIC_FIRST || next() != MAGIC_SECOND) {
      throw new DamagedGzipException(
          "something that is not gzip follows part %d of its gzip stream".formatted(members));
    }
    if (next() != DEFLATE) {
      throw new DamagedGzipException("its gzip stream is compressed in an unknown way");
    }
    int flags = next();
    skip(UNUSED_HEADER_BYTES);
    if ((flags & HAS_EXTRA) != 0) {
      skip(next() | next() << 8);
    }
    if ((flags & HAS_NAME) != 0) {
      skipText();
    }
    if ((flags & HAS_COMMENT) != 0) {
      skipText();
    }
    if ((flags & HAS_HEADER_CHECKSUM) != 0) {
      skip(2);
    }
    inflater.reset();
    checksum.reset();
    length = 0;
    giveInput();
    inMember = true;
    return true;
  }

  private void closeMember() throws IOException {
    members++;
    inMember = false;
    if (number() != checksum.getValue() || number() != (length & 0xffffffffL)) {
      throw new DamagedGzipException(
          "part %d of its gzip stream is damaged: the checksum does not match".formatted(members));
    }
  }

  private void padding() throws IOException {
    while (at < end || fill()) {
      if (input[at++] != 0) {
        throw new DamagedGzipException(
            "something that is not gzip follows part %d of its gzip stream".formatted(members));
      }
    }
  }

  private void giveInput() {
    inflater.setInput(input, at, end - at);
    at = end;
  }

  /** Four bytes, least significant first. */
  private long number() throws IOException {
    return next() | (long) next() << 8 | (long) next() << 16 | (long) next() << 24;
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      next();
    }
  }

  private void skipText() throws IOException {
    while (next() != 0) {
      // A name or a comment, ended by a zero.
    }
  }

  private int next() throws IOException {
    if (at == end && !fill()) {
      throw cutOff();
    }
    return input[at++] & 0xff;
  }

  private boolean fill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(input, 0, input.length));
    return end > 0;
  }

  private static DamagedGzipException cutOff() {
    return new DamagedGzipException("its gzip stream is cut off");
  }
}
