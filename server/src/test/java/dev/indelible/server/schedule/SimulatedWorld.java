package dev.indelible.server.schedule;

import static java.util.Objects.requireNonNull;

import dev.indelible.server.control.Destination;
import dev.indelible.server.control.ExportSchedule;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.schedule.ScheduleRun.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A log, exports and a receiver in memory, which outlive crashes of the runner. Everything that a
 * seed can decide goes wrong now and then: crashes before and behind each step, exports that fail
 * or vanish, deliveries that fail, arrive without an answer, or are refused. Used by one thread.
 */
final class SimulatedWorld implements RunWorld {

  /** The end of the process; nothing behind it happens. */
  static final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    Crash() {
      super("crash", null, false, false);
    }
  }

  /** Kinds of entries. */
  enum Kind {
    /** One that the query finds. */
    WANTED,
    /** One that it does not find. */
    OTHER,
    /** One that it would find, and that an export made. */
    OF_EXPORTS
  }

  /** A parcel as its receiver has it: the last one of an id. */
  record Received(Window window, List<Long> entries) {}

  private static final class Made {
    private final Window window;
    private int looks;
    private @Nullable String gone;

    Made(Window window) {
      this.window = window;
    }
  }

  final List<Kind> log = new ArrayList<>();
  final Map<String, Received> received = new TreeMap<>();
  final Map<String, Integer> begun = new TreeMap<>();
  private final Map<String, Made> exports = new HashMap<>();
  private final Random random;
  private ExportSchedule schedule;
  long indexedTo = Long.MAX_VALUE;
  boolean healthy;
  boolean allowed = true;
  @Nullable String refusal;
  @Nullable String failing;
  @Nullable String full;
  final List<ExportSchedule> others = new ArrayList<>();
  int pauses;
  private int stepsToCrash = Integer.MAX_VALUE;

  SimulatedWorld(Random random, ExportSchedule schedule) {
    this.random = random;
    this.schedule = schedule;
  }

  static ExportSchedule schedule(String cron, boolean sendEmpty) {
    Instant made = Instant.parse("2026-01-01T00:00:30Z");
    return new ExportSchedule(
        new TenantId("acme"),
        "schedule-1",
        "Nightly",
        new ExportSchedule.When(cron, "UTC"),
        new ExportSchedule.Export("wanted", "csv", List.of(), false, sendEmpty, "en", null),
        new Destination.Inbox(),
        new ExportSchedule.Maker("member", "u_1"),
        0,
        made,
        made,
        null,
        null);
  }

  ExportSchedule schedule() {
    return schedule;
  }

  void change(ExportSchedule to) {
    schedule = to;
  }

  void crashAfter(int steps) {
    stepsToCrash = steps;
  }

  private void step() {
    if (--stepsToCrash < 0) {
      stepsToCrash = Integer.MAX_VALUE;
      throw new Crash();
    }
  }

  private boolean happens(int ofHundred) {
    return !healthy && random.nextInt(100) < ofHundred;
  }

  @Override
  public List<ExportSchedule> schedules() {
    List<ExportSchedule> all = new ArrayList<>(others);
    if (schedule.removedAt() == null) {
      all.add(schedule);
    }
    return all;
  }

  @Override
  public long logSize(TenantId tenant) {
    return log.size();
  }

  private List<Long> wanted(Window window, boolean ofExports) {
    List<Long> found = new ArrayList<>();
    for (long seq = window.from(); seq < window.to(); seq++) {
      Kind kind = log.get((int) seq);
      if (kind == Kind.WANTED || (ofExports && kind == Kind.OF_EXPORTS)) {
        found.add(seq);
      }
    }
    return found;
  }

  @Override
  public Looked look(ExportSchedule of, ScheduleRun run) {
    step();
    Window window = run.window();
    if (!allowed) {
      return Looked.NOT_ALLOWED;
    }
    if (window.to() > indexedTo) {
      return Looked.NOT_YET;
    }
    return wanted(window, false).isEmpty() ? Looked.NOTHING : Looked.SOMETHING;
  }

  @Override
  public Begun begin(ExportSchedule of, ScheduleRun run, String id) {
    step();
    if (!allowed) {
      return new Begun.Refused("not allowed");
    }
    if (full != null) {
      return new Begun.Busy(full);
    }
    if (happens(10)) {
      return new Begun.Busy("too many");
    }
    if (exports.putIfAbsent(id, new Made(run.window())) == null) {
      begun.merge(id, 1, Integer::sum);
      log.add(Kind.OF_EXPORTS);
    }
    step();
    return new Begun.Started();
  }

  @Override
  public Export export(ExportSchedule of, String id) {
    Made made = exports.get(id);
    if (made == null) {
      return new Export.Unknown();
    }
    if (made.gone == null && happens(10)) {
      made.gone = "no room";
    }
    if (made.gone != null) {
      return new Export.Gone(made.gone);
    }
    if (made.looks++ == 0) {
      return new Export.UnderWay();
    }
    return new Export.Complete(wanted(made.window, true).size());
  }

  @Override
  public Delivered deliver(ExportSchedule of, ScheduleRun run) {
    step();
    if (refusal != null) {
      return new Delivered.Refused(refusal);
    }
    if (failing != null) {
      return new Delivered.Failed(failing, null);
    }
    if (happens(20)) {
      return new Delivered.Failed("no connection", happens(50) ? Duration.ofHours(2) : null);
    }
    log.add(Kind.OF_EXPORTS);
    Window window = requireNonNull(exports.get(String.valueOf(run.export()))).window;
    received.put(of.scheduleId() + "-" + run.number(), new Received(window, wanted(window, true)));
    step();
    return happens(20)
        ? new Delivered.Failed("no answer", null)
        : new Delivered.Arrived("the receiver");
  }

  @Override
  public void pause(ExportSchedule of, String because) {
    step();
    pauses++;
    schedule = schedule.paused(because);
    step();
  }
}
