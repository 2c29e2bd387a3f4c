package dev.indelible.server.run;

/**
 * The hashing of the id filter: a blocked Bloom filter, all of whose bits for one id lie in one
 * block of {@value RunFormat#FILTER_BLOCK_BYTES} bytes.
 *
 * <p>Source: Putze, Sanders, Singler: Cache-, Hash- and Space-Efficient Bloom Filters (2007).
 */
final class IdFilter {

  private static final int BIT_INDEX_BITS = 9;
  private static final int BIT_INDEX_MASK = RunFormat.FILTER_BLOCK_BYTES * Byte.SIZE - 1;

  private IdFilter() {}

  /** Number of blocks of a part with that many ids. */
  static int blocksFor(int ids) {
    int bitsPerBlock = RunFormat.FILTER_BLOCK_BYTES * Byte.SIZE;
    return Math.toIntExact(
        Math.max(1, ((long) ids * RunFormat.FILTER_BITS_PER_ID + bitsPerBlock - 1) / bitsPerBlock));
  }

  /** The block that holds the bits of an id. */
  static int block(long idHash, int blocks) {
    return (int) (((mix(idHash) >>> 32) * blocks) >>> 32);
  }

  static void set(byte[] bits, int from, long idHash) {
    long choice = choice(idHash);
    for (int probe = 0; probe < RunFormat.FILTER_PROBES; probe++) {
      int bit = (int) (choice & BIT_INDEX_MASK);
      bits[from + (bit >>> 3)] |= (byte) (1 << (bit & 7));
      choice >>>= BIT_INDEX_BITS;
    }
  }

  static boolean test(byte[] bits, int from, long idHash) {
    long choice = choice(idHash);
    for (int probe = 0; probe < RunFormat.FILTER_PROBES; probe++) {
      int bit = (int) (choice & BIT_INDEX_MASK);
      if ((bits[from + (bit >>> 3)] & (1 << (bit & 7))) == 0) {
        return false;
      }
      choice >>>= BIT_INDEX_BITS;
    }
    return true;
  }

  /** Seven indexes of nine bits, independent of the block's. */
  private static long choice(long idHash) {
    return mix(idHash ^ 0x9e3779b97f4a7c15L);
  }

  /** The finalizer of MurmurHash3. */
  private static long mix(long value) {
    long mixed = value;
    mixed ^= mixed >>> 33;
    mixed *= 0xff51afd7ed558ccdL;
    mixed ^= mixed >>> 33;
    mixed *= 0xc4ceb9fe1a85ec53L;
    mixed ^= mixed >>> 33;
    return mixed;
  }
}
