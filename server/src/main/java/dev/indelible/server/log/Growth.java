package dev.indelible.server.log;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells threads that wait for it that logs have grown. While nobody waits it costs the sequencer a
 * write and a read. Thread-safe.
 */
public final class Growth {

  private final AtomicInteger waiting = new AtomicInteger();
  private final Object monitor = new Object();
  private volatile long count; // the sequencer's alone

  Growth() {}

  /** The number of times that logs have grown; entries that were counted can be read. */
  public long count() {
    return count;
  }

  /**
   * Waits until logs have grown more often than {@code seen}, for at most that long; may return
   * sooner.
   */
  public void await(long seen, Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    // First of all: whoever counts after this sees it, and whoever counted before is seen below.
    waiting.incrementAndGet();
    try {
      synchronized (monitor) {
        long left = deadline - System.nanoTime();
        if (count == seen && left > 0) {
          TimeUnit.NANOSECONDS.timedWait(monitor, left);
        }
      }
    } finally {
      waiting.decrementAndGet();
    }
  }

  /** Wakes the threads that wait, which return. */
  public void wake() {
    synchronized (monitor) {
      monitor.notifyAll();
    }
  }

  /** Counts that logs have grown, and wakes those that wait for it. The sequencer's. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the sequencer
  void grown() {
    count++;
    if (waiting.get() > 0) {
      wake();
    }
  }
}
