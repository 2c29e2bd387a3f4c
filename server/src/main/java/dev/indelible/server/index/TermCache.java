package dev.indelible.server.index;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Terms of texts that come back many times and are dear to cut, such as user agents and names that
 * are not ASCII. A text takes the place of another one that falls on the same slot. Not
 * thread-safe.
 */
final class TermCache {

  /** Texts whose terms are kept. */
  static final int SLOTS = 2_048;

  /** A longer text, in bytes, is cut anew each time. */
  static final int MAX_TEXT_BYTES = 512;

  /**
   * Terms of a text.
   *
   * @param tag the purpose that they are for
   * @param text the text's bytes
   * @param terms the terms, end to end
   * @param ends where in {@code terms} each ends
   */
  @SuppressWarnings("ArrayRecordComponent") // internal carrier; identity is never compared
  private record Kept(int tag, byte[] text, byte[] terms, int[] ends) {}

  private final @Nullable Kept[] slots = new Kept[SLOTS];

  /** Adds the terms of a text to {@code to}, if they are kept; says whether they are. */
  boolean replay(int tag, byte[] in, int from, int end, TermList to) {
    Kept kept = slots[slot(tag, in, from, end)];
    if (kept == null
        || kept.tag != tag
        || !Arrays.equals(kept.text, 0, kept.text.length, in, from, end)) {
      return false;
    }
    int start = 0;
    for (int each : kept.ends) {
      to.bytes().copy(kept.terms, start, each);
      to.end();
      start = each;
    }
    return true;
  }

  /** Keeps the terms of a text: those of {@code of} from number {@code first} on. */
  void keep(int tag, byte[] in, int from, int end, TermList of, int first) {
    if (end - from > MAX_TEXT_BYTES) {
      return;
    }
    int start = of.startOf(first);
    int last = of.size() == first ? start : of.endOf(of.size() - 1);
    int[] ends = new int[of.size() - first];
    for (int i = 0; i < ends.length; i++) {
      ends[i] = of.endOf(first + i) - start;
    }
    slots[slot(tag, in, from, end)] =
        new Kept(
            tag,
            Arrays.copyOfRange(in, from, end),
            Arrays.copyOfRange(of.array(), start, last),
            ends);
  }

  private static int slot(int tag, byte[] in, int from, int end) {
    int hash = tag;
    for (int i = from; i < end; i++) {
      hash = hash * 31 + in[i];
    }
    hash *= 0x9E3779B9; // the golden ratio's bits, so that the upper ones depend on all
    return hash >>> (Integer.SIZE - Integer.numberOfTrailingZeros(SLOTS));
  }
}
