package dev.indelible.server.thread;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A daemon thread that belongs to one object, which starts it once, may wake it while it rests, and
 * waits for its end when it stops.
 *
 * <p>Stopping never interrupts: an interrupt would close the files that the thread reads. The work
 * asks {@link #isStopping} or {@link #rest} between its steps, and ends by itself. Thread-safe.
 */
public final class OwnThread {

  private final Thread thread;
  private boolean woken; // guarded by this
  private volatile boolean stopping; // written under this

  /** Work that lasts as long as the thread; an interruption ends it. */
  @FunctionalInterface
  public interface Work {
    /**
     * Works until {@code self} is to stop.
     *
     * @param self the thread that it runs on
     */
    void run(OwnThread self) throws InterruptedException;
  }

  /** A thread that has not started. */
  public OwnThread(String name, Work work) {
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(() -> run(work));
  }

  private void run(Work work) {
    try {
      work.run(this);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Starts the work.
   *
   * @throws IllegalThreadStateException when it was started before
   */
  public void start() {
    thread.start();
  }

  /** Whether the work is to end. */
  public boolean isStopping() {
    return stopping;
  }

  /**
   * Rests until it is woken or asked to stop, for at most that long. A wake-up that came since the
   * last rest counts. The work's.
   *
   * @return whether to go on
   */
  public synchronized boolean rest(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    long left;
    while (!stopping && !woken && (left = deadline - System.nanoTime()) > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    woken = false;
    return !stopping;
  }

  /** Ends the present rest, or else the next one at once. */
  public synchronized void wake() {
    woken = true;
    notifyAll();
  }

  /** Asks the work to end, and ends its rest; returns at once. */
  public synchronized void askToStop() {
    stopping = true;
    notifyAll();
  }

  /** Waits for the end of the work, if it was started; an interruption is kept for afterwards. */
  public void join() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits for the end of the work for at most that long.
   *
   * @return whether it has ended, or was never started
   */
  public boolean join(Duration atMost) {
    if (!thread.isAlive()) {
      return true;
    }
    try {
      return thread.join(atMost);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Asks the work to end and waits until it has. */
  public void stop() {
    askToStop();
    join();
  }
}
