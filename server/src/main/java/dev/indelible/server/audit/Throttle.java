package dev.indelible.server.audit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Slows one reader down to a rate, and to a part of it while others need the processors; ends its
 * waits when it is told to.
 */
final class Throttle {

  /** Burst that is read before it waits; a shorter one would wake it for every block. */
  private static final int BURST_MILLIS = 50;

  /** Weight of a byte that is read while others are busy. */
  static final int BUSY_SLOWNESS = 8;

  private final long bytesPerSecond;
  private final BooleanSupplier busy;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition stopping = lock.newCondition();
  private volatile boolean stopped; // written under the lock
  private long begunNanos = System.nanoTime();
  private long spentBytes;
  private final AtomicLong totalBytes = new AtomicLong();

  Throttle(long bytesPerSecond, BooleanSupplier busy) {
    if (bytesPerSecond <= 0) {
      throw new IllegalArgumentException("a rate of " + bytesPerSecond);
    }
    this.bytesPerSecond = bytesPerSecond;
    this.busy = busy;
  }

  /**
   * Takes note that so much was read, and waits until it was not too much.
   *
   * @throws StoppedException when it was told to stop
   */
  void spend(long bytes) {
    if (stopped) {
      // Also when nothing need wait: a reader may be slower than the rate.
      throw new StoppedException();
    }
    spentBytes += busy.getAsBoolean() ? bytes * BUSY_SLOWNESS : bytes;
    totalBytes.addAndGet(bytes);
    long dueNanos = (long) (spentBytes * 1e9 / bytesPerSecond);
    long aheadNanos = dueNanos - (System.nanoTime() - begunNanos);
    if (aheadNanos > TimeUnit.MILLISECONDS.toNanos(BURST_MILLIS)) {
      await(aheadNanos);
    } else if (aheadNanos < 0) {
      // Time that was not used is not saved up.
      begunNanos = System.nanoTime();
      spentBytes = 0;
    }
  }

  /**
   * Waits.
   *
   * @throws StoppedException when it was told to stop
   */
  void await(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (!stopped && left > 0) {
        left = stopping.awaitNanos(left);
      }
      if (stopped) {
        throw new StoppedException();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoppedException();
    } finally {
      lock.unlock();
    }
  }

  /** Ends every wait. */
  void stop() {
    lock.lock();
    try {
      stopped = true;
      stopping.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Bytes since it was made. */
  long totalBytes() {
    return totalBytes.get();
  }

  /** The reader was told to stop. */
  static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedException() {
      super("stopped", null, false, false);
    }
  }
}
