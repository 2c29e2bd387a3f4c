package dev.indelible.server.export;

import dev.indelible.ports.journal.Journal;
import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.control.TenantQuota;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.proof.OwnSignatures;
import dev.indelible.server.retention.Copies;
import dev.indelible.server.share.BusyException;
import dev.indelible.server.trail.AccessTrail;
import dev.indelible.server.trail.Look;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
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

  private final ExportStore store;
  private final ExportSources sources;
  private final ExportBeginning beginning;
  private final ExportEntries entries;
  private final ExportWorkers workers;
  private final Terms terms;
  private final Map<String, ExportRun> runs = new ConcurrentHashMap<>();
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
    Optional<String> full = room(order.tenant());
    if (full.isPresent()) {
      return new Begun.Busy(full.get());
    }
    entries.started(job, allowed.get(), origin);
    ExportJob added = store.add(job);
    workers.wake();
    return new Begun.Started(added);
  }

  /** Makes room for one more job by forgetting old ones without files. */
  private Optional<String> room(TenantId tenant) throws IOException {
    List<ExportJob> own = store.of(tenant);
    long underWay = own.stream().filter(job -> job.state().isUnderWay()).count();
    if (underWay >= TenantQuota.EXPORTS_UNDER_WAY.most()) {
      return Optional.of(
          "There are %d exports under way, the most at once; wait for one, or cancel one."
              .formatted(underWay));
    }
    for (ExportJob job : own.reversed()) {
      if (store.of(tenant).size() < TenantQuota.EXPORTS.most()) {
        return Optional.empty();
      }
      if (!job.state().isUnderWay() && job.state() != ExportJob.State.DONE) {
        store.remove(tenant, job.id());
      }
    }
    return store.of(tenant).size() < TenantQuota.EXPORTS.most()
        ? Optional.empty()
        : Optional.of(
            "There are %d exports, the most that are kept; delete some."
                .formatted(TenantQuota.EXPORTS.most()));
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

  /** Cancels a job that is under way. */
  public Optional<ExportJob> cancel(TenantId tenant, String id) throws IOException {
    Optional<ExportJob> canceled =
        store.change(
            tenant,
            id,
            job ->
                job.state().isUnderWay()
                    ? job.with(ExportJob.State.CANCELED, job.ended(sources.clock().instant()))
                    : job);
    if (canceled.isPresent()) {
      ExportRun run = runs.get(key(canceled.get()));
      if (run == null) {
        store.deleteFiles(tenant, id);
      } else {
        run.cancel(); // whose thread deletes the files
      }
      tell(canceled.get());
    }
    return canceled;
  }

  /** Forgets a job, and deletes its file. */
  public void remove(TenantId tenant, String id) throws IOException {
    Optional<ExportJob> _ = cancel(tenant, id);
    store.remove(tenant, id);
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

  private static String key(ExportJob job) {
    return job.tenant().value() + "/" + job.id();
  }

  /** Works on a job until its end, or the server's. On a thread of the workers. */
  private void work(ExportJob waiting, ExportWorkers.Turn turn) throws InterruptedException {
    ExportRun run = null;
    try {
      Optional<ExportJob> job = beginning.proven(store, waiting);
      if (job.isEmpty()) {
        return;
      }
      run = new ExportRun(job.get(), store, sources, terms);
      runs.put(key(waiting), run);
      run.open();
      Optional<ExportRun.End> end = Optional.empty();
      while (end.isEmpty() && turn.goOn()) {
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
          Optional<ExportJob> ended =
              store.change(
                  job.tenant(),
                  job.id(),
                  known ->
                      known.state().isUnderWay()
                          ? known.failed(problem, sources.clock().instant())
                          : known);
          store.deleteFiles(job.tenant(), job.id());
          if (ended.isPresent()) {
            entries.failed(ended.get());
            tell(ended.get());
          }
        }
      }
    } catch (IOException | JournalUnavailableException e) {
      LOG.warn(
          "the end of export {} could not be recorded; trying again after a restart", job.id(), e);
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
    for (ExportRun run : runs(deleted.tenant())) {
      run.announced(deleted);
    }
  }

  @Override
  public void gone(Deleted deleted) throws IOException {
    for (ExportRun run : runs(deleted.tenant())) {
      run.gone(deleted);
    }
    for (ExportJob job : store.of(deleted.tenant())) {
      switch (job.state()) {
        case DONE -> withdraw(job, deleted);
        case WITHDRAWN -> store.deleteFiles(job.tenant(), job.id()); // after a crash in between
        case RUNNING, WAITING, FAILED, CANCELED, EXPIRED -> {}
      }
    }
  }

  @Override
  public List<Left> left(TenantId tenant, String basis) {
    List<Left> found = new ArrayList<>();
    for (ExportJob job : store.of(tenant)) {
      ExportJob.Withdrawal withdrawal = job.withdrawal();
      Instant left = job.times().left();
      if (withdrawal != null && withdrawal.basis().equals(basis) && left != null) {
        found.add(new Left(job.id(), left));
      }
    }
    return found;
  }

  private List<ExportRun> runs(TenantId tenant) {
    return runs.entrySet().stream()
        .filter(run -> run.getKey().startsWith(tenant.value() + "/"))
        .map(Map.Entry::getValue)
        .toList();
  }

  private void withdraw(ExportJob job, Deleted deleted) throws IOException {
    if ((!deleted.purge() && !job.hasPersonal())
        || HeldSeqs.common(store.held(job), deleted.entries().ranges()) == 0) {
      return;
    }
    Optional<ExportJob> withdrawn =
        store.change(
            job.tenant(),
            job.id(),
            known ->
                known.state() == ExportJob.State.DONE
                    ? known.withdrawn(
                        new ExportJob.Withdrawal(
                            deleted.record(), deleted.basis(), sources.clock().instant()))
                    : known);
    store.deleteFiles(job.tenant(), job.id());
    if (withdrawn.isPresent()) {
      entries.withdrawn(withdrawn.get());
      tell(withdrawn.get());
    }
  }

  /** Stops to work; what is under way goes on at the next start. */
  @Override
  public void close() {
    workers.close();
  }
}
