package dev.indelible.server.share;

import dev.indelible.server.share.BusyException.Share;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The queues before the journal: how many bytes of events are on their way at once, and whose are
 * next.
 *
 * <p>The journal and the sequencer take what comes in its order. So that one tenant's flood does
 * not stand before everybody else's events there, only a window of bytes is let in at once, and
 * what is beyond it waits here, in a queue for each tenant; tenants take turns by bytes. A batch
 * passes when it is decoded and leaves when it is acknowledged. Thread-safe.
 */
public final class IntakeGate {

  /** The weight of the operator, whose key sends for many tenants. */
  public static final int OPERATOR_WEIGHT = 8;

  /** Counted for each batch besides its bytes: its share of a commit. */
  public static final int BATCH_BYTES = 512;

  /**
   * Limits of the gate.
   *
   * @param windowBytes bytes that are on their way; a larger batch goes alone
   * @param waitingBytes bytes of one group that wait
   * @param waiting batches of one group that wait
   */
  public record Limits(long windowBytes, long waitingBytes, int waiting) {
    public static final Limits DEFAULT = new Limits(2L << 20, 64L << 20, 512);

    public Limits {
      if (windowBytes < 1 || waitingBytes < 0 || waiting < 0) {
        throw new IllegalArgumentException("a limit is too low");
      }
    }
  }

  /** A batch on its way. To be closed when it is acknowledged or refused. */
  public interface Pass extends AutoCloseable {
    @Override
    void close();
  }

  private final Limits limits;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final FairQueue<Batch> queue = new FairQueue<>();
  private final Map<String, Long> waitingBytes = new HashMap<>();
  private long passing;
  private long refused;

  /** A gate with nothing before it. */
  public IntakeGate(Limits limits) {
    this.limits = limits;
  }

  private final class Batch implements Pass {
    private final Thread thread = Thread.currentThread();
    private final String group;
    private final long bytes;
    private FairQueue.@Nullable Ticket<Batch> ticket; // guarded by the lock
    private volatile boolean passes;

    Batch(String group, long bytes) {
      this.group = group;
      this.bytes = bytes;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        passing -= bytes;
        admit();
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Waits until a batch may pass.
   *
   * @param asker the caller
   * @param bytes of the events, as they were sent
   * @throws BusyException when as much of the group's waits already as may
   */
  public Pass enter(Asker asker, long bytes) throws InterruptedException {
    Batch batch = new Batch(asker.group(), Math.min(bytes + BATCH_BYTES, limits.windowBytes()));
    lock.lock();
    try {
      if (queue.waiting() == 0 && fits(batch)) {
        passing += batch.bytes;
        return batch;
      }
      await(asker, batch);
    } finally {
      lock.unlock();
    }
    while (!batch.passes) {
      LockSupport.park(this);
      if (Thread.interrupted() && withdraw(batch)) {
        throw new InterruptedException();
      }
    }
    return batch;
  }

  private boolean fits(Batch batch) {
    return passing + batch.bytes <= limits.windowBytes();
  }

  private void await(Asker asker, Batch batch) {
    long waits = waitingBytes.getOrDefault(asker.group(), 0L);
    if (queue.ofGroup(asker.group()) >= limits.waiting()
        || (waits > 0 && waits + batch.bytes > limits.waitingBytes())) {
      refused++;
      throw new BusyException(
          Share.GROUP, "As many of these events wait to be recorded as may; try again.");
    }
    waitingBytes.put(asker.group(), waits + batch.bytes);
    FairQueue.Ticket<Batch> ticket = queue.open(asker, batch);
    batch.ticket = ticket;
    queue.enqueue(ticket);
  }

  private void admit() {
    while (true) {
      FairQueue.Ticket<Batch> next = queue.best(_ -> true);
      if (next == null || !fits(next.item())) {
        return;
      }
      Batch batch = next.item();
      queue.take(next);
      queue.charge(next, batch.bytes);
      leave(batch, next);
      passing += batch.bytes;
      batch.passes = true;
      LockSupport.unpark(batch.thread);
    }
  }

  private void leave(Batch batch, FairQueue.Ticket<Batch> ticket) {
    queue.close(ticket);
    waitingBytes.computeIfPresent(
        batch.group, (_, bytes) -> bytes <= batch.bytes ? null : bytes - batch.bytes);
  }

  private boolean withdraw(Batch batch) {
    lock.lock();
    try {
      FairQueue.Ticket<Batch> ticket = batch.ticket;
      if (batch.passes || ticket == null) {
        return false;
      }
      leave(batch, ticket);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Batches that wait. */
  public int waiting() {
    lock.lock();
    try {
      return queue.waiting();
    } finally {
      lock.unlock();
    }
  }

  /** Bytes that are on their way. */
  public long passingBytes() {
    lock.lock();
    try {
      return passing;
    } finally {
      lock.unlock();
    }
  }

  /** Batches that were refused. */
  public long refused() {
    lock.lock();
    try {
      return refused;
    } finally {
      lock.unlock();
    }
  }
}
