package dev.indelible.verify;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * A SHA-256 value: {@value #BYTES} bytes, immutable, compared by value.
 *
 * <p>Source: FIPS 180-4.
 */
public final class Hash {

  /** Length in bytes. */
  public static final int BYTES = 32;

  private final byte[] value;

  private Hash(byte[] value) {
    this.value = value;
  }

  /**
   * The hash with these bytes, which are copied.
   *
   * @throws IllegalArgumentException unless there are {@value #BYTES}
   */
  public static Hash of(byte[] value) {
    if (value.length != BYTES) {
      throw new IllegalArgumentException("a hash has " + BYTES + " bytes, not " + value.length);
    }
    return new Hash(value.clone());
  }

  /** The hash at {@code offset} of {@code source}, copied. */
  public static Hash of(byte[] source, int offset) {
    return new Hash(Arrays.copyOfRange(source, offset, Math.addExact(offset, BYTES)));
  }

  /** Takes over an array that nobody else holds. */
  static Hash owning(byte[] value) {
    return new Hash(value);
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return value.clone();
  }

  /** Copies the bytes to {@code target} at {@code offset}. */
  public void copyTo(byte[] target, int offset) {
    System.arraycopy(value, 0, target, offset, BYTES);
  }

  /** The bytes themselves, for hashing within this package; never written to, never handed on. */
  byte[] raw() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hash hash && Arrays.equals(value, hash.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  /** Lower-case hexadecimal. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(value);
  }
}
