package dev.indelible.server;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Cryptographically strong random bytes, fetched from the system a page at a time: the salts of
 * 40,000 events a second would otherwise be 80,000 calls of it. What has been given out is wiped
 * from the page. Thread-safe.
 */
final class PooledRandom implements RandomGenerator {

  private static final int PAGE_BYTES = 8_192;

  private final RandomGenerator source;
  private final byte[] page = new byte[PAGE_BYTES]; // guarded by this
  private int used = PAGE_BYTES; // guarded by this

  /**
   * A pool of the bytes of {@code source}.
   *
   * @param source a cryptographically strong generator
   */
  PooledRandom(RandomGenerator source) {
    this.source = source;
  }

  @Override
  public synchronized void nextBytes(byte[] bytes) {
    int filled = 0;
    while (filled < bytes.length) {
      if (used == PAGE_BYTES) {
        source.nextBytes(page);
        used = 0;
      }
      int taken = Math.min(bytes.length - filled, PAGE_BYTES - used);
      System.arraycopy(page, used, bytes, filled, taken);
      Arrays.fill(page, used, used + taken, (byte) 0);
      used += taken;
      filled += taken;
    }
  }

  @Override
  public long nextLong() {
    byte[] bytes = new byte[Long.BYTES];
    nextBytes(bytes);
    long value = 0;
    for (byte one : bytes) {
      value = (value << Byte.SIZE) | (one & 0xffL);
    }
    return value;
  }
}
