package dev.indelible.server.proof;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Bounds what checkpoints cost: all work done through it takes at most a share of one core.
 *
 * <p>Each piece of work makes the next one wait, so long that the share holds; what was not used is
 * saved up to {@value #BURST_MILLIS} ms of work. Thread-safe: work is done one piece at a time, in
 * the order in which it was asked for.
 */
final class SigningBudget {

  /** The share of one core that checkpoints take at most: a fifth. */
  static final double SHARE = 0.2;

  /** Work that may be done at once after a quiet time, in milliseconds. */
  static final long BURST_MILLIS = 50;

  /** Work that has a place in the budget. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException;
  }

  /** How the time until there is room is waited for. */
  @FunctionalInterface
  interface Pause {
    void nanos(long nanos) throws InterruptedException;
  }

  private final double share;
  private final LongSupplier nanoTime;
  private final Pause pause;
  private final ReentrantLock turn = new ReentrantLock(true);
  private final AtomicLong spentNanos = new AtomicLong();
  private long freeAtNanos; // guarded by turn

  SigningBudget() {
    this(SHARE, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
  }

  SigningBudget(double share, LongSupplier nanoTime, Pause pause) {
    this.share = share;
    this.nanoTime = nanoTime;
    this.pause = pause;
    this.freeAtNanos = nanoTime.getAsLong();
  }

  /** Runs the work when there is room for it; waits until then. */
  <T> T spend(Work<T> work) throws IOException, InterruptedException {
    turn.lockInterruptibly();
    try {
      long burst = (long) (TimeUnit.MILLISECONDS.toNanos(BURST_MILLIS) / share);
      long now = nanoTime.getAsLong();
      long wait = freeAtNanos - burst - now;
      if (wait > 0) {
        pause.nanos(wait);
        now = nanoTime.getAsLong();
      }
      try {
        return work.run();
      } finally {
        long took = nanoTime.getAsLong() - now;
        spentNanos.addAndGet(took);
        freeAtNanos = Math.max(freeAtNanos, now) + (long) (took / share);
      }
    } finally {
      turn.unlock();
    }
  }

  /** All work so far, in nanoseconds. */
  long spentNanos() {
    return spentNanos.get();
  }
}
