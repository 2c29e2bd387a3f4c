package dev.indelible.server.journal;

import static dev.indelible.ports.testing.JournalContractTest.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.ports.journal.Journal.Appended;
import dev.indelible.ports.journal.Journal.Batch;
import dev.indelible.ports.journal.Position;
import dev.indelible.ports.testing.SettableClock;
import dev.indelible.server.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Loses power, or is killed, at every write point of a workload, recovers, and loses power again:
 * every batch that was acknowledged, or read, is there, once, in order and unchanged; what else is
 * there was sent.
 */
class JournalPowerLossTest {

  private static final Path DIRECTORY = SimulatedDisk.ROOT.resolve("journal");

  /** The seeds 0 and 1 drop and keep everything; the others tear and reorder. */
  private static final int SEEDS = 4;

  private static final int LONG_SEEDS = 32;

  private static final int BATCHES = 60;

  private final SettableClock clock = new SettableClock(1_000);

  /** Knowledge of a process before power was lost. */
  private static final class Known {
    final TreeMap<Integer, Appended> acknowledged = new TreeMap<>();
    int sent;
    Position allowedToForget = Position.START;
  }

  private FileJournal open(SimulatedDisk disk, long seed) throws IOException {
    return FileJournal.open(
        disk,
        DIRECTORY,
        FileJournal.Options.of(clock, new Random(seed))
            .withSegmentBytes(FileJournal.MIN_SEGMENT_BYTES));
  }

  private static byte[] payload(int index) {
    byte[] payload = new byte[8 + new Random(index).nextInt(3_000)];
    new Random(index + 1_000L).nextBytes(payload);
    ByteBuffer.wrap(payload).putInt(index).putInt(payload.length);
    return payload;
  }

  /** Appends groups of batches, forgets some, and closes and opens once in between. */
  private void work(SimulatedDisk disk, Known known) throws InterruptedException {
    try {
      for (int round = 0; round < 2; round++) {
        try (FileJournal journal = open(disk, round)) {
          for (int i = 0; i < BATCHES / 2; i += 5) {
            appendGroup(journal, known);
            if (i == 15) {
              known.allowedToForget = known.acknowledged.lastEntry().getValue().position();
              journal.forget(known.allowedToForget);
            }
          }
        }
      }
    } catch (IOException | CompletionException e) {
      assertThat(disk.hasLostPower()).as("only for want of power: %s", e).isTrue();
    }
  }

  private static void appendGroup(FileJournal journal, Known known) {
    List<CompletableFuture<Appended>> group = new ArrayList<>();
    int first = known.sent;
    for (int j = 0; j < 5; j++) {
      group.add(journal.append(payload(known.sent++)));
    }
    CompletionException failed = null;
    for (int j = 0; j < group.size(); j++) {
      try {
        known.acknowledged.put(first + j, group.get(j).join());
      } catch (CompletionException e) {
        failed = e;
      }
    }
    if (failed != null) {
      throw failed;
    }
  }

  private static void check(FileJournal journal, Known known) throws Exception {
    List<Batch> found = readAll(journal, journal.begin());
    assertThat(journal.begin()).isLessThanOrEqualTo(known.allowedToForget);
    int previous = -1;
    TreeMap<Integer, Batch> byIndex = new TreeMap<>();
    for (Batch batch : found) {
      int index = ByteBuffer.wrap(batch.payload()).getInt();
      assertThat(index).isGreaterThan(previous).isLessThan(known.sent);
      assertThat(batch.payload()).isEqualTo(payload(index));
      byIndex.put(index, batch);
      previous = index;
    }
    known.acknowledged.forEach(
        (index, appended) -> {
          if (appended.position().compareTo(known.allowedToForget) >= 0) {
            Batch batch = byIndex.get(index);
            if (batch == null) {
              throw new AssertionError("acknowledged batch " + index + " is lost");
            }
            assertThat(new Appended(batch.position(), batch.appendedAtMillis()))
                .isEqualTo(appended);
          }
        });
    // What was read is durable: it must never be gone again.
    byIndex.forEach(
        (index, batch) ->
            known.acknowledged.put(
                index, new Appended(batch.position(), batch.appendedAtMillis())));
  }

  @Test
  void nothingAcknowledgedIsLostWhereverPowerIsLost() throws Exception {
    long chosen = System.nanoTime();
    System.out.println("seed " + chosen);
    // At every other point one of them, which is another one at the next point.
    losePowerEverywhere(
        point ->
            Math.floorMod(point + chosen, 2) == 0
                ? IntStream.of(Math.floorMod(point / 2 + chosen, SEEDS))
                : IntStream.empty());
  }

  @Test
  @Tag("long")
  void nothingAcknowledgedIsLostWhereverPowerIsLostWithManySeeds() throws Exception {
    losePowerEverywhere(_ -> IntStream.range(0, LONG_SEEDS));
  }

  private void losePowerEverywhere(LongFunction<IntStream> seeds) throws Exception {
    SimulatedDisk whole = new SimulatedDisk();
    work(whole, new Known());
    long points = whole.writePoints();
    assertThat(points).isGreaterThan(40);
    int recovered = 0;
    for (long point = 1; point <= points; point++) {
      int[] chosen = seeds.apply(point).toArray();
      if (chosen.length == 0) {
        continue;
      }
      SimulatedDisk disk = new SimulatedDisk();
      disk.losePowerAt(point);
      Known known = new Known();
      work(disk, known);
      for (int seed : chosen) {
        String where = "power lost at write point " + point + ", seed " + seed;
        try {
          recoverTwice(disk.afterPowerLoss(seed), known, seed);
          recoverTwice(disk.afterKill(), known, seed);
        } catch (AssertionError | IOException e) {
          throw new AssertionError(where, e);
        }
        recovered += 2;
      }
    }
    System.out.println(points + " write points, " + recovered + " recoveries");
  }

  /** Recovers, loses power during what follows, and recovers again. */
  private void recoverTwice(SimulatedDisk disk, Known before, int seed) throws Exception {
    Known known = new Known();
    known.acknowledged.putAll(before.acknowledged);
    known.sent = before.sent;
    known.allowedToForget = before.allowedToForget;
    disk.losePowerAt(2 + new Random(seed).nextInt(12));
    try (FileJournal journal = open(disk, 100 + seed)) {
      check(journal, known);
      appendGroup(journal, known);
      check(journal, known);
    } catch (IOException | CompletionException e) {
      assertThat(disk.hasLostPower()).as("only for want of power: %s", e).isTrue();
    }
    SimulatedDisk again = disk.afterPowerLoss(seed + 50L);
    try (FileJournal journal = open(again, 200 + seed)) {
      check(journal, known);
      appendGroup(journal, known);
      check(journal, known);
    }
  }
}
