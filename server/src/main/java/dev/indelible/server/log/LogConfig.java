package dev.indelible.server.log;

import java.time.Duration;

/**
 * How the log seals and bounds itself.
 *
 * @param sealBytes memory of fresh entries at which a run is sealed
 * @param sealAge age of the oldest fresh entry at which a run is sealed all the same
 * @param maxInFlightBytes bytes of appended and not yet sequenced events above which appends are
 *     refused
 * @param mergeFactor how many adjacent runs are merged into one at the least
 * @param maxMergedBytes no merge makes a run larger than this
 * @param blockCacheBytes decompressed blocks kept for reading
 */
public record LogConfig(
    long sealBytes,
    Duration sealAge,
    long maxInFlightBytes,
    int mergeFactor,
    long maxMergedBytes,
    long blockCacheBytes) {

  /** Memory of fresh entries at which a run is sealed: 64 MiB. */
  public static final long DEFAULT_SEAL_BYTES = 64L << 20;

  /** Age at which fresh entries are sealed. */
  public static final Duration DEFAULT_SEAL_AGE = Duration.ofMinutes(5);

  /** Appended and not yet sequenced events: 128 MiB. */
  public static final long DEFAULT_MAX_IN_FLIGHT_BYTES = 128L << 20;

  /** How many adjacent runs are merged. */
  public static final int DEFAULT_MERGE_FACTOR = 8;

  /** The largest run that a merge makes: 8 GiB. */
  public static final long DEFAULT_MAX_MERGED_BYTES = 8L << 30;

  /** Decompressed blocks kept: 64 MiB. */
  public static final long DEFAULT_BLOCK_CACHE_BYTES = 64L << 20;

  /** Generations that may wait to be sealed before the sequencer waits too. */
  static final int MAX_FROZEN_GENERATIONS = 2;

  /** Configuration of a server unless told otherwise. */
  public static final LogConfig DEFAULT =
      new LogConfig(
          DEFAULT_SEAL_BYTES,
          DEFAULT_SEAL_AGE,
          DEFAULT_MAX_IN_FLIGHT_BYTES,
          DEFAULT_MERGE_FACTOR,
          DEFAULT_MAX_MERGED_BYTES,
          DEFAULT_BLOCK_CACHE_BYTES);
}
