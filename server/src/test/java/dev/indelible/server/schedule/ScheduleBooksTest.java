package dev.indelible.server.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.testing.InMemoryJournal;
import dev.indelible.server.control.ExportSchedule;
import dev.indelible.server.journal.KeyedJournal;
import dev.indelible.server.schedule.ScheduleBookCodec.Recorded;
import dev.indelible.server.schedule.ScheduleRun.State;
import dev.indelible.server.schedule.ScheduleRun.Window;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The durable runs of schedules. */
class ScheduleBooksTest {

  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  private static final KeyedJournal.Bounds SMALL = new KeyedJournal.Bounds(2_000, 2, 3);

  private final ExportSchedule schedule = SimulatedWorld.schedule("0 * * * *", false);
  private InMemoryJournal journal = new InMemoryJournal(InstantSource.system());

  private ScheduleBooks restarted() throws Exception {
    journal = journal.afterPowerLoss();
    return ScheduleBooks.open(journal, SMALL);
  }

  @Test
  void aRunIsAsItWasAfterARestart() throws Exception {
    ScheduleBooks books = ScheduleBooks.open(journal);
    ScheduleRun begun = books.of(schedule).next(NOW, 7, NOW.plusMillis(5));
    assertThat(begun.window()).isEqualTo(new Window(0, 7));
    ScheduleRun exporting = begun.exporting(begun.exportId("schedule-1"));
    ScheduleRun later = exporting.delivering(3).deliverAgain("no connection", NOW.plusSeconds(60));
    for (ScheduleRun run : List.of(begun, exporting, exporting.delivering(3), later)) {
      ScheduleBook _ = books.put(schedule, run);
      books = restarted();
      assertThat(books.of(schedule).runs()).containsExactly(run);
    }
    ScheduleRun done = later.done("here", NOW.plusSeconds(70));
    assertThat(books.put(schedule, done).nextSeq()).isEqualTo(7);
    ScheduleBook after = restarted().of(schedule);
    assertThat(after.runs()).containsExactly(done);
    assertThat(after.nextSeq()).isEqualTo(7);
  }

  @Test
  void manyRunsAreCompactedAndTheNewestRemembered() throws Exception {
    ScheduleBooks books = ScheduleBooks.open(journal, SMALL);
    int runs = ScheduleBook.MAX_RUNS + 50;
    for (int i = 1; i <= runs; i++) {
      ScheduleRun run = books.of(schedule).next(NOW, i * 10L, NOW);
      ScheduleBook _ = books.put(schedule, run);
      ScheduleBook _ =
          books.put(schedule, i % 3 == 0 ? run.failed("no", NOW) : run.done("here", NOW));
      if (i % 10 == 0) {
        books = restarted();
      }
    }
    ScheduleBook book = restarted().of(schedule);
    assertThat(book.runs()).hasSize(ScheduleBook.MAX_RUNS);
    assertThat(book.runs().getFirst().number()).isEqualTo(51);
    assertThat(book.nextSeq()).isEqualTo(1490); // run 150 failed
  }

  @Test
  void aWindowThatDoesNotJoinIsRefused() throws Exception {
    ScheduleBooks books = ScheduleBooks.open(journal);
    ScheduleRun run = books.of(schedule).next(NOW, 7, NOW);
    ScheduleBook _ = books.put(schedule, run);
    assertThatThrownBy(() -> books.of(schedule).next(NOW, 9, NOW))
        .isInstanceOf(IllegalStateException.class);
    ScheduleBook _ = books.put(schedule, run.empty(NOW));
    for (Window window : List.of(new Window(6, 9), new Window(8, 9))) {
      assertThatThrownBy(() -> books.put(schedule, ScheduleRun.begun(2, NOW, window, NOW)))
          .isInstanceOf(IllegalStateException.class);
    }
    assertThatThrownBy(() -> books.put(schedule, run.done("here", NOW)))
        .as("a run that has ended ends once")
        .isInstanceOf(IllegalStateException.class);
    assertThat(books.of(schedule).last().orElseThrow().state()).isEqualTo(State.SKIPPED_EMPTY);
  }

  @Test
  void ofSchedulesThatAreGoneNothingIsLeft() throws Exception {
    ScheduleBooks books = ScheduleBooks.open(journal);
    ScheduleBook _ = books.put(schedule, books.of(schedule).next(NOW, 7, NOW));
    books.retain(Set.of(schedule.id()));
    assertThat(restarted().of(schedule).runs()).hasSize(1);
    books = ScheduleBooks.open(journal);
    books.retain(Set.of("acme/another"));
    assertThat(restarted().of(schedule).runs()).isEmpty();
  }

  @Test
  void whatNoBuildWroteIsRefused() {
    for (String batch : List.of("{\"v\":2,\"records\":[]}", "no JSON", "{}")) {
      assertThatThrownBy(
              () -> ScheduleBookCodec.FORM.decode(batch.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aBatchIsWrittenAsItsPageSays() {
    ScheduleRun run = ScheduleRun.begun(1, NOW, new Window(2, 5), NOW).exporting("x-1-1");
    assertThat(
            new String(
                ScheduleBookCodec.FORM.encode(
                    List.of(new Recorded("acme/x", run), new Recorded("acme/y", null))),
                StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"v":1,"records":[{"schedule":"acme/x","run":{"number":1,"due_at":1795168800000,"from":2,"to":5,\
            "state":"exporting","attempts":1,"export":"x-1-1","entries":0,"begun_at":1795168800000}},\
            {"schedule":"acme/y"}]}\
            """);
  }
}
