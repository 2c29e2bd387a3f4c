package dev.indelible.server.run;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A cursor over the bytes of one checksummed section, which says where it stands when they make no
 * sense. Big-endian. Not thread-safe.
 */
final class Section {

  private final String run;
  private final long offset;
  private final byte[] bytes;
  private final ByteBuffer view;
  private final int end;
  private int position;

  /**
   * A cursor over {@code bytes} from {@code start} to {@code end}.
   *
   * @param run the run's name, for errors
   * @param offset where in the file the section begins, for errors
   */
  Section(String run, long offset, byte[] bytes, int start, int end) {
    this.run = run;
    this.offset = offset;
    this.bytes = bytes;
    this.view = ByteBuffer.wrap(bytes);
    this.position = start;
    this.end = end;
  }

  /** A cursor over bytes that this section gave when decompressed. */
  Section over(byte[] decompressed) {
    return new Section(run, offset, decompressed, 0, decompressed.length);
  }

  int position() {
    return position;
  }

  int remaining() {
    return end - position;
  }

  int takeByte() throws RunException.Corrupt {
    return bytes[take(1)] & 0xff;
  }

  int takeInt() throws RunException.Corrupt {
    return view.getInt(take(Integer.BYTES));
  }

  long takeLong() throws RunException.Corrupt {
    return view.getLong(take(Long.BYTES));
  }

  long takeVarint() throws RunException.Corrupt {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = takeByte();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        if (value < 0) {
          throw corrupt("negative number");
        }
        return value;
      }
    }
    throw corrupt("number too long");
  }

  /** A number from {@code least} to {@code most}. */
  int takeVarint(int least, int most) throws RunException.Corrupt {
    long value = takeVarint();
    if (value < least || value > most) {
      throw corrupt(value + " is not between " + least + " and " + most);
    }
    return (int) value;
  }

  byte[] takeBytes(int count) throws RunException.Corrupt {
    int from = take(count);
    return Arrays.copyOfRange(bytes, from, from + count);
  }

  /** Passes over {@code count} bytes and says whether they are those expected. */
  boolean takeIfEqual(int count, byte[] expected) throws RunException.Corrupt {
    int from = take(count);
    return Arrays.equals(bytes, from, from + count, expected, 0, expected.length);
  }

  /** Passes over {@code count} bytes and says where they begin. */
  int take(int count) throws RunException.Corrupt {
    if (count < 0 || count > end - position) {
      throw corrupt(count + " bytes wanted, " + (end - position) + " left");
    }
    int from = position;
    position += count;
    return from;
  }

  void expectEnd() throws RunException.Corrupt {
    if (position != end) {
      throw corrupt((end - position) + " bytes too many");
    }
  }

  RunException.Corrupt corrupt(String detail) {
    return new RunException.Corrupt(run, offset, detail);
  }
}
