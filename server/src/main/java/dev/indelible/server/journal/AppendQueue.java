package dev.indelible.server.journal;

import dev.indelible.ports.journal.Journal;
import dev.indelible.ports.journal.Journal.Appended;
import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.ports.journal.JournalUnavailableException.Cause;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Batches on their way to the disk, bounded by {@value #MAX_BATCHES} batches and {@value
 * #MAX_BYTES} bytes. A batch counts until its future is completed, so that slow dependants are
 * back-pressure too. Thread-safe.
 */
final class AppendQueue {

  static final int MAX_BATCHES = 65_536;

  static final long MAX_BYTES = 4L * Journal.MAX_BATCH_BYTES;

  /** A group takes batches until it has this many bytes, and always one. */
  static final long MAX_GROUP_BYTES = 16L * 1024 * 1024;

  /** A batch and who waits for it. */
  static final class Pending {
    final byte[] payload;
    final CompletableFuture<Appended> future = new CompletableFuture<>();

    Pending(byte[] payload) {
      this.payload = payload;
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<Pending> queue = new ArrayDeque<>();
  private int batches;
  private long bytes;
  private @Nullable JournalUnavailableException closed;

  /** Adds a batch, or says why not. */
  @Nullable JournalUnavailableException offer(Pending pending) {
    lock.lock();
    try {
      if (closed != null) {
        return new JournalUnavailableException(
            closed.reason(), String.valueOf(closed.getMessage()), closed);
      }
      if (batches >= MAX_BATCHES || bytes + pending.payload.length > MAX_BYTES) {
        return new JournalUnavailableException(
            Cause.QUEUE_FULL,
            "the journal has " + batches + " batches of " + bytes + " bytes waiting");
      }
      batches++;
      bytes += pending.payload.length;
      queue.add(pending);
      if (queue.size() == 1) {
        arrived.signal();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the next group, waiting for one at most {@code waitNanos}.
   *
   * @return empty when nothing came in time; null when closed and drained
   */
  @Nullable List<Pending> take(long waitNanos) throws InterruptedException {
    lock.lock();
    try {
      long left = waitNanos;
      while (queue.isEmpty() && closed == null && left > 0) {
        left = arrived.awaitNanos(left);
      }
      if (queue.isEmpty() && closed != null) {
        return null;
      }
      List<Pending> group = new ArrayList<>(queue.size());
      long groupBytes = 0;
      while (!queue.isEmpty() && groupBytes < MAX_GROUP_BYTES) {
        Pending next = queue.remove();
        groupBytes += next.payload.length;
        group.add(next);
      }
      return group;
    } finally {
      lock.unlock();
    }
  }

  /** Says that a batch's future is completed. */
  void release(List<Pending> done) {
    lock.lock();
    try {
      for (Pending pending : done) {
        batches--;
        bytes -= pending.payload.length;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Refuses every batch from now on; the first reason stays. */
  void close(JournalUnavailableException reason) {
    lock.lock();
    try {
      if (closed == null || closed.reason() == Cause.CLOSED) {
        closed = reason;
      }
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
