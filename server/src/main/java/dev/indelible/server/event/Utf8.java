package dev.indelible.server.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks that bytes are well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing
 * above U+10FFFF) without NUL, eight bytes at a time where they are ASCII.
 */
final class Utf8 {

  /** The bytes are sound and hold no backslash, so that no string in them has an escape. */
  static final int PLAIN = -1;

  /** The bytes are sound; they hold a backslash. */
  static final int WITH_ESCAPES = -2;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long BACKSLASHES = 0x5c5c5c5c5c5c5c5cL;

  private Utf8() {}

  /**
   * Returns {@link #PLAIN}, {@link #WITH_ESCAPES}, or, from 0, the index relative to {@code offset}
   * of the first byte that is NUL or begins a broken sequence.
   */
  static int scan(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int at = offset;
    int outcome = PLAIN;
    while (at < end) {
      if (at + Long.BYTES <= end) {
        long eight = (long) LONGS.get(bytes, at);
        long backslash = eight ^ BACKSLASHES;
        // A byte below 0x80 minus one borrows into its high bit only when it is zero.
        long zero = (eight - LOW_BITS) & ~eight;
        if (((eight | zero) & HIGH_BITS) == 0) {
          if (((backslash - LOW_BITS) & ~backslash & HIGH_BITS) != 0) {
            outcome = WITH_ESCAPES;
          }
          at += Long.BYTES;
          continue;
        }
      }
      byte first = bytes[at];
      if (first > 0) {
        if (first == '\\') {
          outcome = WITH_ESCAPES;
        }
        at++;
        continue;
      }
      int sequence = sequenceLength(bytes, at, end);
      if (sequence == 0) {
        return at - offset;
      }
      at += sequence;
    }
    return outcome;
  }

  /** Length of the multi-byte sequence at {@code at}, or 0 when it is broken. */
  private static int sequenceLength(byte[] bytes, int at, int end) {
    int first = bytes[at] & 0xff;
    if (first < 0xc2 || first > 0xf4) {
      return 0;
    }
    int length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (at + length > end) {
      return 0;
    }
    int second = bytes[at + 1] & 0xff;
    boolean secondFits =
        switch (first) {
          case 0xe0 -> second >= 0xa0 && second <= 0xbf;
          case 0xed -> second >= 0x80 && second <= 0x9f;
          case 0xf0 -> second >= 0x90 && second <= 0xbf;
          case 0xf4 -> second >= 0x80 && second <= 0x8f;
          default -> second >= 0x80 && second <= 0xbf;
        };
    if (!secondFits) {
      return 0;
    }
    for (int i = 2; i < length; i++) {
      if ((bytes[at + i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return length;
  }
}
