package dev.indelible.server.schedule;

import dev.indelible.server.control.ExportSchedule;
import dev.indelible.server.schedule.ScheduleRun.State;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The steps of one run. Each is decided by the durable state of the run alone, so that a restart
 * goes on wherever a crash was:
 *
 * <ol>
 *   <li>WAITING: the window is durable. It is looked at; without entries the run is over.
 *   <li>EXPORTING: the export's id is durable. The export is begun if there is none of that id: a
 *       crash between the two begins it, one behind finds it.
 *   <li>DELIVERING: the file is complete. It is delivered under the run's own id; a crash between
 *       the delivery and its record delivers it once more, and the receiver can tell.
 *   <li>DONE: where the next window begins is in the same record.
 * </ol>
 *
 * <p>A run that is given up moves nothing: the next run's window begins where its own did.
 */
final class RunSteps {

  private final ScheduleBooks books;
  private final RunWorld world;
  private final InstantSource clock;
  private final Backoff backoff;

  RunSteps(ScheduleBooks books, RunWorld world, InstantSource clock, Backoff backoff) {
    this.books = books;
    this.world = world;
    this.clock = clock;
    this.backoff = backoff;
  }

  /** Takes the run of a schedule as far as it goes now; returns it as it is then. */
  ScheduleRun advance(ExportSchedule schedule, ScheduleRun begun)
      throws IOException, InterruptedException {
    ScheduleRun run = begun;
    while (run.state().isUnderWay() && !isTooEarly(run)) {
      ScheduleRun next =
          switch (run.state()) {
            case WAITING -> look(schedule, run);
            case EXPORTING -> export(schedule, run);
            case DELIVERING -> deliver(schedule, run);
            case DONE, FAILED, SKIPPED_EMPTY -> null;
          };
      if (next == null) {
        return run; // something else has to happen first
      }
      run = next;
    }
    return run;
  }

  /** Whether its next attempt is still to come. */
  boolean isTooEarly(ScheduleRun run) {
    Instant notBefore = run.notBefore();
    Instant now = clock.instant();
    return notBefore != null
        && notBefore.isAfter(now)
        && notBefore.isBefore(now.plus(Backoff.MOST)); // else the clock was ahead
  }

  /** Gives a run up, whose window goes to the next one. */
  void giveUp(ExportSchedule schedule, ScheduleRun run, String why) {
    ScheduleRun _ = put(schedule, run.failed(why, now()));
  }

  private @Nullable ScheduleRun look(ExportSchedule schedule, ScheduleRun run) throws IOException {
    if (schedule.export().sendEmpty()) {
      return put(schedule, run.exporting(run.exportId(schedule.scheduleId())));
    }
    return switch (world.look(schedule, run)) {
      case SOMETHING -> put(schedule, run.exporting(run.exportId(schedule.scheduleId())));
      case NOTHING -> put(schedule, run.empty(now()));
      case NOT_YET -> null;
      case NOT_ALLOWED -> stop(schedule, run, RunProblems.NOT_ALLOWED);
    };
  }

  private @Nullable ScheduleRun export(ExportSchedule schedule, ScheduleRun run)
      throws IOException {
    String id = String.valueOf(run.export());
    return switch (world.export(schedule, id)) {
      case RunWorld.Export.UnderWay() -> null;
      case RunWorld.Export.Complete(long entries) ->
          entries == 0 && !schedule.export().sendEmpty()
              ? put(schedule, run.empty(now()))
              : put(schedule, run.delivering(entries));
      case RunWorld.Export.Gone(String why) -> again(schedule, run, State.WAITING, why, null);
      case RunWorld.Export.Unknown() ->
          switch (world.begin(schedule, run, id)) {
            case RunWorld.Begun.Started() -> null;
            case RunWorld.Begun.Busy(String why) ->
                put(schedule, run.waitingForRoom(why, now().plus(Backoff.FIRST)));
            case RunWorld.Begun.Refused(String why) -> stop(schedule, run, why);
          };
    };
  }

  private ScheduleRun deliver(ExportSchedule schedule, ScheduleRun run)
      throws IOException, InterruptedException {
    String id = String.valueOf(run.export());
    return switch (world.export(schedule, id)) {
      case RunWorld.Export.Complete(long _) ->
          switch (world.deliver(schedule, run)) {
            case RunWorld.Delivered.Arrived(String where) -> put(schedule, run.done(where, now()));
            case RunWorld.Delivered.Failed(String why, Duration wish) ->
                again(schedule, run, State.DELIVERING, why, wish);
            case RunWorld.Delivered.Refused(String why) -> stop(schedule, run, why);
          };
      case RunWorld.Export.Gone(String why) -> again(schedule, run, State.WAITING, why, null);
      case RunWorld.Export.UnderWay(), RunWorld.Export.Unknown() ->
          again(schedule, run, State.WAITING, RunProblems.FILE_GONE, null);
    };
  }

  /** Puts the next attempt down, or the end after the last. */
  private ScheduleRun again(
      ExportSchedule schedule, ScheduleRun run, State at, String why, @Nullable Duration wish) {
    if (run.attempts() >= Backoff.MAX_ATTEMPTS) {
      return put(schedule, run.failed(why, now()));
    }
    Instant from = now().plus(backoff.after(run.attempts(), wish));
    return put(
        schedule, at == State.WAITING ? run.exportAgain(why, from) : run.deliverAgain(why, from));
  }

  /**
   * Gives a run up and pauses the schedule. After a crash between the two the next run comes to the
   * same.
   */
  private ScheduleRun stop(ExportSchedule schedule, ScheduleRun run, String why) {
    ScheduleRun failed = put(schedule, run.failed(why, now()));
    world.pause(schedule, why);
    return failed;
  }

  private ScheduleRun put(ExportSchedule schedule, ScheduleRun run) {
    return books.put(schedule, run).last().orElseThrow();
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
