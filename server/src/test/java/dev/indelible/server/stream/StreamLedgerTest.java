package dev.indelible.server.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.disk.SimulatedDisk;
import dev.indelible.server.journal.FileJournal;
import dev.indelible.server.journal.KeyedJournal;
import dev.indelible.server.stream.StreamState.Core;
import dev.indelible.server.stream.StreamState.DeadLetter;
import dev.indelible.server.stream.StreamState.Plan;
import dev.indelible.server.stream.StreamState.Replay;
import dev.indelible.server.stream.StreamState.Told;
import dev.indelible.server.stream.StreamState.Totals;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The durable states of streams and the lines of their ledgers. */
class StreamLedgerTest {

  private static final KeyedJournal.Bounds SMALL = new KeyedJournal.Bounds(3_000, 2, 10);
  private static final Path JOURNAL = SimulatedDisk.ROOT.resolve("streams-journal");
  private static final Path FILES = SimulatedDisk.ROOT.resolve("streams");
  private static final String STREAM = "acme/stm_1";
  private static final int LINES_OF_FILE = 7;
  private static final int BATCHES = 25;
  private static final int STRIDE = 7;

  private static FileJournal journal(SimulatedDisk disk) throws IOException {
    return FileJournal.open(
        disk,
        JOURNAL,
        FileJournal.Options.of(InstantSource.system(), new SecureRandom())
            .withSegmentBytes(FileJournal.MIN_SEGMENT_BYTES));
  }

  private static LedgerFiles files(SimulatedDisk disk) {
    return new LedgerFiles(disk, FILES, LINES_OF_FILE);
  }

  private static Plan plan(long number) {
    return new Plan(number, number * 10, number * 10 + 9, false, "c");
  }

  private static LedgerLine line(Core core, Plan plan) {
    return new LedgerLine(
        plan.number(),
        plan.firstSeq(),
        plan.lastSeq(),
        plan.lastSeq() + 1,
        new LedgerLine.Counts(10, 9, 1, 2),
        1,
        new LedgerLine.Flags(false, true, false, true),
        1_000 + plan.number(),
        new byte[LedgerLine.HASH_BYTES],
        core.head());
  }

  private static void plan(StreamLedger ledger, long number) {
    StreamState _ =
        ledger.change(STREAM, state -> new StreamLedger.Change(state.core().with(plan(number))));
  }

  private static void settle(StreamLedger ledger, long number) {
    StreamState _ =
        ledger.change(
            STREAM,
            state -> {
              LedgerLine line = line(state.core(), plan(number));
              Core now =
                  new Core(
                      line.number(),
                      line.next(),
                      line.hash(),
                      new Totals(number * 9, number, 0, number, 0),
                      StreamState.NO_DOUBT,
                      null,
                      null,
                      Told.NEVER);
              DeadLetter dead = new DeadLetter(line.lastSeq(), "e", "no", 5, number);
              List<Long> gone = number > 3 ? List.of((number - 3) * 10 + 9) : List.of();
              return new StreamLedger.Change(now, line, List.of(dead), gone);
            });
  }

  /** Plans, sends and settles until power is lost; returns the numbers that were sent. */
  private static List<Long> work(SimulatedDisk disk) throws Exception {
    List<Long> sent = new ArrayList<>();
    try {
      disk.createDirectory(JOURNAL);
      disk.createDirectory(FILES);
      disk.forceDirectory(SimulatedDisk.ROOT);
      try (FileJournal journal = journal(disk);
          StreamLedger ledger = StreamLedger.open(journal, files(disk), SMALL)) {
        for (long number = 1; number <= BATCHES; number++) {
          plan(ledger, number);
          sent.add(number);
          settle(ledger, number);
        }
      }
    } catch (IOException | JournalUnavailableException e) {
      assertThat(disk.hasLostPower()).as("only for want of power: %s", e).isTrue();
    }
    return sent;
  }

  private static void assertChained(StreamLedger ledger) throws IOException {
    Core core = ledger.state(STREAM).core();
    byte[] before = new byte[LedgerLine.HASH_BYTES];
    long number = 1;
    while (number <= core.number()) {
      for (LedgerLine line : ledger.lines(STREAM, number, 1_000)) {
        assertThat(line.number()).isEqualTo(number++);
        assertThat(line.before()).isEqualTo(before);
        before = line.hash();
      }
    }
    assertThat(core.head()).isEqualTo(before);
  }

  @Test
  void whateverWasSentHasALineOrIsPlannedAfterALossOfPowerAtAnyPoint() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    SimulatedDisk whole = new SimulatedDisk();
    assertThat(work(whole)).hasSize(BATCHES);
    long points = whole.writePoints();
    assertThat(points).isGreaterThan(BATCHES * 2L);
    for (long point = 1L + Math.floorMod(seed, STRIDE); point <= points; point += STRIDE) {
      SimulatedDisk disk = new SimulatedDisk();
      disk.losePowerAt(point);
      List<Long> sent = work(disk);
      for (SimulatedDisk left : List.of(disk.afterPowerLoss(seed + point), disk.afterKill())) {
        if (!left.exists(JOURNAL) || !left.exists(FILES)) {
          assertThat(sent).isEmpty();
          continue;
        }
        try (FileJournal journal = journal(left);
            StreamLedger ledger = StreamLedger.open(journal, files(left), SMALL)) {
          Core core = ledger.state(STREAM).core();
          long newest = sent.isEmpty() ? 0 : sent.getLast();
          Plan plan = core.plan();
          long known = plan == null ? core.number() : plan.number();
          assertThat(known).as("power lost at %d", point).isGreaterThanOrEqualTo(newest);
          assertThat(core.number()).isBetween(Math.max(0, newest - 1), newest);
          assertChained(ledger);
          for (long number = core.number() + 1; number <= BATCHES; number++) {
            if (number != known || plan == null) {
              plan(ledger, number);
            }
            settle(ledger, number);
          }
          assertChained(ledger);
          assertThat(ledger.state(STREAM).dead()).hasSize(3);
        }
      }
    }
  }

  @Test
  void aStateAndALineAreReadAsTheyWereWritten() {
    DeadLetter dead = new DeadLetter(3, "e3", "too long", 9, 4);
    Core core =
        new Core(
            4,
            50,
            new byte[LedgerLine.HASH_BYTES],
            new Totals(1, 2, 3, 4, 5),
            77,
            plan(5),
            new Replay(7, 9, List.of(7L, 9L)),
            new Told(1, 2, 3, 4));
    LedgerLine line = line(core, plan(4));
    byte[] batch =
        LedgerRecord.FORM.encode(
            List.of(
                new LedgerRecord(STREAM, core, line, List.of(dead), List.of(1L, 2L)),
                new LedgerRecord("acme/gone", null, null, List.of(), List.of())));
    List<LedgerRecord> read = LedgerRecord.FORM.decode(batch);
    assertThat(read).hasSize(2);
    assertThat(read.getFirst())
        .usingRecursiveComparison()
        .isEqualTo(new LedgerRecord(STREAM, core, line, List.of(dead), List.of(1L, 2L)));
    assertThat(read.getLast().core()).isNull();
    byte[] damaged = line.toBytes();
    damaged[50] ^= 1;
    assertThatThrownBy(() -> LedgerLine.of(damaged)).hasMessageContaining("checksum");
    assertThatThrownBy(() -> LedgerLine.of(new byte[5])).hasMessageContaining("5 bytes");
  }

  @Test
  void linesAreFoundByTheirRangeAndOldFilesGo() throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    assertThat(work(disk)).hasSize(BATCHES);
    try (FileJournal journal = journal(disk);
        StreamLedger ledger = StreamLedger.open(journal, files(disk), SMALL)) {
      assertThat(ledger.firstAbout(STREAM, 0)).isEqualTo(1);
      assertThat(ledger.firstAbout(STREAM, 19)).isEqualTo(1);
      assertThat(ledger.firstAbout(STREAM, 20)).isEqualTo(2);
      assertThat(ledger.firstAbout(STREAM, 100_000)).isEqualTo(BATCHES + 1);
      ledger.trim(1_000 + LINES_OF_FILE + 1);
      assertThat(ledger.lines(STREAM, 1, 5).getFirst().number()).isEqualTo(LINES_OF_FILE + 1);
      ledger.retain(_ -> false);
      assertThat(ledger.state(STREAM).core().number()).isZero();
      assertThat(ledger.lines(STREAM, 1, 5)).isEmpty();
    }
  }
}
