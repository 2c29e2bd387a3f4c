package dev.indelible.server.index;

import java.util.Arrays;

/**
 * The highest applied sequence number of each tenant, to tell a new entry from one that may replace
 * another without asking the index. Tenants are known by a 64-bit hash, so it costs 32 bytes or
 * less for each, and two that collide only cause a needless look. Not thread-safe.
 */
final class AppliedSeqs {

  private static final int INITIAL_CAPACITY = 1024;

  private long[] keys = new long[INITIAL_CAPACITY];
  private long[] seqs = new long[INITIAL_CAPACITY];
  private int size;

  /** The highest sequence number that was raised to, or -1. */
  long highest(String tenant) {
    long key = key(tenant);
    int slot = slot(key);
    return keys[slot] == key ? seqs[slot] : -1;
  }

  /** Notes that {@code seq} is applied. */
  void raise(String tenant, long seq) {
    long key = key(tenant);
    int slot = slot(key);
    if (keys[slot] == key) {
      seqs[slot] = Math.max(seqs[slot], seq);
      return;
    }
    keys[slot] = key;
    seqs[slot] = seq;
    size++;
    if (size * 2 > keys.length) {
      grow();
    }
  }

  void clear() {
    Arrays.fill(keys, 0);
    size = 0;
  }

  private int slot(long key) {
    int mask = keys.length - 1;
    int slot = (int) (key >>> 32) & mask;
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldSeqs = seqs;
    keys = new long[oldKeys.length * 2];
    seqs = new long[oldKeys.length * 2];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        seqs[slot] = oldSeqs[i];
      }
    }
  }

  /** FNV-1a, then mixed as in SplitMix64; never 0, which marks a free slot. */
  private static long key(String tenant) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < tenant.length(); i++) {
      hash = (hash ^ tenant.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
    hash ^= hash >>> 31;
    return hash == 0 ? 1 : hash;
  }
}
