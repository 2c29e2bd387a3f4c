package dev.indelible.server.schedule;

import dev.indelible.server.schedule.ScheduleRun.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The runs of one schedule. Where the next one begins follows from the last one alone, whose window
 * begins where the one before it ended. Immutable.
 *
 * @param startSeq sequence number of the first entry of the first run
 * @param runs the newest runs, oldest first; at most {@link #MAX_RUNS}, and the last one alone may
 *     be under way
 */
public record ScheduleBook(long startSeq, List<ScheduleRun> runs) {

  /** The most runs of a schedule that are remembered. */
  public static final int MAX_RUNS = 100;

  public ScheduleBook {
    runs = List.copyOf(runs);
  }

  /** The newest run. */
  public Optional<ScheduleRun> last() {
    return runs.isEmpty() ? Optional.empty() : Optional.of(runs.getLast());
  }

  /** The run that is under way. */
  public Optional<ScheduleRun> underWay() {
    return last().filter(run -> run.state().isUnderWay());
  }

  /** Sequence number of the first entry that no successful run has dealt with. */
  public long nextSeq() {
    return last()
        .map(run -> run.state().isSuccess() ? run.window().to() : run.window().from())
        .orElse(startSeq);
  }

  /** A run that begins now, over everything that is new. */
  ScheduleRun next(Instant dueAt, long logSize, Instant now) {
    if (underWay().isPresent()) {
      throw new IllegalStateException("a run while another is under way");
    }
    return ScheduleRun.begun(
        last().map(ScheduleRun::number).orElse(0L) + 1,
        dueAt,
        new Window(nextSeq(), Math.max(nextSeq(), logSize)),
        now);
  }

  /**
   * Returns it with the last run as it is now, or with the next one.
   *
   * @throws IllegalStateException when windows would have a gap or overlap
   */
  ScheduleBook with(ScheduleRun run) {
    Optional<ScheduleRun> last = last();
    boolean same = last.filter(known -> known.number() == run.number()).isPresent();
    boolean fits =
        same
            ? last.get().window().equals(run.window()) && last.get().state().isUnderWay()
            : run.window().from() == nextSeq() && underWay().isEmpty();
    if (!fits) {
      throw new IllegalStateException(run + " after " + last);
    }
    return new ScheduleBook(startSeq, newest(runs, run));
  }

  /** The runs with one that is put in place of the one of its number, or behind them. */
  static List<ScheduleRun> newest(List<ScheduleRun> runs, ScheduleRun run) {
    List<ScheduleRun> all = new ArrayList<>(runs);
    int at = all.size();
    while (at > 0 && all.get(at - 1).number() > run.number()) {
      at--;
    }
    if (at > 0 && all.get(at - 1).number() == run.number()) {
      all.set(at - 1, run);
    } else {
      all.add(at, run);
    }
    return List.copyOf(all.subList(Math.max(0, all.size() - MAX_RUNS), all.size()));
  }
}
