package dev.indelible.server.schedule;

import dev.indelible.ports.journal.Journal;
import dev.indelible.server.control.Destination;
import dev.indelible.server.control.ExportSchedule;
import dev.indelible.server.deliver.Delivery;
import dev.indelible.server.event.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Schedules of exports at work. What they are is configuration; here are their runs. Thread-safe.
 */
public final class Schedules implements AutoCloseable {

  private final ScheduleBooks books;
  private final ScheduleRunner runner;
  private final RunParts parts;

  /**
   * Surroundings of schedules.
   *
   * @param every how often is looked which are due
   * @param clock the time
   * @param random for waits between attempts
   */
  public record Surroundings(Duration every, InstantSource clock, RandomGenerator random) {}

  private Schedules(Journal journal, RunParts parts, Surroundings around)
      throws IOException, InterruptedException {
    this.books = ScheduleBooks.open(journal);
    this.parts = parts;
    this.runner =
        new ScheduleRunner(
            books,
            new LiveWorld(parts),
            new ScheduleRunner.Terms(around.every(), around.clock(), new Backoff(around.random())));
    parts.jobs().onEnd(job -> tell(job.order().schedule() != null));
  }

  private void tell(boolean isOfSchedule) {
    if (isOfSchedule) {
      runner.wake();
    }
  }

  /** Opens the runs; nothing becomes due before {@link #start}. The journal is not closed. */
  public static Schedules open(Journal journal, RunParts parts, Surroundings around)
      throws IOException, InterruptedException {
    return new Schedules(journal, parts, around);
  }

  /** Begins to run schedules, first what an earlier process left under way. */
  public void start() {
    runner.start();
  }

  /** The runs of a schedule. */
  public ScheduleBook book(ExportSchedule schedule) {
    return books.of(schedule);
  }

  /** The next time that a schedule is due; empty while it is paused. */
  public Optional<Instant> nextTime(ExportSchedule schedule) {
    return runner.nextTime(schedule);
  }

  /** The number of schedules that are active, or paused. */
  public long count(boolean active) {
    return parts.control().configuration().schedules().stream()
        .filter(schedule -> schedule.isActive() == active)
        .count();
  }

  /** Runs that have ended so since the start. */
  public long ended(ScheduleRun.State state) {
    return books.ended(state);
  }

  /**
   * Begins a run of a schedule now.
   *
   * @return empty when one is under way already
   */
  public Optional<ScheduleRun> runNow(ExportSchedule schedule) throws IOException {
    return runner.runNow(schedule);
  }

  /** Sends something small to a destination, that of a schedule or one that may become so. */
  public Delivery.Outcome probe(TenantId tenant, Destination destination)
      throws InterruptedException {
    return parts.deliveries().of(tenant, destination).probe();
  }

  /** The number of entries that a log ever had: where a schedule begins that takes what comes. */
  public long logSize(TenantId tenant) throws IOException {
    return parts.log().size(tenant);
  }

  @Override
  public void close() {
    runner.close();
  }
}
