package dev.indelible.server.export;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Sequence numbers of the entries in a file, as ascending ranges on disk: two varints each, the gap
 * since the range before and the length; see {@code docs/formats/exports.md}.
 */
final class HeldSeqs implements Closeable {

  private final FileChannel channel;
  private final OutputStream out;
  private long first = -1;
  private long next;
  private long written; // behind the last range that was written
  private long bytes;

  private HeldSeqs(FileChannel channel, long end, long bytes) throws IOException {
    this.channel = channel;
    this.out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
    this.written = end;
    this.bytes = bytes;
  }

  /** Opens the list, cut to its durable length. */
  static HeldSeqs open(Path file, long durableBytes) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (channel.size() < durableBytes) {
      channel.close();
      throw new EOFException(file + " is shorter than " + durableBytes + " bytes");
    }
    channel.truncate(durableBytes);
    channel.position(durableBytes);
    long[] end = {0};
    read(file, (_, to) -> end[0] = to);
    return new HeldSeqs(channel, end[0], durableBytes);
  }

  /** Adds a number larger than all before. */
  void add(long seq) throws IOException {
    if (first >= 0 && seq == next) {
      next++;
      return;
    }
    writeRange();
    first = seq;
    next = seq + 1;
  }

  private void writeRange() throws IOException {
    if (first >= 0) {
      varint(first - written);
      varint(next - first);
      written = next;
      first = -1;
    }
  }

  private void varint(long value) throws IOException {
    long rest = value;
    while (rest > 0x7f) {
      out.write((int) ((rest & 0x7f) | 0x80));
      bytes++;
      rest >>>= 7;
    }
    out.write((int) rest);
    bytes++;
  }

  /** Writes everything so far, and returns the length. */
  long flush() throws IOException {
    writeRange();
    out.flush();
    return bytes;
  }

  /** Makes durable what was flushed; may run beside additions. */
  void force() throws IOException {
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Takes a range. */
  @FunctionalInterface
  interface Ranges {
    /** Takes the numbers from {@code from} to before {@code to}. */
    void range(long from, long to);
  }

  private static void read(Path file, Ranges ranges) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      long at = 0;
      long gap;
      while ((gap = varint(in)) >= 0) {
        long from = at + gap;
        long length = varint(in);
        if (length < 1) {
          throw new EOFException(file + " ends within a range");
        }
        at = from + length;
        ranges.range(from, at);
      }
    }
  }

  private static long varint(InputStream in) throws IOException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = in.read();
      if (next < 0) {
        return -1;
      }
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    return value;
  }

  /**
   * How many of the numbers in {@code wanted} are in the list.
   *
   * @param wanted ascending half-open ranges
   */
  static long common(Path file, List<long[]> wanted) throws IOException {
    long[] found = {0};
    int[] at = {0};
    read(
        file,
        (from, to) -> {
          while (at[0] < wanted.size() && wanted.get(at[0])[1] <= from) {
            at[0]++;
          }
          for (int i = at[0]; i < wanted.size() && wanted.get(i)[0] < to; i++) {
            found[0] += Math.min(to, wanted.get(i)[1]) - Math.max(from, wanted.get(i)[0]);
          }
        });
    return found[0];
  }
}
