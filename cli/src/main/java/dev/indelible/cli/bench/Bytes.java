package dev.indelible.cli.bench;

import java.util.Arrays;

/** A growing array of bytes. Not thread-safe. */
final class Bytes {

  private byte[] array;
  private int length;

  Bytes(int capacity) {
    array = new byte[capacity];
  }

  byte[] array() {
    return array;
  }

  int length() {
    return length;
  }

  void truncate(int to) {
    length = to;
  }

  /**
   * Makes room for {@code count} more bytes; their content is undefined. Returns where they are.
   */
  int grow(int count) {
    if (array.length - length < count) {
      array = Arrays.copyOf(array, Math.max(array.length * 2, length + count));
    }
    int at = length;
    length += count;
    return at;
  }

  void add(byte value) {
    int at = grow(1);
    array[at] = value;
  }

  void add(byte[] values) {
    add(values, 0, values.length);
  }

  void add(byte[] values, int offset, int count) {
    int at = grow(count);
    System.arraycopy(values, offset, array, at, count);
  }
}
