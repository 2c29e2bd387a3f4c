package dev.indelible.server.schedule;

import dev.indelible.ports.journal.Journal;
import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.control.ExportSchedule;
import dev.indelible.server.journal.KeyedJournal;
import dev.indelible.server.schedule.ScheduleBookCodec.Recorded;
import dev.indelible.server.schedule.ScheduleRun.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable books of all schedules: one compacted journal ({@code docs/formats/schedules.md}),
 * whose newest record of a schedule and a number of a run counts. Where the next window begins is
 * in the record of the run that moved it, so that a crash leaves both or neither. Thread-safe.
 */
final class ScheduleBooks {

  /** Limits of the journal's compaction, and of the records in a batch. */
  static final KeyedJournal.Bounds BOUNDS = new KeyedJournal.Bounds(4L << 20, 4, 1_000);

  private static final Logger LOG = LoggerFactory.getLogger(ScheduleBooks.class);

  private final KeyedJournal<Recorded> journal; // guarded by this
  private final Map<State, LongAdder> ended = new EnumMap<>(State.class);
  private final Map<String, List<ScheduleRun>> runs = new TreeMap<>(); // guarded by this

  private ScheduleBooks(Journal journal, KeyedJournal.Bounds bounds)
      throws IOException, InterruptedException {
    for (State state : State.values()) {
      ended.put(state, new LongAdder());
    }
    this.journal = KeyedJournal.open(journal, ScheduleBookCodec.FORM, bounds, this::fold);
  }

  /** Folds the journal, which it does not close. */
  static ScheduleBooks open(Journal journal) throws IOException, InterruptedException {
    return open(journal, BOUNDS);
  }

  static ScheduleBooks open(Journal journal, KeyedJournal.Bounds bounds)
      throws IOException, InterruptedException {
    return new ScheduleBooks(journal, bounds);
  }

  private synchronized void fold(Recorded record) {
    ScheduleRun run = record.run();
    if (run == null) {
      runs.remove(record.schedule());
      return;
    }
    List<ScheduleRun> known = runs.getOrDefault(record.schedule(), List.of());
    runs.put(record.schedule(), ScheduleBook.newest(known, run));
  }

  /** The book of a schedule. */
  synchronized ScheduleBook of(ExportSchedule schedule) {
    return new ScheduleBook(schedule.startSeq(), runs.getOrDefault(schedule.id(), List.of()));
  }

  /**
   * Puts down a run as it is now; durable when this returns.
   *
   * @throws JournalUnavailableException when it cannot be made durable now; nothing is changed then
   */
  synchronized ScheduleBook put(ExportSchedule schedule, ScheduleRun run) {
    ScheduleBook after = of(schedule).with(run);
    KeyedJournal.await(journal.append(List.of(new Recorded(schedule.id(), run))));
    runs.put(schedule.id(), after.runs());
    if (!run.state().isUnderWay()) {
      Objects.requireNonNull(ended.get(run.state())).increment();
    }
    compactIfGrown();
    return after;
  }

  /** Forgets the books of schedules that are no more. */
  synchronized void retain(Set<String> schedules) {
    Set<String> gone = new HashSet<>(runs.keySet());
    gone.removeAll(schedules);
    if (!gone.isEmpty()) {
      List<Recorded> records = new ArrayList<>();
      gone.forEach(schedule -> records.add(new Recorded(schedule, null)));
      KeyedJournal.await(journal.append(records));
      runs.keySet().removeAll(gone);
    }
  }

  /** Runs that have ended so since the start. */
  long ended(State state) {
    return Objects.requireNonNull(ended.get(state)).sum();
  }

  private void compactIfGrown() {
    try {
      if (journal.hasGrown(0)) {
        journal.compact(state());
      }
    } catch (IOException | JournalUnavailableException e) {
      LOG.warn("the schedules journal cannot be compacted; trying again later", e);
    }
  }

  private List<Recorded> state() {
    List<Recorded> state = new ArrayList<>();
    runs.forEach((schedule, all) -> all.forEach(run -> state.add(new Recorded(schedule, run))));
    return state;
  }
}
