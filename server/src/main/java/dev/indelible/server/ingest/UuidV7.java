package dev.indelible.server.ingest;

import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Makes ids for events that come without one: UUIDs of version 7, so that ids sort roughly by time.
 *
 * <p>Thread-safe when the generator is. Source: RFC 9562, section 5.7.
 */
public final class UuidV7 {

  private static final int VERSION = 7;

  private final InstantSource clock;
  private final RandomGenerator random;

  /**
   * Makes ids from a clock and a generator.
   *
   * @param random a cryptographically strong generator
   */
  public UuidV7(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /** A new id: 36 characters, lower case. */
  public String next() {
    long millis = clock.millis();
    long high = (millis << 16) | ((long) VERSION << 12) | (random.nextLong() & 0xfff);
    long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }
}
