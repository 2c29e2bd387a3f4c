package dev.indelible.server.search;

import dev.indelible.ports.journal.Position;
import dev.indelible.server.index.EventIndex;
import dev.indelible.server.index.Indexable;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.log.FreshEntry;
import dev.indelible.server.log.LogFollower;
import dev.indelible.server.thread.OwnThread;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fold that feeds the search index.
 *
 * <p>It takes what is sequenced into a bounded queue. Every refresh interval one thread indexes
 * what has gathered, all at once, and makes it searchable: a refresh writes a segment, and one
 * whose entries come sorted costs much less. It commits when a run is sealed. The index may be
 * behind the log, never ahead of it, and says how far it has come.
 */
public final class IndexFold implements LogFollower, AutoCloseable {

  /**
   * Entries that may wait to be indexed; beyond it the sequencer waits. It is slowed down before,
   * so that what comes faster than it is indexed hardly ever reaches it ({@link IntakePace}).
   */
  public static final int MAX_QUEUED_ENTRIES = 200_000;

  /** Entries that are indexed at once, and so become searchable together. */
  static final int MAX_BATCH_ENTRIES = 32_768;

  /** Their bytes as stored: what they take while they are indexed is some times as much. */
  static final long MAX_BATCH_BYTES = 32L * 1024 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(IndexFold.class);
  private static final int REBUILD_BATCH_ENTRIES = 2_000;
  private static final long IDLE_MILLIS = 500;

  private record Step(List<FreshEntry> entries, Position through) {

    long bytes() {
      long bytes = 0;
      for (FreshEntry entry : entries) {
        byte[] personal = entry.parts().personal();
        bytes += entry.parts().facts().length + (personal == null ? 0 : personal.length);
      }
      return bytes;
    }
  }

  private final EventIndex index;
  private final RefreshPace pace;
  private final Consumer<Throwable> whenFailed;
  private final LongSupplier nanoTime;
  private final OwnThread thread;

  // Guarded by this.
  private final IntakePace intake = new IntakePace();
  private final ArrayDeque<Step> queue = new ArrayDeque<>();
  private int queuedEntries;
  private int leftEntries; // queued when the last batch was indexed; more gather on purpose
  private Position applied;
  private @Nullable Position commitWanted;
  private Position committed;
  private boolean stopping;
  private @Nullable IOException failure;

  private volatile long searchableOrdinal;
  private volatile boolean behind; // written under the lock
  private volatile long oldestQueuedMillis = Long.MAX_VALUE;
  private long lastRefreshNanos; // the thread's

  /**
   * A fold into {@code index}.
   *
   * @param whenFailed is told, once, when indexing has ended because the index failed
   */
  public IndexFold(EventIndex index, Duration refreshInterval, Consumer<Throwable> whenFailed) {
    this(index, refreshInterval, whenFailed, System::nanoTime);
  }

  /** A fold whose refreshes go by another clock. */
  IndexFold(
      EventIndex index,
      Duration refreshInterval,
      Consumer<Throwable> whenFailed,
      LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.whenFailed = whenFailed;
    this.index = index;
    this.pace = new RefreshPace(refreshInterval);
    this.committed = Position.START;
    this.applied = Position.START;
    this.thread = new OwnThread("indexer", _ -> run());
  }

  /** Fills an empty index with everything that is sealed, and commits it. Before {@link #start}. */
  public static void rebuild(EventIndex index, EventLog log) throws IOException {
    RebuildProgress progress =
        new RebuildProgress(log.statistics().sealedEntries(), System::nanoTime, LOG::info);
    List<Indexable> batch = new ArrayList<>(REBUILD_BATCH_ENTRIES);
    log.forEachSealed(
        (tenant, stored) -> {
          EntryReader.indexable(tenant, stored).ifPresent(batch::add);
          if (batch.size() == REBUILD_BATCH_ENTRIES) {
            index.apply(batch);
            progress.add(batch.size());
            batch.clear();
          }
        });
    index.apply(batch);
    progress.add(batch.size());
    index.commit(log.sealedThrough());
    progress.end();
  }

  /** Starts to index, from the position on that the index has committed. */
  public void start() {
    synchronized (this) {
      committed = index.committed();
      applied = committed;
    }
    thread.start();
  }

  @Override
  public void sequenced(List<FreshEntry> entries, Position through) throws InterruptedException {
    synchronized (this) {
      while (queuedEntries > 0
          && queuedEntries + entries.size() > MAX_QUEUED_ENTRIES
          && failure == null) {
        wait();
      }
      boolean first = queue.isEmpty();
      queue.add(new Step(entries, through));
      queuedEntries += entries.size();
      if (oldestQueuedMillis == Long.MAX_VALUE) {
        oldestQueuedMillis = oldest(queue);
      }
      if (first || queuedEntries >= MAX_BATCH_ENTRIES) {
        notifyAll();
      }
      behind = queuedEntries > MAX_BATCH_ENTRIES;
      long until = System.nanoTime() + intake.waitNanos(entries.size(), queuedEntries);
      long left;
      while (failure == null && (left = until - System.nanoTime()) > 0) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    }
  }

  @Override
  public synchronized void awaitDurable(Position through) throws IOException, InterruptedException {
    if (commitWanted == null || commitWanted.compareTo(through) < 0) {
      commitWanted = through;
      notifyAll();
    }
    while (committed.compareTo(through) < 0) {
      if (failure != null) {
        throw new IOException("the search index has failed", failure);
      }
      wait();
    }
  }

  /** Entries with an ordinal below this are found by searches. */
  public long searchableOrdinal() {
    return searchableOrdinal;
  }

  /** Entries that wait to be indexed. */
  public synchronized long lagEntries() {
    return queuedEntries;
  }

  /** Whether more waits than is indexed at once. */
  public boolean isBehind() {
    return behind;
  }

  /**
   * Time of recording of the oldest entry that waits, in milliseconds since the epoch; {@link
   * Long#MAX_VALUE} when none does.
   */
  public long oldestQueuedMillis() {
    return oldestQueuedMillis;
  }

  /** Whether it goes on. */
  public synchronized boolean isHealthy() {
    return failure == null;
  }

  private void run() {
    try {
      while (true) {
        List<Step> steps = take();
        if (steps == null) {
          return;
        }
        apply(steps);
        commitWhenWanted();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException | Error e) {
      LOG.error(
          "indexing stopped; nothing new is found, and soon nothing is accepted, before a restart",
          e);
      synchronized (this) {
        failure = e instanceof IOException io ? io : new IOException(e);
        notifyAll();
      }
      whenFailed.accept(e);
    }
  }

  /**
   * Takes queued steps, at most a batch of them; empty when only a commit is due; null at the end.
   */
  private synchronized @Nullable List<Step> take() throws InterruptedException {
    while (!stopping && !isCommitDue() && !isBatchDue()) {
      wait(queue.isEmpty() ? IDLE_MILLIS : pace.waitMillis(sinceRefreshMillis()));
    }
    if (queue.isEmpty() && stopping && !isCommitDue()) {
      return null;
    }
    List<Step> steps = new ArrayList<>();
    int entries = 0;
    long bytes = 0;
    Step next;
    while ((next = queue.peek()) != null
        && bytes < MAX_BATCH_BYTES
        && (steps.isEmpty() || entries + next.entries().size() <= MAX_BATCH_ENTRIES)) {
      steps.add(queue.remove());
      entries += next.entries().size();
      bytes += next.bytes();
      if (next.through().equals(commitWanted)) {
        break; // so that what is committed ends exactly where it is wanted
      }
    }
    return steps;
  }

  private boolean isBatchDue() {
    return !queue.isEmpty()
        && (queuedEntries >= MAX_BATCH_ENTRIES
            || isCommitWanted()
            || pace.isDue(sinceRefreshMillis(), leftEntries, queuedEntries - leftEntries));
  }

  private boolean isCommitWanted() {
    return commitWanted != null && commitWanted.compareTo(committed) > 0;
  }

  private static long oldest(Iterable<Step> steps) {
    for (Step step : steps) {
      if (!step.entries().isEmpty()) {
        return step.entries().getFirst().recordedAtMillis();
      }
    }
    return Long.MAX_VALUE;
  }

  private boolean isCommitDue() {
    return commitWanted != null && isCommitWanted() && applied.compareTo(commitWanted) >= 0;
  }

  private void apply(List<Step> steps) throws IOException {
    if (steps.isEmpty()) {
      return;
    }
    long start = nanoTime.getAsLong();
    List<Indexable> missing = new ArrayList<>();
    int taken = 0;
    long ordinal = searchableOrdinal;
    Position inIndex = index.committed();
    for (Step step : steps) {
      taken += step.entries().size();
      if (!step.entries().isEmpty()) {
        ordinal = step.entries().getLast().ordinal() + 1;
      }
      // Others were sequenced again after a restart, and are in the index since before it.
      if (step.through().compareTo(inIndex) > 0) {
        step.entries().forEach(entry -> missing.add(EntryReader.indexable(entry)));
      }
    }
    if (!missing.isEmpty()) {
      index.apply(missing);
    }
    index.refresh();
    lastRefreshNanos = nanoTime.getAsLong();
    searchableOrdinal = ordinal;
    synchronized (this) {
      queuedEntries -= taken;
      leftEntries = queuedEntries;
      behind = queuedEntries > MAX_BATCH_ENTRIES;
      intake.indexed(taken, lastRefreshNanos - start);
      applied = steps.getLast().through();
      oldestQueuedMillis = oldest(queue);
      notifyAll();
    }
  }

  private void commitWhenWanted() throws IOException {
    Position position;
    synchronized (this) {
      if (!isCommitDue()) {
        return;
      }
      position = applied;
    }
    index.commit(position);
    // What is sealed must be visible too: repeated ids are looked up there.
    index.refresh();
    synchronized (this) {
      committed = position;
      notifyAll();
    }
  }

  private long sinceRefreshMillis() {
    return (nanoTime.getAsLong() - lastRefreshNanos) / 1_000_000;
  }

  /** Indexes what is queued, then ends. The index is not closed here. */
  @Override
  public void close() {
    synchronized (this) {
      stopping = true;
      notifyAll();
    }
    thread.join();
  }
}
