package dev.indelible.server.schedule;

import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.control.ExportSchedule;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.share.BusyException;
import dev.indelible.server.thread.OwnThread;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs schedules: looks again and again which of them are due, and takes their runs further, a few
 * at once. Thread-safe.
 *
 * <p>A run that was missed, because the server was down or another run took long, is made up once,
 * whatever the number of times that it stands for. A clock that is set ahead and back makes one run
 * more, and none later than it would be.
 */
final class ScheduleRunner implements AutoCloseable {

  /** Runs that are worked on at once. */
  static final int MAX_AT_ONCE = 8;

  /** Those of one tenant among them. */
  static final int MAX_OF_TENANT = 2;

  /** How long a run is left alone after something that is no fault of its own. */
  private static final Duration PAUSE = Duration.ofSeconds(15);

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
  private static final Logger LOG = LoggerFactory.getLogger(ScheduleRunner.class);

  private final ScheduleBooks books;
  private final RunWorld world;
  private final RunSteps steps;
  private final Terms terms;
  private final Map<String, Plan> plans = new HashMap<>(); // guarded by this, by id
  private final Set<String> inFlight = new HashSet<>(); // guarded by this, by id
  private final Map<TenantId, Integer> ofTenant = new HashMap<>(); // guarded by this
  private final Map<String, Instant> leftAlone = new HashMap<>(); // guarded by this, by id
  private final OwnThread thread = new OwnThread("schedules", this::run);
  private final ExecutorService workers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("schedule-", 0).factory());

  /**
   * Surroundings of schedules.
   *
   * @param every how often is looked which are due
   * @param clock the time
   * @param backoff waits between attempts
   */
  record Terms(Duration every, InstantSource clock, Backoff backoff) {}

  /** Next time of a schedule. */
  private static final class Plan {
    private final ExportSchedule schedule;
    private final CronTimes times;
    private Instant asOf; // the last time that was looked
    private Instant next;

    Plan(ExportSchedule schedule, Instant anchor, Instant now) {
      this.schedule = schedule;
      this.times = CronTimes.of(schedule.when().cron(), ZoneId.of(schedule.when().zone()));
      this.asOf = now;
      this.next = times.next(anchor);
    }

    /** Notices the time: a clock that was set back makes it due earlier, not never. */
    Plan at(Instant now) {
      if (now.isBefore(asOf)) {
        next = times.next(now);
      }
      asOf = now;
      return this;
    }

    boolean isDue(Instant now) {
      return !next.isAfter(now);
    }

    void passed(Instant now) {
      next = times.next(now);
    }
  }

  ScheduleRunner(ScheduleBooks books, RunWorld world, Terms terms) {
    this.books = books;
    this.world = world;
    this.terms = terms;
    this.steps = new RunSteps(books, world, terms.clock(), terms.backoff());
  }

  /** Begins to run them. */
  void start() {
    thread.start();
  }

  /** Has it look again now. */
  void wake() {
    thread.wake();
  }

  private void run(OwnThread self) throws InterruptedException {
    while (self.rest(terms.every())) {
      try {
        due().forEach(workers::execute);
      } catch (JournalUnavailableException e) {
        LOG.warn("runs of schedules cannot be recorded now: {}", e.getMessage());
      } catch (RuntimeException e) {
        LOG.error("schedules could not be looked at; trying again", e);
      }
    }
  }

  /** A run that can go on. */
  private record Task(ExportSchedule schedule, ScheduleRun run) {}

  /** Puts down what is due, and returns the work of the runs that go on now. */
  synchronized List<Runnable> due() {
    Instant now = now();
    List<ExportSchedule> all = world.schedules();
    forget(all);
    List<Task> ready = new ArrayList<>();
    for (ExportSchedule schedule : all) {
      if (!inFlight.contains(schedule.id())) {
        readyUnlessFaulty(schedule, now).ifPresent(run -> ready.add(new Task(schedule, run)));
      }
    }
    ready.sort(Comparator.comparing(task -> task.run().begunAt()));
    return ready.stream().filter(this::admit).<Runnable>map(task -> () -> work(task)).toList();
  }

  private void forget(List<ExportSchedule> all) {
    Set<String> ids = all.stream().map(ExportSchedule::id).collect(Collectors.toSet());
    plans.keySet().retainAll(ids);
    leftAlone.keySet().retainAll(ids);
    books.retain(ids);
  }

  /** A run that goes on; a fault of one schedule or its log holds no other one up. */
  private Optional<ScheduleRun> readyUnlessFaulty(ExportSchedule schedule, Instant now) {
    Instant until = leftAlone.get(schedule.id());
    if (until != null && until.isAfter(now)) {
      return Optional.empty();
    }
    try {
      return ready(schedule, now);
    } catch (JournalUnavailableException e) {
      throw e; // concerns all
    } catch (IOException | RuntimeException e) {
      LOG.warn("the schedule {} could not be looked at; trying again", schedule.id(), e);
      leftAlone.put(schedule.id(), now.plus(PAUSE));
      return Optional.empty();
    }
  }

  private Optional<ScheduleRun> ready(ExportSchedule schedule, Instant now) throws IOException {
    ScheduleBook book = books.of(schedule);
    Optional<ScheduleRun> underWay = book.underWay();
    Plan plan = plan(schedule, book, now).at(now);
    if (underWay.isPresent()) {
      return goesOn(schedule, underWay.get());
    }
    if (!schedule.isActive()) {
      return Optional.empty();
    }
    if (!plan.isDue(now)) {
      return Optional.empty();
    }
    Optional<ScheduleRun> begun = begin(schedule, book, plan.next, now);
    plan.passed(now);
    return begun;
  }

  private Optional<ScheduleRun> begin(
      ExportSchedule schedule, ScheduleBook book, Instant dueAt, Instant now) throws IOException {
    // Not before the schedule became what it is, which may have been within this millisecond.
    Instant begunAt = now.isBefore(schedule.activeSince()) ? schedule.activeSince() : now;
    ScheduleRun run = book.next(dueAt, world.logSize(schedule.tenant()), begunAt);
    return books.put(schedule, run).underWay();
  }

  private Plan plan(ExportSchedule schedule, ScheduleBook book, Instant now) {
    Plan known = plans.get(schedule.id());
    if (known != null && known.schedule.equals(schedule)) {
      return known;
    }
    Instant anchor =
        book.last()
            .map(ScheduleRun::begunAt)
            .filter(last -> last.isAfter(schedule.activeSince()))
            .orElse(schedule.activeSince());
    Plan plan = new Plan(schedule, anchor.isAfter(now) ? now : anchor, now);
    plans.put(schedule.id(), plan);
    return plan;
  }

  /** A run that is under way, unless it waits, or is given up as somebody changed the schedule. */
  private Optional<ScheduleRun> goesOn(ExportSchedule schedule, ScheduleRun run) {
    if (!schedule.isActive()) {
      steps.giveUp(schedule, run, RunProblems.PAUSED);
      return Optional.empty();
    }
    if (run.begunAt().isBefore(schedule.activeSince())) {
      steps.giveUp(schedule, run, RunProblems.CHANGED); // made with another maker's rights
      return Optional.empty();
    }
    return steps.isTooEarly(run) ? Optional.empty() : Optional.of(run);
  }

  private boolean admit(Task task) {
    TenantId tenant = task.schedule().tenant();
    if (inFlight.size() >= MAX_AT_ONCE || ofTenant.getOrDefault(tenant, 0) >= MAX_OF_TENANT) {
      return false;
    }
    inFlight.add(task.schedule().id());
    ofTenant.merge(tenant, 1, Integer::sum);
    return true;
  }

  private void work(Task task) {
    boolean wellDone = false;
    try {
      ScheduleRun _ = steps.advance(task.schedule(), task.run());
      wellDone = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the next start goes on
    } catch (BusyException | JournalUnavailableException e) {
      LOG.info("a run of {} waits: {}", task.schedule().id(), e.getMessage());
    } catch (IOException | RuntimeException e) {
      LOG.warn("a run of {} could not go on; trying again", task.schedule().id(), e);
    } finally {
      end(task, wellDone);
    }
  }

  private synchronized void end(Task task, boolean wellDone) {
    String id = task.schedule().id();
    inFlight.remove(id);
    TenantId tenant = task.schedule().tenant();
    int others = ofTenant.getOrDefault(tenant, 1) - 1;
    if (others == 0) {
      ofTenant.remove(tenant);
    } else {
      ofTenant.put(tenant, others);
    }
    if (wellDone) {
      leftAlone.remove(id);
    } else {
      leftAlone.put(id, now().plus(PAUSE));
    }
  }

  /**
   * Begins a run that somebody asks for.
   *
   * @return empty when one is under way already
   */
  synchronized Optional<ScheduleRun> runNow(ExportSchedule schedule) throws IOException {
    ScheduleBook book = books.of(schedule);
    if (book.underWay().isPresent()) {
      return Optional.empty();
    }
    Optional<ScheduleRun> begun = begin(schedule, book, now(), now());
    plans.remove(schedule.id());
    wake();
    return begun;
  }

  /** The next time that a schedule is due; empty while it is paused. */
  synchronized Optional<Instant> nextTime(ExportSchedule schedule) {
    return schedule.isActive()
        ? Optional.of(plan(schedule, books.of(schedule), now()).next)
        : Optional.empty();
  }

  private Instant now() {
    return Instant.ofEpochMilli(terms.clock().millis());
  }

  /** Stops to look, ends deliveries under way, and waits for that. */
  @Override
  public void close() {
    thread.stop();
    workers.shutdownNow();
    try {
      if (!workers.awaitTermination(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("a run of a schedule does not stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
