package dev.indelible.verify.audit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Base64 (RFC 4648, section 4) from array to array, with padding and in one spelling alone. */
final class Base64Bytes {

  private static final byte[] VALUES = values();

  private Base64Bytes() {}

  private static byte[] values() {
    byte[] values = new byte[256];
    Arrays.fill(values, (byte) -1);
    byte[] alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
            .getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < alphabet.length; i++) {
      values[alphabet[i]] = (byte) i;
    }
    return values;
  }

  /**
   * Decodes the first {@code length} bytes of {@code source}.
   *
   * @return how many bytes they stand for, or -1 when they are not spelled as they have to be or
   *     {@code target} is too short
   */
  static int decode(byte[] source, int length, byte[] target) {
    int padding = length < 4 || source[length - 1] != '=' ? 0 : source[length - 2] == '=' ? 2 : 1;
    int decoded = length / 4 * 3 - padding;
    if (length % 4 != 0 || decoded > target.length) {
      return -1;
    }
    int out = 0;
    for (int i = 0; i < length; i += 4) {
      int last = i + 4 == length ? padding : 0;
      int bits =
          VALUES[source[i] & 0xff] << 18
              | VALUES[source[i + 1] & 0xff] << 12
              | (last == 2 ? 0 : VALUES[source[i + 2] & 0xff] << 6)
              | (last > 0 ? 0 : VALUES[source[i + 3] & 0xff]);
      int spare = last == 2 ? bits & 0xffff : last == 1 ? bits & 0xff : 0;
      if (bits < 0 || spare != 0) {
        return -1;
      }
      target[out++] = (byte) (bits >> 16);
      if (last < 2) {
        target[out++] = (byte) (bits >> 8);
      }
      if (last < 1) {
        target[out++] = (byte) bits;
      }
    }
    return out;
  }
}
