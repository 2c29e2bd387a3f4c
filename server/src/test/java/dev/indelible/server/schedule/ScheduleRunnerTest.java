package dev.indelible.server.schedule;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.ports.testing.InMemoryJournal;
import dev.indelible.ports.testing.SettableClock;
import dev.indelible.server.control.ExportSchedule;
import dev.indelible.server.schedule.ScheduleRun.State;
import dev.indelible.server.schedule.ScheduleRun.Window;
import dev.indelible.server.schedule.SimulatedWorld.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs of schedules: when they are due, what becomes of them, and what crashes leave of them. */
class ScheduleRunnerTest {

  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:30Z");

  private final SettableClock clock = new SettableClock(BEGIN.toEpochMilli());
  private final Random random = new Random(7);
  private InMemoryJournal journal = new InMemoryJournal(InstantSource.system());
  private SimulatedWorld world =
      new SimulatedWorld(random, SimulatedWorld.schedule("0 * * * *", false));
  private @Nullable ScheduleBooks opened;
  private @Nullable ScheduleRunner started;

  private ScheduleBooks books() {
    return requireNonNull(opened);
  }

  private ScheduleRunner runner() {
    return requireNonNull(started);
  }

  private void open() throws Exception {
    ScheduleBooks books = ScheduleBooks.open(journal);
    opened = books;
    started =
        new ScheduleRunner(
            books,
            world,
            new ScheduleRunner.Terms(Duration.ofSeconds(1), clock, new Backoff(random)));
  }

  private void restart() throws Exception {
    journal = journal.afterPowerLoss();
    open();
  }

  private void pass(Duration duration) {
    clock.setMillis(clock.millis() + duration.toMillis());
  }

  private void look() throws Exception {
    runner().due().forEach(Runnable::run);
  }

  /** Looks until nothing is under way; time passes meanwhile. */
  private void settle() throws Exception {
    for (int i = 0; i < 200; i++) {
      look();
      if (books().of(world.schedule()).underWay().isEmpty()) {
        return;
      }
      pass(Duration.ofMinutes(20));
    }
    throw new AssertionError("still under way: " + runs());
  }

  private List<ScheduleRun> runs() {
    return books().of(world.schedule()).runs();
  }

  private ScheduleRun last() {
    return runs().getLast();
  }

  private void record(Kind... kinds) {
    world.log.addAll(List.of(kinds));
  }

  @Test
  void twoRunsHaveWindowsThatJoin() throws Exception {
    world.healthy = true;
    open();
    record(Kind.WANTED, Kind.OTHER);
    look();
    assertThat(runs()).as("before the hour").isEmpty();
    assertThat(runner().nextTime(world.schedule())).contains(Instant.parse("2026-01-01T01:00:00Z"));
    pass(Duration.ofHours(1));
    settle();
    assertThat(last().state()).isEqualTo(State.DONE);
    assertThat(last().dueAt()).isEqualTo("2026-01-01T01:00:00Z");
    assertThat(last().window()).isEqualTo(new Window(0, 2));
    record(Kind.WANTED);
    pass(Duration.ofHours(1));
    settle();
    assertThat(last().window()).isEqualTo(new Window(2, 5)); // with the entries of the first run
    assertThat(world.received.values())
        .extracting(SimulatedWorld.Received::entries)
        .containsExactly(List.of(0L), List.of(2L, 3L, 4L));
  }

  @Test
  void anIdleLogIsNotExportedForWhatExportsMadeInIt() throws Exception {
    world.healthy = true;
    open();
    record(Kind.WANTED);
    pass(Duration.ofHours(1));
    settle();
    int size = world.log.size();
    for (int i = 0; i < 50; i++) {
      pass(Duration.ofHours(1));
      settle();
    }
    assertThat(world.log).hasSize(size);
    assertThat(world.begun).hasSize(1);
    assertThat(runs().subList(1, 51))
        .allSatisfy(run -> assertThat(run.state()).isEqualTo(State.SKIPPED_EMPTY));
    assertThat(runs().get(1).window()).isEqualTo(new Window(1, 3));
    assertThat(last().window()).isEqualTo(new Window(3, 3));
  }

  @Test
  void anEmptyFileIsSentToWhoeverAsksForIt() throws Exception {
    world = new SimulatedWorld(random, SimulatedWorld.schedule("0 * * * *", true));
    world.healthy = true;
    open();
    pass(Duration.ofHours(1));
    settle();
    assertThat(last().state()).isEqualTo(State.DONE);
    assertThat(world.received).hasSize(1);
  }

  @Test
  void runsThatWereMissedAreMadeUpOnce() throws Exception {
    world.healthy = true;
    open();
    record(Kind.WANTED);
    pass(Duration.ofDays(3));
    restart();
    settle();
    assertThat(runs()).hasSize(1);
    assertThat(last().dueAt()).isEqualTo("2026-01-01T01:00:00Z");
    restart();
    settle();
    assertThat(runs()).as("not once more after another start").hasSize(1);
    pass(Duration.ofHours(1));
    settle();
    assertThat(runs()).hasSize(2);
  }

  @Test
  void whatFailsIsTriedAgainLaterAndLaterThenGivenUpAndTakenAlongByTheNextRun() throws Exception {
    world = new SimulatedWorld(random, SimulatedWorld.schedule("0 1 * * *", false));
    world.healthy = true;
    open();
    record(Kind.WANTED);
    pass(Duration.ofHours(1));
    settle();
    assertThat(last().state()).isEqualTo(State.DONE);
    world.failing = "connection refused";
    record(Kind.WANTED);
    pass(Duration.ofDays(1));
    List<Duration> waits = new ArrayList<>();
    for (int i = 0; i < 40 && (runs().size() < 2 || last().state().isUnderWay()); i++) {
      look();
      look();
      look();
      Instant notBefore = last().notBefore();
      if (notBefore != null) {
        waits.add(Duration.between(clock.instant(), notBefore));
        look();
        assertThat(last().attempts()).as("not before its time").isEqualTo(waits.size() + 1);
        clock.setMillis(notBefore.toEpochMilli());
      }
    }
    assertThat(last().state()).isEqualTo(State.FAILED);
    assertThat(last().problem()).isEqualTo("connection refused");
    assertThat(last().attempts()).isEqualTo(Backoff.MAX_ATTEMPTS);
    assertThat(waits).hasSize(Backoff.MAX_ATTEMPTS - 1);
    assertThat(waits.getFirst()).isBetween(Duration.ofSeconds(45), Duration.ofMinutes(1));
    assertThat(waits.getLast()).isBetween(Duration.ofMinutes(45), Duration.ofHours(1));
    assertThat(world.schedule().isActive()).as("it may pass").isTrue();
    Window lost = last().window();
    world.failing = null;
    record(Kind.WANTED);
    pass(Duration.ofDays(1));
    settle();
    assertThat(last().state()).isEqualTo(State.DONE);
    assertThat(last().window().from()).isEqualTo(lost.from());
    assertThat(last().window().to()).isGreaterThan(lost.to());
  }

  @Test
  void aDestinationThatRefusesForGoodPausesTheSchedule() throws Exception {
    world.healthy = true;
    open();
    world.refusal = "no such bucket";
    record(Kind.WANTED);
    pass(Duration.ofHours(1));
    settle();
    assertThat(last().state()).isEqualTo(State.FAILED);
    assertThat(world.schedule().pausedBecause()).isEqualTo("no such bucket");
    pass(Duration.ofHours(5));
    look();
    assertThat(runs()).hasSize(1);
    assertThat(runner().nextTime(world.schedule())).isEmpty();
    world.refusal = null;
    world.change(world.schedule().resumed(clock.instant()));
    look();
    assertThat(runs()).as("nothing is made up of the time of a pause").hasSize(1);
    pass(Duration.ofHours(1));
    settle();
    assertThat(last().window().from()).as("but its entries are").isZero();
    assertThat(last().state()).isEqualTo(State.DONE);
  }

  @Test
  void aRightThatIsGonePausesTheSchedule() throws Exception {
    world.healthy = true;
    open();
    world.allowed = false;
    record(Kind.WANTED);
    pass(Duration.ofHours(1));
    settle();
    assertThat(world.begun).isEmpty();
    assertThat(world.schedule().pausedBecause()).isEqualTo(RunProblems.NOT_ALLOWED);
    assertThat(last().problem()).isEqualTo(RunProblems.NOT_ALLOWED);
  }

  @Test
  void aRunUnderWayIsGivenUpWhenItsScheduleIsChangedOrPaused() throws Exception {
    world.healthy = true;
    open();
    record(Kind.WANTED);
    pass(Duration.ofHours(1));
    look(); // begins the export
    assertThat(last().state()).isEqualTo(State.EXPORTING);
    pass(Duration.ofSeconds(1));
    world.change(world.schedule().resumed(clock.instant())); // as a change does
    look();
    assertThat(last().state()).isEqualTo(State.FAILED);
    assertThat(last().problem()).isEqualTo(RunProblems.CHANGED);
    pass(Duration.ofHours(1));
    look();
    world.change(world.schedule().paused("by Ana"));
    look();
    assertThat(last().problem()).isEqualTo(RunProblems.PAUSED);
    assertThat(world.received).isEmpty();
    world.change(world.schedule().resumed(clock.instant()));
    pass(Duration.ofHours(1));
    settle();
    assertThat(last().window().from()).isZero();
  }

  @Test
  void aClockThatWasAheadMakesNothingLaterThanItWouldBe() throws Exception {
    world.healthy = true;
    open();
    record(Kind.WANTED);
    world.failing = "no connection";
    pass(Duration.ofDays(900));
    for (int i = 0; i < 3; i++) {
      look();
    }
    assertThat(last().notBefore()).isAfter(clock.instant());
    clock.setMillis(BEGIN.plusSeconds(60).toEpochMilli());
    world.failing = null;
    settle();
    assertThat(last().state()).isEqualTo(State.DONE);
    record(Kind.WANTED);
    pass(Duration.ofHours(1));
    settle();
    assertThat(runs()).hasSize(2);
    pass(Duration.ofHours(1));
    restart();
    settle();
    assertThat(runs()).hasSize(3);
  }

  @Test
  void aRunWaitsForTheIndexBeforeItIsFoundEmpty() throws Exception {
    world.healthy = true;
    open();
    record(Kind.WANTED);
    world.indexedTo = 0;
    pass(Duration.ofHours(1));
    look();
    look();
    assertThat(last().state()).isEqualTo(State.WAITING);
    world.indexedTo = Long.MAX_VALUE;
    settle();
    assertThat(last().state()).isEqualTo(State.DONE);
  }

  @Test
  void aRunWithoutRoomForItsExportSaysSoAndWaitsWithoutLosingAnAttempt() throws Exception {
    world.healthy = true;
    open();
    record(Kind.WANTED);
    world.full = "too many exports";
    pass(Duration.ofHours(1));
    for (int i = 0; i < 3; i++) {
      look();
      assertThat(last().state()).isEqualTo(State.EXPORTING);
      assertThat(last().problem()).isEqualTo("too many exports");
      pass(Duration.ofMinutes(2));
    }
    world.full = null;
    settle();
    assertThat(last().state()).isEqualTo(State.DONE);
    assertThat(last().attempts()).isEqualTo(1);
  }

  @Test
  void oneScheduleThatCannotBeLookedAtHoldsNoOtherUp() throws Exception {
    world.healthy = true;
    open();
    record(Kind.WANTED);
    ExportSchedule good = world.schedule();
    world.others.add(
        new ExportSchedule(
            good.tenant(),
            "schedule-0",
            "Of a zone that was",
            new ExportSchedule.When("0 * * * *", "Europe/Atlantis"),
            good.export(),
            good.destination(),
            good.maker(),
            0,
            good.createdAt(),
            good.activeSince(),
            null,
            null));
    pass(Duration.ofHours(1));
    settle();
    assertThat(last().state()).isEqualTo(State.DONE);
  }

  @Test
  void somebodyMayAskForARunAndForOneAtATime() throws Exception {
    world.healthy = true;
    open();
    record(Kind.WANTED);
    assertThat(runner().runNow(world.schedule())).isPresent();
    assertThat(runner().runNow(world.schedule())).isEmpty();
    settle();
    assertThat(last().state()).isEqualTo(State.DONE);
    assertThat(runner().nextTime(world.schedule())).contains(Instant.parse("2026-01-01T01:00:00Z"));
  }

  @Test
  void ofARemovedScheduleNothingIsLeft() throws Exception {
    world.healthy = true;
    open();
    record(Kind.WANTED);
    pass(Duration.ofHours(1));
    settle();
    world.change(world.schedule().removed(clock.instant()));
    look();
    assertThat(runs()).isEmpty();
    restart();
    assertThat(runs()).isEmpty();
  }

  @Test
  void noCrashSkipsAWindowOrDeliversOneTwiceUnmarked() throws Exception {
    crash(System.nanoTime(), 60);
  }

  @Test
  @Tag("long")
  void noCrashOfManySkipsAWindowOrDeliversOneTwiceUnmarked() throws Exception {
    crash(System.nanoTime(), 1_000);
  }

  private void crash(long first, int seeds) throws Exception {
    int crashes = 0;
    for (long seed = first; seed < first + seeds; seed++) {
      Random chance = new Random(seed);
      clock.setMillis(BEGIN.toEpochMilli());
      journal = new InMemoryJournal(InstantSource.system());
      world =
          new SimulatedWorld(chance, SimulatedWorld.schedule("*/15 * * * *", chance.nextBoolean()));
      open();
      for (int i = 0; i < 60; i++) {
        for (int n = chance.nextInt(3); n > 0; n--) {
          record(chance.nextBoolean() ? Kind.WANTED : Kind.OTHER);
        }
        pass(Duration.ofMinutes(chance.nextInt(40)));
        world.crashAfter(chance.nextInt(8));
        try {
          look();
        } catch (SimulatedWorld.Crash e) {
          crashes++;
          restart();
        }
      }
      world.crashAfter(Integer.MAX_VALUE);
      world.healthy = true;
      settle();
      record(Kind.WANTED);
      int end = world.log.size();
      pass(Duration.ofMinutes(15));
      settle();
      assertJoined("seed " + seed, end);
    }
    System.out.printf("%d crashes, seeds from %d%n", crashes, first);
    assertThat(crashes).isGreaterThan(seeds);
  }

  private void assertJoined(String where, int end) {
    List<Window> dealtWith =
        runs().stream().filter(run -> run.state().isSuccess()).map(ScheduleRun::window).toList();
    long next = runs().getFirst().window().from();
    for (Window window : dealtWith) {
      assertThat(window.from()).as(where + " " + runs()).isEqualTo(next);
      next = window.to();
    }
    assertThat(next).as(where).isGreaterThanOrEqualTo(end);
    for (ScheduleRun run : runs()) {
      SimulatedWorld.Received file = world.received.get("schedule-1-" + run.number());
      if (run.state() == State.DONE) {
        assertThat(requireNonNull(file, where + " " + run).window())
            .as(where)
            .isEqualTo(run.window());
      } else if (run.state() == State.SKIPPED_EMPTY) {
        assertThat(file).as(where + " " + run).isNull();
        assertThat(world.log.subList((int) run.window().from(), (int) run.window().to()))
            .as(where + " " + run)
            .doesNotContain(Kind.WANTED);
      }
    }
    assertThat(world.begun.values()).as(where).containsOnly(1);
  }
}
