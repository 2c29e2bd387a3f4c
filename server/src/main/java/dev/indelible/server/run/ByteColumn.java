package dev.indelible.server.run;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Bytes that grow at their end, big-endian. Not thread-safe. */
final class ByteColumn {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes;
  private int length;

  ByteColumn(int capacity) {
    bytes = new byte[capacity];
  }

  int length() {
    return length;
  }

  /** The array itself; valid up to {@link #length()} and until the next change. */
  byte[] array() {
    return bytes;
  }

  void clear() {
    length = 0;
  }

  ByteColumn putByte(int value) {
    reserve(1);
    bytes[length++] = (byte) value;
    return this;
  }

  ByteColumn putInt(int value) {
    reserve(Integer.BYTES);
    INT.set(bytes, length, value);
    length += Integer.BYTES;
    return this;
  }

  ByteColumn putLong(long value) {
    reserve(Long.BYTES);
    LONG.set(bytes, length, value);
    length += Long.BYTES;
    return this;
  }

  /** Seven bits a byte, the lowest first, the top bit set on all but the last. */
  ByteColumn putVarint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
    return this;
  }

  ByteColumn put(byte[] source) {
    return put(source, 0, source.length);
  }

  ByteColumn put(byte[] source, int offset, int count) {
    reserve(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
    return this;
  }

  ByteColumn put(ByteColumn source) {
    return put(source.bytes, 0, source.length);
  }

  /** Makes room for {@code count} bytes that the caller writes into {@link #array()}. */
  void reserve(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, count), bytes.length * 2));
    }
  }

  /** Counts bytes that the caller wrote into {@link #array()} after {@link #reserve}. */
  void advance(int count) {
    length += count;
  }

  /** Ends the section that begins at {@code from} with its checksum. */
  void putChecksum(int from) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length - from);
    putInt((int) crc.getValue());
  }
}
