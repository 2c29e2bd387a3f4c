package dev.indelible.server.export;

import dev.indelible.ports.journal.Journal;
import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.proof.OwnSignatures;
import dev.indelible.server.retention.Copies;
import dev.indelible.server.share.BusyException;
import dev.indelible.server.trail.AccessTrail;
import dev.indelible.server.trail.Look;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exports as jobs: begun, made in the background, kept for a while, and taken down when what they
 * hold is deleted. Thread-safe.
 *
 * <p>A job is durable when {@link #begin} returns. After a restart it goes on where its file is
 * durable, at the same position of the log.
 */
public final class ExportJobs implements Copies, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ExportJobs.class);
  private static final int ORDERING_LOCKS = 16;

  private final ExportStore store;
  private final ExportSources sources;
  private final ExportBeginning beginning;
  private final ExportEntries entries;
  private final ExportDeletions deletions;
  private final ExportWorkers workers;
  private final Downloads downloads;
  private final Terms terms;
  private final Map<String, ExportRun> runs = new ConcurrentHashMap<>();

  /** Held while a run opens its files, so that it has them before or after a deletion looks. */
  private final ReentrantLock opening = new ReentrantLock();

  /** Held while a job of a tenant with that hash begins, or is canceled: nobody does so twice. */
  private final ReentrantLock[] ordering = new ReentrantLock[ORDERING_LOCKS];

  private final LongAdder done = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final List<Consumer<ExportJob>> listeners = new CopyOnWriteArrayList<>();

  /**
   * Settings of exports.
   *
   * @param keep how long a complete file is kept
   * @param threads how many jobs are worked on at once
   * @param maxBytes the most bytes of all files together
   */
  public record Terms(Duration keep, int threads, long maxBytes) {}

  /** Outcome of {@link #begin}. */
  public sealed interface Begun {

    /** The job, begun now or before. */
    record Started(ExportJob job) implements Begun {}

    /**
     * Refusal of a maker who may not export.
     *
     * @param why for people
     */
    record NotAllowed(String why) implements Begun {}

    /**
     * Refusal of one too many; later there may be room.
     *
     * @param why for people
     */
    record Busy(String why) implements Begun {}
  }

  private ExportJobs(ExportStore store, ExportSources sources, Terms terms) {
    this.store = store;
    this.sources = sources;
    this.terms = terms;
    this.entries = new ExportEntries(sources);
    this.beginning = new ExportBeginning(sources);
    Arrays.setAll(ordering, _ -> new ReentrantLock());
    this.downloads = new Downloads(sources.clock());
    this.deletions = new ExportDeletions(store, sources, entries, runs, opening, this::tell);
    this.workers =
        new ExportWorkers(terms.threads(), store, this::work, this::expire, sources.clock());
  }

  /**
   * Opens the jobs; nothing is worked on before {@link #start}.
   *
   * @param root folder of the files, for the owner alone
   * @param journal of the jobs, which is not closed
   */
  public static ExportJobs open(Path root, Journal journal, ExportSources sources, Terms terms)
      throws IOException, InterruptedException {
    return new ExportJobs(ExportStore.open(root, journal), sources, terms);
  }

  /** Begins to work, first on what an earlier process left. */
  public void start() {
    workers.start();
  }

  /**
   * Tells {@code listener} of every job that comes to its end from now on; on a worker's thread.
   */
  public void onEnd(Consumer<ExportJob> listener) {
    listeners.add(listener);
  }

  /** Begins an export that nobody asks for now, such as a schedule's. */
  public Begun begin(ExportOrder order) throws IOException {
    return begin(order, AccessTrail.INSIDE);
  }

  /**
   * Begins an export; an order whose id is there already begins nothing.
   *
   * @param origin where whoever asks is
   * @throws dev.indelible.server.search.BadQueryException when the query is none
   * @throws dev.indelible.server.query.FactsOnly.PersonalException when its maker may not ask it
   * @throws dev.indelible.server.takeout.TakeoutException when the profile does not allow it so
   * @throws JournalUnavailableException when nothing can be recorded now
   */
  public Begun begin(ExportOrder order, Look.Origin origin) throws IOException {
    Optional<ExportJob> before = store.find(order.tenant(), order.id());
    if (before.isPresent()) {
      return new Begun.Started(before.get());
    }
    Optional<ExportRights.Allowed> allowed = sources.rights().now(order);
    if (allowed.isEmpty()) {
      return new Begun.NotAllowed("Whoever it is for may not export from this log.");
    }
    ExportJob job = beginning.job(order, allowed.get());
    ReentrantLock lock = ordering(order.tenant());
    lock.lock();
    try {
      return begin(job, allowed.get(), origin);
    } finally {
      lock.unlock();
    }
  }

  private ReentrantLock ordering(TenantId tenant) {
    return ordering[Math.floorMod(tenant.hashCode(), ORDERING_LOCKS)];
  }

  private Begun begin(ExportJob job, ExportRights.Allowed allowed, Look.Origin origin)
      throws IOException {
    Optional<ExportJob> before = store.find(job.tenant(), job.id());
    if (before.isPresent()) {
      return new Begun.Started(before.get());
    }
    Optional<String> full = ExportRoom.make(store, job);
    if (full.isPresent()) {
      return new Begun.Busy(full.get());
    }
    entries.started(job, allowed, origin);
    ExportJob added = store.add(job);
    workers.wake();
    return new Begun.Started(added);
  }

  /** Previews an order, which needs no reason yet; nothing of it is kept. */
  public Optional<ExportPreview> preview(ExportOrder order) throws IOException {
    Optional<ExportRights.Allowed> allowed = sources.rights().now(order);
    return allowed.isEmpty()
        ? Optional.empty()
        : Optional.of(beginning.preview(order, allowed.get()));
  }

  /** Whether a text is a checkpoint of the tenant's log, which a pack can be made at. */
  public boolean isOwnCheckpoint(TenantId tenant, String note) {
    return OwnSignatures.of(sources.logs(), tenant, note).isPresent();
  }

  /** The job of that id. */
  public Optional<ExportJob> find(TenantId tenant, String id) {
    return store.find(tenant, id).map(this::asSeen);
  }

  /** The tenant's jobs, newest first. */
  public List<ExportJob> list(TenantId tenant) {
    return store.of(tenant).stream().map(this::asSeen).toList();
  }

  private ExportJob asSeen(ExportJob job) {
    ExportRun run = job.state() == ExportJob.State.RUNNING ? runs.get(key(job)) : null;
    return run == null ? job : job.with(run.seen());
  }

  /** Path of a job's complete file; it is there for as long as the job is done. */
  public Path file(ExportJob job) {
    return store.file(job);
  }

  /**
   * Cancels a job that is under way, which is recorded before.
   *
   * @throws JournalUnavailableException when it cannot be recorded now; nothing is canceled then
   */
  public Optional<ExportJob> cancel(ExportJob job, Canceling by) throws IOException {
    ReentrantLock lock = ordering(job.tenant());
    lock.lock();
    try {
      Optional<ExportJob> known =
          store.find(job.tenant(), job.id()).filter(found -> found.state().isUnderWay());
      known.ifPresent(found -> entries.canceled(found, by));
      return known.isEmpty() ? known : cancel(known.get());
    } finally {
      lock.unlock();
    }
  }

  private Optional<ExportJob> cancel(ExportJob job) throws IOException {
    Optional<ExportJob> canceled =
        store.change(
            job.tenant(),
            job.id(),
            known ->
                known.state().isUnderWay()
                    ? known.with(ExportJob.State.CANCELED, known.ended(sources.clock().instant()))
                    : known);
    if (canceled.isPresent()) {
      ExportRun run = runs.get(key(job));
      if (run == null) {
        store.deleteFiles(job.tenant(), job.id());
      } else {
        run.cancel(); // whose thread deletes the files
      }
      tell(canceled.get());
    }
    return canceled;
  }

  /** Forgets a job, and deletes its file; one that is under way is canceled. */
  public void remove(ExportJob job, Canceling by) throws IOException {
    Optional<ExportJob> _ = cancel(job, by);
    store.remove(job.tenant(), job.id());
  }

  /**
   * Records that a file leaves the house, before it does.
   *
   * @throws JournalUnavailableException when it cannot be recorded now
   */
  public void leaves(ExportJob job, Leaving leaving) {
    entries.exported(job, leaving);
    if (job.times().left() == null) {
      Optional<ExportJob> _ =
          store.change(job.tenant(), job.id(), known -> known.left(sources.clock().instant()));
    }
  }

  /**
   * Records likewise that somebody downloads a file.
   *
   * @param isLaterPart whether they ask for a part behind the beginning; it is recorded unless they
   *     began to take the file not long ago
   */
  public void isDownloaded(ExportJob job, ExportMaker by, Leaving leaving, boolean isLaterPart) {
    if (!isLaterPart || !downloads.isUnderWay(job, by)) {
      leaves(job, leaving);
      downloads.began(job, by);
    }
  }

  /**
   * Figures of exports.
   *
   * @param underWay how many wait or are made
   * @param fileBytes size of all complete files
   * @param done how many were made since the start
   * @param failed how many failed since the start
   */
  public record Figures(long underWay, long fileBytes, long done, long failed) {}

  /** Figures for metrics. */
  public Figures figures() {
    return new Figures(
        store.all().stream().filter(job -> job.state().isUnderWay()).count(),
        store.fileBytes(),
        done.sum(),
        failed.sum());
  }

  static String key(ExportJob job) {
    return job.tenant().value() + "/" + job.id();
  }

  /** Works on a job until its end, or the server's. On a thread of the workers. */
  private void work(ExportJob waiting, ExportWorkers.Turn turn) throws InterruptedException {
    ExportRun run = null;
    try {
      boolean isProven = ExportFiles.holdsCheckpoint(waiting.order().format());
      Optional<ExportJob> job = isProven ? beginning.proven(store, waiting) : Optional.of(waiting);
      if (job.isEmpty()) {
        return;
      }
      run = new ExportRun(job.get(), store, sources, terms);
      open(run, key(waiting));
      Optional<ExportRun.End> end = Optional.empty();
      while (end.isEmpty() && turn.goOn()) {
        if (!isProven && run.isRead()) {
          // Published meanwhile, as a rule: nobody waits for it.
          Optional<ExportJob> _ = beginning.proven(store, waiting);
          isProven = true;
        }
        end = step(run, turn);
      }
      if (end.isEmpty()) {
        run.pause();
      } else {
        ended(waiting, end.get());
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("export {} of {} failed", waiting.id(), waiting.tenant(), e);
      ended(waiting, new ExportRun.End.Failed(ExportProblems.of(e)));
    } finally {
      runs.remove(key(waiting));
      close(run);
    }
  }

  private void open(ExportRun run, String key) throws IOException {
    opening.lock();
    try {
      runs.put(key, run);
      run.open();
    } finally {
      opening.unlock();
    }
  }

  private static Optional<ExportRun.End> step(ExportRun run, ExportWorkers.Turn turn)
      throws IOException, InterruptedException {
    try {
      return run.step();
    } catch (BusyException e) {
      turn.rest();
      return Optional.empty();
    }
  }

  private void close(@Nullable ExportRun run) {
    if (run != null) {
      try {
        run.close();
      } catch (IOException e) {
        LOG.warn("a file of an export could not be closed", e);
      }
    }
  }

  private void ended(ExportJob job, ExportRun.End end) {
    try {
      switch (end) {
        case ExportRun.End.Done(ExportJob complete) -> {
          done.increment();
          tell(complete);
        }
        case ExportRun.End.Canceled() -> store.deleteFiles(job.tenant(), job.id());
        case ExportRun.End.Failed(ExportJob.Problem problem) -> {
          failed.increment();
          Optional<ExportJob> known =
              store.find(job.tenant(), job.id()).filter(found -> found.state().isUnderWay());
          // Its entry first: where the journal refuses it, all of this is done again.
          known.ifPresent(found -> entries.failed(found, problem));
          Optional<ExportJob> ended =
              store.change(
                  job.tenant(),
                  job.id(),
                  now ->
                      now.state().isUnderWay()
                          ? now.failed(problem, sources.clock().instant())
                          : now);
          store.deleteFiles(job.tenant(), job.id());
          ended.ifPresent(this::tell);
        }
      }
    } catch (IOException | JournalUnavailableException e) {
      LOG.warn("the end of export {} could not be recorded; trying again later", job.id(), e);
    }
  }

  private void tell(ExportJob job) {
    for (Consumer<ExportJob> listener : listeners) {
      listener.accept(job);
    }
  }

  private void expire() {
    for (ExportJob job : store.all()) {
      if (job.available()
          .filter(file -> !file.expiresAt().isAfter(sources.clock().instant()))
          .isPresent()) {
        try {
          Optional<ExportJob> _ =
              store.change(
                  job.tenant(),
                  job.id(),
                  known ->
                      known.state() == ExportJob.State.DONE
                          ? known.with(ExportJob.State.EXPIRED, known.times())
                          : known);
          store.deleteFiles(job.tenant(), job.id());
        } catch (IOException | JournalUnavailableException e) {
          LOG.warn("the file of export {} could not be deleted; trying again later", job.id(), e);
        }
      }
    }
  }

  @Override
  public void announced(Deleted deleted) throws IOException {
    deletions.announced(deleted);
  }

  @Override
  public void gone(Deleted deleted) throws IOException {
    deletions.gone(deleted);
  }

  @Override
  public List<Left> left(TenantId tenant, String basis) {
    return deletions.left(tenant, basis);
  }

  /** Stops to work; what is under way goes on at the next start. */
  @Override
  public void close() {
    workers.close();
  }
}
