package dev.indelible.server.schedule;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One time that a schedule exports what is new. Immutable; every change of one is a new record.
 *
 * @param number its number among the schedule's runs, from 1
 * @param dueAt the time that it was due at, the first one of those that it stands for
 * @param window the sequence numbers that it is about
 * @param state how far it is
 * @param attempts the attempt that it is at, from 1
 * @param notBefore when that may begin, or null for at once
 * @param export id of the export, or null before there is one
 * @param entries entries of the export, once it is made
 * @param problem what went wrong last, for people, or null
 * @param deliveredTo where the file is, for people, or null
 * @param begunAt when the run began
 * @param endedAt when it came to its end, or null
 */
public record ScheduleRun(
    long number,
    Instant dueAt,
    Window window,
    State state,
    int attempts,
    @Nullable Instant notBefore,
    @Nullable String export,
    long entries,
    @Nullable String problem,
    @Nullable String deliveredTo,
    Instant begunAt,
    @Nullable Instant endedAt) {

  /** How far a run is. */
  public enum State {
    /** Run whose window is durable, and nothing else. */
    WAITING,
    /** Run whose export's id is durable. */
    EXPORTING,
    /** Run whose file is complete. */
    DELIVERING,
    /** Run whose file is where it belongs. */
    DONE,
    /** Run that was given up; the next one takes its window along. */
    FAILED,
    /** Run whose window had no entries where no file was wanted of none. */
    SKIPPED_EMPTY;

    /** The name in the API and in records. */
    public String jsonName() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether there is something left to do. */
    public boolean isUnderWay() {
      return switch (this) {
        case WAITING, EXPORTING, DELIVERING -> true;
        case DONE, FAILED, SKIPPED_EMPTY -> false;
      };
    }

    /** Whether the window is dealt with, so that the next run begins behind it. */
    public boolean isSuccess() {
      return this == DONE || this == SKIPPED_EMPTY;
    }
  }

  /**
   * Range of sequence numbers.
   *
   * @param from the first
   * @param to behind the last
   */
  public record Window(long from, long to) {
    public Window {
      if (from < 0 || to < from) {
        throw new IllegalArgumentException("a window from " + from + " to " + to);
      }
    }

    /** Whether there is nothing in it. */
    public boolean isEmpty() {
      return from == to;
    }
  }

  static ScheduleRun begun(long number, Instant dueAt, Window window, Instant now) {
    return new ScheduleRun(
        number, dueAt, window, State.WAITING, 1, null, null, 0, null, null, now, null);
  }

  /** Id of the run's export at the present attempt, always the same, so that it is begun once. */
  String exportId(String scheduleId) {
    return scheduleId + "-" + number + "-" + attempts;
  }

  ScheduleRun exporting(String id) {
    return new ScheduleRun(
        number,
        dueAt,
        window,
        State.EXPORTING,
        attempts,
        null,
        id,
        0,
        problem,
        null,
        begunAt,
        null);
  }

  ScheduleRun delivering(long count) {
    return new ScheduleRun(
        number,
        dueAt,
        window,
        State.DELIVERING,
        attempts,
        null,
        export,
        count,
        problem,
        null,
        begunAt,
        null);
  }

  /** Returns it waiting for room for its export, which is no attempt. */
  ScheduleRun waitingForRoom(String why, Instant until) {
    return new ScheduleRun(
        number, dueAt, window, state, attempts, until, export, 0, why, null, begunAt, null);
  }

  /** Returns it with the file to be made anew by the next attempt. */
  ScheduleRun exportAgain(String why, Instant from) {
    return new ScheduleRun(
        number,
        dueAt,
        window,
        State.WAITING,
        attempts + 1,
        from,
        null,
        0,
        why,
        null,
        begunAt,
        null);
  }

  /** Returns it with the file to be delivered by the next attempt. */
  ScheduleRun deliverAgain(String why, Instant from) {
    return new ScheduleRun(
        number,
        dueAt,
        window,
        State.DELIVERING,
        attempts + 1,
        from,
        export,
        entries,
        why,
        null,
        begunAt,
        null);
  }

  ScheduleRun done(String where, Instant now) {
    return ended(State.DONE, null, where, now);
  }

  ScheduleRun empty(Instant now) {
    return ended(State.SKIPPED_EMPTY, null, null, now);
  }

  ScheduleRun failed(String why, Instant now) {
    return ended(State.FAILED, why, null, now);
  }

  private ScheduleRun ended(State end, @Nullable String why, @Nullable String where, Instant now) {
    return new ScheduleRun(
        number, dueAt, window, end, attempts, null, export, entries, why, where, begunAt, now);
  }
}
