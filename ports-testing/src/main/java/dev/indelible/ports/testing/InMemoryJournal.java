package dev.indelible.ports.testing;

import dev.indelible.ports.journal.ErasableJournal;
import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.ports.journal.JournalUnavailableException.Cause;
import dev.indelible.ports.journal.Position;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A journal in memory, for tests of what is built on one. A batch is durable at once, unless told
 * otherwise:
 *
 * <ul>
 *   <li>{@link #refuse} refuses every append for a reason, until {@link #accept};
 *   <li>{@link #hold} lets appends wait before they are durable, until {@link #release};
 *   <li>{@link #failForgetting} fails to forget, until told otherwise;
 *   <li>{@link #failNextSync} makes the next batch the last, as a failed sync does.
 * </ul>
 *
 * <p>{@link #afterPowerLoss} is the journal that is found at the next start. Thread-safe.
 */
public final class InMemoryJournal implements ErasableJournal {

  @SuppressWarnings("ArrayRecordComponent") // internal carrier; identity is never compared
  private record Stored(byte[] payload, long appendedAtMillis) {}

  @SuppressWarnings("ArrayRecordComponent") // internal carrier; identity is never compared
  private record Waiting(byte[] payload, CompletableFuture<Appended> future) {}

  private final InstantSource clock;
  private final TreeMap<Long, Stored> batches = new TreeMap<>();
  private final List<Waiting> held = new ArrayList<>();
  private final ExecutorService completions =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
  private long begin;
  private long end;
  private long lastMillis;
  private @Nullable Cause refusal;
  private boolean holding;
  private boolean failNext;
  private boolean failForgetting;
  private boolean closed;

  /** An empty journal. */
  public InMemoryJournal(InstantSource clock) {
    this.clock = clock;
  }

  /** Refuses every append. */
  public synchronized void refuse(Cause reason) {
    refusal = reason;
  }

  /** Accepts appends again, unless a sync has failed. */
  public synchronized void accept() {
    if (refusal != Cause.FAILED) {
      refusal = null;
    }
  }

  /** Lets appends wait. */
  public synchronized void hold() {
    holding = true;
  }

  /** How many appends wait. */
  public synchronized int heldAppends() {
    return held.size();
  }

  /** Makes the appends that wait durable, and waits no more. */
  public synchronized void release() {
    holding = false;
    for (Waiting waiting : held) {
      store(waiting);
    }
    held.clear();
  }

  /** Fails the next append as a failed sync does, for good. */
  public synchronized void failNextSync() {
    failNext = true;
  }

  /** Whether to fail to forget, as a disk does that cannot delete a file. */
  public synchronized void failForgetting(boolean fail) {
    failForgetting = fail;
  }

  /** The journal with what is durable; appends that wait are lost. This one is closed. */
  public synchronized InMemoryJournal afterPowerLoss() {
    InMemoryJournal next = new InMemoryJournal(clock);
    next.batches.putAll(batches);
    next.begin = begin;
    next.end = end;
    next.lastMillis = lastMillis;
    held.clear();
    close();
    return next;
  }

  @Override
  public synchronized CompletableFuture<Appended> append(byte[] payload) {
    if (payload.length == 0 || payload.length > MAX_BATCH_BYTES) {
      throw new IllegalArgumentException("a batch of " + payload.length + " bytes");
    }
    Waiting waiting = new Waiting(payload, new CompletableFuture<>());
    if (failNext) {
      failNext = false;
      refusal = Cause.FAILED;
    }
    Cause reason = closed ? Cause.CLOSED : refusal;
    if (reason != null) {
      return CompletableFuture.failedFuture(new JournalUnavailableException(reason, "told to"));
    }
    if (holding) {
      held.add(waiting);
    } else {
      store(waiting);
    }
    return waiting.future;
  }

  private void store(Waiting waiting) {
    lastMillis = Math.max(lastMillis, clock.millis());
    long position = end;
    batches.put(position, new Stored(waiting.payload, lastMillis));
    end = position + waiting.payload.length;
    Appended appended = new Appended(new Position(position), lastMillis);
    completions.execute(() -> waiting.future.complete(appended));
    notifyAll();
  }

  @Override
  public synchronized Cursor read(Position from) throws IOException {
    if (from.value() < begin) {
      throw forgotten(from.value());
    }
    if (from.value() > end) {
      throw new IOException("position " + from.value() + " is beyond the end, " + end);
    }
    return new MemoryCursor(from.value());
  }

  private IOException forgotten(long position) {
    return new IOException(
        "position " + position + " is forgotten, the journal begins at " + begin);
  }

  @Override
  public synchronized Position end() {
    return new Position(end);
  }

  @Override
  public synchronized Position begin() {
    return new Position(begin);
  }

  @Override
  public synchronized void forget(Position before) throws IOException {
    if (failForgetting) {
      throw new IOException("told to");
    }
    while (batches.size() > 1 && batches.firstKey() < before.value()) {
      batches.pollFirstEntry();
      begin = batches.firstKey();
    }
  }

  @Override
  public void rotate() {}

  @Override
  public synchronized void awaitGone(Position before) throws IOException {
    if (begin < before.value()) {
      throw new IOException("still holds what was appended at " + begin);
    }
  }

  @Override
  public synchronized long sizeBytes() {
    return end - begin;
  }

  @Override
  public synchronized void close() {
    release();
    closed = true;
    completions.shutdown();
    notifyAll();
  }

  private final class MemoryCursor implements Cursor {
    private long position;

    MemoryCursor(long position) {
      this.position = position;
    }

    @Override
    public @Nullable Batch next(Duration timeout) throws IOException, InterruptedException {
      long deadlineNanos = System.nanoTime() + timeout.toNanos();
      synchronized (InMemoryJournal.this) {
        while (!closed) {
          if (position < begin) {
            throw forgotten(position);
          }
          Map.Entry<Long, Stored> entry = batches.ceilingEntry(position);
          if (entry != null) {
            Stored stored = entry.getValue();
            long start = entry.getKey();
            position = start + stored.payload.length;
            return new Batch(
                new Position(start),
                new Position(position),
                stored.appendedAtMillis,
                stored.payload);
          }
          long leftMillis = (deadlineNanos - System.nanoTime() + 999_999) / 1_000_000;
          if (leftMillis <= 0) {
            return null;
          }
          InMemoryJournal.this.wait(leftMillis);
        }
        return null;
      }
    }

    @Override
    public void close() {}
  }
}
