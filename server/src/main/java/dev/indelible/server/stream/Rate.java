package dev.indelible.server.stream;

import java.util.Arrays;

/** Entries of the last minute, by a clock that nobody sets. Thread-safe. */
final class Rate {

  private static final int SLOTS = 6;
  private static final long SLOT_NANOS = 10_000_000_000L;

  private final long[] counts = new long[SLOTS]; // guarded by this
  private long slot = Long.MIN_VALUE; // guarded by this

  /** Adds entries. */
  synchronized void add(long entries, long nanos) {
    pass(nanos);
    counts[Math.floorMod(slot, SLOTS)] += entries;
  }

  /** Entries a second. */
  synchronized double perSecond(long nanos) {
    pass(nanos);
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum / 60.0;
  }

  private void pass(long nanos) {
    long now = Math.floorDiv(nanos, SLOT_NANOS);
    if (slot == Long.MIN_VALUE || now - slot >= SLOTS) {
      Arrays.fill(counts, 0);
    } else {
      for (long passed = slot + 1; passed <= now; passed++) {
        counts[Math.floorMod(passed, SLOTS)] = 0;
      }
    }
    slot = Math.max(slot, now);
  }
}
