package dev.indelible.server.audit;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds how many bytes a second are read, and ends reading at once when it is stopped.
 *
 * <p>No thread is interrupted for that: an interrupt would close files that others read as well.
 * {@link #spend} is for one thread, the others for any.
 */
final class Pace {

  /** Bytes that are read before the clock is looked at. */
  static final int STEP_BYTES = 64 << 10;

  /** Reading was stopped. */
  static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedException() {
      super("stopped", null, false, false);
    }
  }

  private final double nanosPerByte;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicLong bytes = new AtomicLong();
  private long unpaid; // the reader's
  private long dueNanos = System.nanoTime(); // the reader's

  Pace(long bytesPerSecond) {
    nanosPerByte = 1e9 / bytesPerSecond;
  }

  /**
   * Pays for what was read; waits when that was too much.
   *
   * @throws StoppedException when it was stopped
   */
  void spend(long read) {
    bytes.addAndGet(read);
    unpaid += read;
    if (unpaid < STEP_BYTES) {
      return;
    }
    long now = System.nanoTime();
    // What was not used while something else took its time is not made up for later.
    dueNanos = Math.max(dueNanos, now) + (long) (unpaid * nanosPerByte);
    unpaid = 0;
    rest(dueNanos - now);
  }

  /**
   * Waits.
   *
   * @throws StoppedException when it was stopped
   */
  void rest(long nanos) {
    try {
      if (stopped.await(nanos, TimeUnit.NANOSECONDS)) {
        throw new StoppedException();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoppedException();
    }
  }

  /** Everything that was paid for. */
  long bytes() {
    return bytes.get();
  }

  void stop() {
    stopped.countDown();
  }
}
