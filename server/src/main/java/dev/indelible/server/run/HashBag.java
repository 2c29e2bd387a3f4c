package dev.indelible.server.run;

import java.util.Arrays;
import java.util.BitSet;

/** Hashes, some of them several times, that are taken out one by one. Not thread-safe. */
final class HashBag {

  private long[] hashes = new long[64];
  private int count;
  private boolean sorted = true;
  private final BitSet taken = new BitSet();

  /** Adds a hash; all are added before the first is taken. */
  void add(long hash) {
    if (count == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * count);
    }
    hashes[count++] = hash;
    sorted = false;
  }

  /** Number of hashes that were added. */
  int size() {
    return count;
  }

  /** Takes the hash out once; false when it is not there, or was taken as often as it was. */
  boolean take(long hash) {
    if (!sorted) {
      Arrays.sort(hashes, 0, count);
      sorted = true;
    }
    int at = Arrays.binarySearch(hashes, 0, count, hash);
    while (at > 0 && hashes[at - 1] == hash) {
      at--;
    }
    for (; at >= 0 && at < count && hashes[at] == hash; at++) {
      if (!taken.get(at)) {
        taken.set(at);
        return true;
      }
    }
    return false;
  }
}
