package dev.indelible.server.index;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.lucene.util.BytesRef;

/** Writes the doc value of a {@link Column}. Not thread-safe: the value is reused. */
final class ColumnWriter {

  private final BytesRef value = new BytesRef(new byte[256]);

  void clear() {
    value.length = 0;
  }

  void count(int count) {
    variableLength(count);
  }

  void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    text(utf8, 0, utf8.length);
  }

  void text(byte[] utf8, int from, int to) {
    int count = to - from;
    variableLength(count);
    ensure(count);
    System.arraycopy(utf8, from, value.bytes, value.length, count);
    value.length += count;
  }

  BytesRef toBytesRef() {
    return value;
  }

  private void variableLength(int number) {
    ensure(5);
    int rest = number;
    while ((rest & ~0x7F) != 0) {
      value.bytes[value.length++] = (byte) ((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    value.bytes[value.length++] = (byte) rest;
  }

  private void ensure(int more) {
    if (value.length + more > value.bytes.length) {
      value.bytes =
          Arrays.copyOf(value.bytes, Math.max(value.bytes.length * 2, value.length + more));
    }
  }
}
