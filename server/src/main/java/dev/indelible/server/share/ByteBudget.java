package dev.indelible.server.share;

import dev.indelible.server.share.BusyException.Share;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Bytes of memory for everybody, of which each holder may have a share. Thread-safe. */
public final class ByteBudget {

  private final long all;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition given = lock.newCondition();
  private final Map<String, Long> held = new HashMap<>(); // guarded by the lock
  private long reserved; // guarded by the lock
  private long refused; // guarded by the lock

  /** Creates a budget of that many bytes, none of them reserved. */
  public ByteBudget(long all) {
    this.all = all;
  }

  /**
   * Reserves bytes, waiting a while until there are some.
   *
   * @param holder the holder of the bytes
   * @param most bytes that the holder may have at once
   * @return null when they are reserved; else whose share is used up, and none are
   */
  public @Nullable Share reserve(String holder, long most, long bytes, long waitNanos)
      throws InterruptedException {
    lock.lock();
    try {
      long left = waitNanos;
      while (true) {
        long has = held.getOrDefault(holder, 0L);
        Share full =
            has > 0 && has + bytes > most
                ? Share.MEMBER
                : reserved > 0 && reserved + bytes > all ? Share.ALL : null;
        if (full == null) {
          held.put(holder, has + bytes);
          reserved += bytes;
          return null;
        }
        if (left <= 0) {
          refused++;
          return full;
        }
        left = given.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Gives bytes back. */
  public void give(String holder, long bytes) {
    lock.lock();
    try {
      held.computeIfPresent(holder, (_, has) -> has <= bytes ? null : has - bytes);
      reserved -= bytes;
      given.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Bytes that are reserved. */
  public long reserved() {
    lock.lock();
    try {
      return reserved;
    } finally {
      lock.unlock();
    }
  }

  /** Number of times that there were not enough bytes. */
  public long refused() {
    lock.lock();
    try {
      return refused;
    } finally {
      lock.unlock();
    }
  }
}
