package dev.indelible.server.schedule;

import dev.indelible.server.control.ExportSchedule;
import dev.indelible.server.event.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The world around runs: the log, its exports, the ways to destinations, and the configuration.
 * Everything but {@link #deliver} and {@link #pause} may be asked again and again without harm;
 * these two are made to be repeated after a crash. Thread-safe.
 */
interface RunWorld {

  /** The schedules of all tenants. */
  List<ExportSchedule> schedules();

  /** The number of entries that a log ever had. */
  long logSize(TenantId tenant) throws IOException;

  /**
   * Tells whether a run's window has entries of the schedule's query that its maker may export,
   * other than those that exports make.
   */
  Looked look(ExportSchedule schedule, ScheduleRun run) throws IOException;

  /** Answer of {@link #look}. */
  enum Looked {
    SOMETHING,
    NOTHING,
    /** The search index has not come as far yet. */
    NOT_YET,
    /** Refusal, as whoever made the schedule may not export any more. */
    NOT_ALLOWED
  }

  /**
   * Begins an export; one whose id is known is not begun again.
   *
   * @param id of the export
   */
  Begun begin(ExportSchedule schedule, ScheduleRun run, String id) throws IOException;

  /** Outcome of {@link #begin}. */
  sealed interface Begun {

    /** Export that is begun, now or before. */
    record Started() implements Begun {}

    /**
     * Want of room, which may pass.
     *
     * @param why for people
     */
    record Busy(String why) implements Begun {}

    /**
     * Refusal that lasts until somebody changes something.
     *
     * @param why for people
     */
    record Refused(String why) implements Begun {}
  }

  /** How far the export of a run is. */
  Export export(ExportSchedule schedule, String id);

  /** State of an export. */
  sealed interface Export {

    /** Absence of any export of that id. */
    record Unknown() implements Export {}

    /** Export that is being made. */
    record UnderWay() implements Export {}

    /**
     * Export whose file is complete.
     *
     * @param entries in it
     */
    record Complete(long entries) implements Export {}

    /**
     * Export that has no file, and will have none.
     *
     * @param why for people
     */
    record Gone(String why) implements Export {}
  }

  /** Delivers the file of a run; records first that it leaves. */
  Delivered deliver(ExportSchedule schedule, ScheduleRun run)
      throws IOException, InterruptedException;

  /** Outcome of {@link #deliver}. */
  sealed interface Delivered {

    /**
     * Arrival.
     *
     * @param where for people
     */
    record Arrived(String where) implements Delivered {}

    /**
     * Failure that may pass.
     *
     * @param why for people
     * @param retryAfter how long the receiver wants to be left alone, or null
     */
    record Failed(String why, @Nullable Duration retryAfter) implements Delivered {}

    /**
     * Refusal that lasts until somebody changes something.
     *
     * @param why for people
     */
    record Refused(String why) implements Delivered {}
  }

  /** Pauses a schedule, with an entry; does nothing when it was changed meanwhile. */
  void pause(ExportSchedule schedule, String because);
}
