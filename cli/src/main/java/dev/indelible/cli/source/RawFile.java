package dev.indelible.cli.source;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Bytes of a file that is read once, decompressed when it is gzipped or compressed with Zstandard.
 * Names the file in every failure. Not thread-safe.
 */
final class RawFile implements Closeable {

  /** Distance within which the form of a file is looked for, in bytes. */
  static final int LOOK_AHEAD_BYTES = 64 * 1024;

  private final String name;
  private final String identity;
  private final CountingStream counting;
  private final BufferedInputStream in;

  /**
   * Opens {@code raw}.
   *
   * @param name the file's name for people
   * @param identity see {@link RecordSource#identity}
   */
  RawFile(String name, String identity, InputStream raw) throws IOException {
    this.name = name;
    this.identity = identity;
    this.counting = new CountingStream(raw);
    try {
      this.in = decompressed(new BufferedInputStream(counting, LOOK_AHEAD_BYTES));
    } catch (IOException failure) {
      throw named(failure);
    }
  }

  String name() {
    return name;
  }

  String identity() {
    return identity;
  }

  BufferedInputStream in() {
    return in;
  }

  /** Number of bytes of the file that were read, as they lie on disk. */
  long bytesRead() {
    return counting.count;
  }

  /** The failure with the file's name. */
  IOException named(IOException failure) {
    return new IOException(name + ": " + failure.getMessage(), failure);
  }

  /** The first bytes, which are read again afterwards. */
  byte[] head() throws IOException {
    in.mark(LOOK_AHEAD_BYTES);
    byte[] head = new byte[LOOK_AHEAD_BYTES];
    int length = 0;
    try {
      int n = 0;
      while (n >= 0 && length < head.length) {
        length += n;
        n = in.read(head, length, head.length - length);
      }
    } catch (DamagedGzipException _) {
      // It is met again, and said, where the records before it have been read.
    } catch (IOException failure) {
      throw named(failure);
    }
    in.reset();
    return Arrays.copyOf(head, length);
  }

  /** Passes over a byte order mark at the beginning. */
  void skipByteOrderMark() throws IOException {
    byte[] head = head();
    if (head.length >= 3
        && head[0] == (byte) 0xef
        && head[1] == (byte) 0xbb
        && head[2] == (byte) 0xbf) {
      in.skipNBytes(3);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private static BufferedInputStream decompressed(BufferedInputStream in) throws IOException {
    in.mark(ZstdFrames.MAGIC_BYTES);
    byte[] head = in.readNBytes(ZstdFrames.MAGIC_BYTES);
    in.reset();
    if (ZstdFrames.isMagic(head)) {
      return new BufferedInputStream(new ZstdFrames(in), LOOK_AHEAD_BYTES);
    }
    return head.length >= 2 && GzipMembers.isMagic(head[0] & 0xff, head[1] & 0xff)
        ? new BufferedInputStream(new GzipMembers(in, GzipMembers.Behind.PADDING), LOOK_AHEAD_BYTES)
        : in;
  }

  /** Counts what is read from the file itself. */
  private static final class CountingStream extends FilterInputStream {
    private long count;

    CountingStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int next = in.read();
      if (next >= 0) {
        count++;
      }
      return next;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = in.read(bytes, offset, length);
      if (n > 0) {
        count += n;
      }
      return n;
    }
  }
}
