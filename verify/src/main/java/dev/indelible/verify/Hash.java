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

  /**
   * The hash that this standard base64 (RFC 4648, section 4) stands for: canonical, with padding.
   */
  public static Parsed<Hash> fromBase64(String base64) {
    return fromBase64(base64, "hash", "start");
  }

  /** Parses base64 as {@link #fromBase64(String)} does, for a part of a larger format. */
  static Parsed<Hash> fromBase64(String base64, String format, String where) {
    byte[] bytes = CanonicalBase64.decode(base64);
    if (bytes == null) {
      return Parsed.malformed(format, where, "a hash is not canonical base64");
    }
    if (bytes.length != BYTES) {
      return Parsed.malformed(
          format, where, "a hash has " + BYTES + " bytes, this one " + bytes.length);
    }
    return new Parsed.Ok<>(owning(bytes));
  }

  /** Standard base64 (RFC 4648, section 4) with padding. */
  public String toBase64() {
    return CanonicalBase64.encode(value);
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
