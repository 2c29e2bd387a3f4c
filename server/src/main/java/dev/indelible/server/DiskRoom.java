package dev.indelible.server;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the data directory's disk has more room than is kept in reserve. The reserve is what
 * sealing, merging and indexing go on with while new events are refused, so that a disk that fills
 * up stops the intake and nothing else, and all goes on by itself once there is room. Thread-safe.
 */
final class DiskRoom {

  /** How long an answer is used before the disk is asked again. */
  static final Duration FRESH = Duration.ofMillis(500);

  private static final Logger LOG = LoggerFactory.getLogger(DiskRoom.class);

  /** Says how many bytes can still be written. */
  @FunctionalInterface
  interface Probe {
    /** The usable bytes. */
    long usableBytes() throws IOException;
  }

  private final Probe probe;
  private final long reserveBytes;
  private final LongSupplier nanoTime;
  private final AtomicLong askedNanos;
  private volatile boolean low;

  DiskRoom(Probe probe, long reserveBytes) {
    this(probe, reserveBytes, System::nanoTime);
  }

  DiskRoom(Probe probe, long reserveBytes, LongSupplier nanoTime) {
    this.probe = probe;
    this.reserveBytes = reserveBytes;
    this.nanoTime = nanoTime;
    this.askedNanos = new AtomicLong(nanoTime.getAsLong() - FRESH.toNanos());
  }

  /** Whether less than the reserve is left; false when the disk cannot be asked. */
  boolean isLow() {
    long now = nanoTime.getAsLong();
    long asked = askedNanos.get();
    if (now - asked >= FRESH.toNanos() && askedNanos.compareAndSet(asked, now)) {
      ask();
    }
    return low;
  }

  private void ask() {
    boolean before = low;
    try {
      long usable = probe.usableBytes();
      low = usable < reserveBytes;
      if (low && !before) {
        LOG.warn(
            "{} MiB are left on the disk, less than disk.reserve; events are refused until there is"
                + " room",
            usable >> 20);
      } else if (before && !low) {
        LOG.info("there is room on the disk again; events are accepted");
      }
    } catch (IOException e) {
      LOG.warn("how much room the disk has cannot be found out", e);
      low = false;
    }
  }
}
