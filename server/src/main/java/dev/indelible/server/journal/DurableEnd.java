package dev.indelible.server.journal;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How far the journal is durable, and a place to wait for more. Thread-safe. */
final class DurableEnd {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();

  /** End position. Written by the committer, under the lock. */
  private volatile long position;

  private volatile boolean closed;

  DurableEnd(long position) {
    this.position = position;
  }

  long position() {
    return position;
  }

  boolean isClosed() {
    return closed;
  }

  void advance(long to) {
    lock.lock();
    try {
      position = to;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Wakes all waiters, for good. */
  void close() {
    lock.lock();
    try {
      closed = true;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is more than {@code known}; false when there is not in time, or closed. */
  boolean awaitBeyond(long known, long deadlineNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (position <= known) {
        long left = deadlineNanos - System.nanoTime();
        if (closed || left <= 0) {
          return false;
        }
        boolean signalled = moved.await(left, TimeUnit.NANOSECONDS);
        if (!signalled && position <= known) {
          return false;
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
