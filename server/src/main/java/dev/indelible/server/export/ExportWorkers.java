package dev.indelible.server.export;

import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.thread.OwnThread;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that work on jobs: the next one is the oldest of a tenant of whom the fewest are worked
 * on, and who had no turn for the longest. Thread-safe.
 */
final class ExportWorkers implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ExportWorkers.class);
  private static final Duration IDLE = Duration.ofSeconds(30);

  /** The most tenants of whom it is remembered when they had a turn. */
  private static final int MAX_REMEMBERED = 10_000;

  private static final Duration BUSY = Duration.ofMillis(100);

  private final ExportStore store;
  private final Work work;
  private final Runnable housekeeping;
  private final InstantSource clock;
  private final List<OwnThread> threads = new ArrayList<>();
  private final Map<TenantId, Integer> busy = new HashMap<>(); // guarded by this
  private final Map<TenantId, Long> served =
      new HashMap<>(); // guarded by this; turn of the last one
  private long turns; // guarded by this
  private final Set<String> taken = new HashSet<>(); // guarded by this

  /** Works on one job. */
  @FunctionalInterface
  interface Work {
    void on(ExportJob job, Turn turn) throws InterruptedException;
  }

  /** A worker's thread, as the work sees it. */
  interface Turn {
    /** Whether the server goes on. */
    boolean goOn();

    /** Rests for a moment, as others have their turn. */
    void rest() throws InterruptedException;
  }

  ExportWorkers(
      int count, ExportStore store, Work work, Runnable housekeeping, InstantSource clock) {
    this.store = store;
    this.work = work;
    this.housekeeping = housekeeping;
    this.clock = clock;
    for (int i = 0; i < count; i++) {
      threads.add(new OwnThread("exports-" + i, this::run));
    }
  }

  void start() {
    threads.forEach(OwnThread::start);
  }

  /** Tells that there may be something to do. */
  void wake() {
    threads.forEach(OwnThread::wake);
  }

  private void run(OwnThread self) throws InterruptedException {
    Turn turn =
        new Turn() {
          @Override
          public boolean goOn() {
            return !self.isStopping();
          }

          @Override
          public void rest() throws InterruptedException {
            boolean _ = self.rest(BUSY);
          }
        };
    boolean goOn = true;
    while (goOn) {
      try {
        housekeeping.run();
        boolean more = true;
        while (more && !self.isStopping()) {
          more = workOnOne(turn);
        }
      } catch (JournalUnavailableException e) {
        LOG.warn("exports cannot go on now; trying again", e);
      }
      goOn = self.rest(IDLE);
    }
  }

  /** Returns whether to look for another one at once. */
  private boolean workOnOne(Turn turn) throws InterruptedException {
    Optional<ExportJob> next = take();
    if (next.isEmpty()) {
      return false;
    }
    try {
      work.on(next.get(), turn);
    } finally {
      release(next.get());
    }
    // One whose end cannot be recorded is not tried again and again.
    return store
        .find(next.get().tenant(), next.get().id())
        .filter(job -> job.state().isUnderWay())
        .isEmpty();
  }

  private synchronized Optional<ExportJob> take() {
    Optional<ExportJob> next =
        store.all().stream()
            .filter(job -> job.state().isUnderWay() && !taken.contains(key(job)))
            .min(
                Comparator.<ExportJob>comparingInt(job -> busy.getOrDefault(job.tenant(), 0))
                    .thenComparingLong(job -> served.getOrDefault(job.tenant(), 0L))
                    .thenComparing(job -> job.times().created()));
    Optional<ExportJob> begun = next.map(this::started);
    begun.ifPresent(
        job -> {
          taken.add(key(job));
          busy.merge(job.tenant(), 1, Integer::sum);
          if (served.size() > MAX_REMEMBERED) {
            served.clear();
          }
          served.put(job.tenant(), ++turns);
        });
    return begun;
  }

  private ExportJob started(ExportJob job) {
    return store
        .change(
            job.tenant(),
            job.id(),
            known ->
                known.state() == ExportJob.State.WAITING
                    ? known.with(
                        ExportJob.State.RUNNING,
                        new ExportJob.Times(
                            known.times().created(), clock.instant(), null, known.times().left()))
                    : known)
        .orElse(job);
  }

  private synchronized void release(ExportJob job) {
    taken.remove(key(job));
    busy.computeIfPresent(job.tenant(), (_, count) -> count == 1 ? null : count - 1);
  }

  private static String key(ExportJob job) {
    return job.tenant().value() + "/" + job.id();
  }

  @Override
  public void close() {
    threads.forEach(OwnThread::askToStop);
    threads.forEach(OwnThread::join);
  }
}
