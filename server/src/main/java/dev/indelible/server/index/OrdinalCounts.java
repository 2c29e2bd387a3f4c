package dev.indelible.server.index;

import java.util.Arrays;

/**
 * Counter of ordinals: an array when the ordinals are few beside the documents, a hash table when a
 * small tenant looks into a large segment. Not thread-safe.
 */
final class OrdinalCounts {

  /** Takes an ordinal that was seen. */
  @FunctionalInterface
  interface Sink<E extends Exception> {
    void take(int ordinal, int count) throws E;
  }

  private static final int ALWAYS_DENSE = 4096;
  private static final int FREE = -1;

  private final boolean dense;
  private int[] ordinals;
  private int[] counts;
  private int size;

  OrdinalCounts(int ordinalCount, int documents) {
    dense = ordinalCount <= ALWAYS_DENSE || ordinalCount / 4 <= documents;
    counts = new int[dense ? ordinalCount : 64];
    ordinals = new int[dense ? 0 : 64];
    Arrays.fill(ordinals, FREE);
  }

  void add(int ordinal) {
    if (dense) {
      counts[ordinal]++;
      return;
    }
    int slot = slot(ordinal);
    if (ordinals[slot] == FREE) {
      ordinals[slot] = ordinal;
      size++;
    }
    counts[slot]++;
    if (size * 2 > ordinals.length) {
      grow();
    }
  }

  <E extends Exception> void forEach(Sink<E> sink) throws E {
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        sink.take(dense ? i : ordinals[i], counts[i]);
      }
    }
  }

  private int slot(int ordinal) {
    int mask = ordinals.length - 1;
    int slot = ((ordinal * 0x9E3779B9) >>> 7) & mask;
    while (ordinals[slot] != FREE && ordinals[slot] != ordinal) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    int[] oldOrdinals = ordinals;
    int[] oldCounts = counts;
    ordinals = new int[oldOrdinals.length * 2];
    counts = new int[oldOrdinals.length * 2];
    Arrays.fill(ordinals, FREE);
    for (int i = 0; i < oldOrdinals.length; i++) {
      if (oldOrdinals[i] != FREE) {
        int slot = slot(oldOrdinals[i]);
        ordinals[slot] = oldOrdinals[i];
        counts[slot] = oldCounts[i];
      }
    }
  }
}
