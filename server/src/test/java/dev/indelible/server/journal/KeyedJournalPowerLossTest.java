package dev.indelible.server.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.disk.SimulatedDisk;
import dev.indelible.server.journal.KeyedJournalTest.Change;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Power is lost at write points of a journal that is compacted: no value that was shown is lost.
 */
final class KeyedJournalPowerLossTest {

  private static final Path DIRECTORY = SimulatedDisk.ROOT.resolve("keyed");
  private static final int KEYS = 7;
  private static final int ROUNDS = 60;
  private static final int STRIDE = 3;

  private static FileJournal journal(SimulatedDisk disk) throws IOException {
    return FileJournal.open(
        disk,
        DIRECTORY,
        FileJournal.Options.of(InstantSource.system(), new SecureRandom())
            .withSegmentBytes(FileJournal.MIN_SEGMENT_BYTES));
  }

  /** Sets values until power is lost; returns those that were durable. */
  private static Map<String, Integer> work(SimulatedDisk disk, boolean erase) throws Exception {
    Map<String, Integer> shown = new HashMap<>();
    try {
      disk.createDirectory(DIRECTORY);
      disk.forceDirectory(SimulatedDisk.ROOT);
      try (FileJournal journal = journal(disk)) {
        KeyedJournal<Change> keyed = KeyedJournalTest.open(journal, new HashMap<>());
        for (int i = 1; i <= ROUNDS; i++) {
          String key = "k" + i % KEYS;
          KeyedJournal.await(keyed.append(List.of(new Change(key, i))));
          shown.put(key, i);
          if (keyed.hasGrown(0)) {
            if (erase) {
              keyed.compactAndErase(KeyedJournalTest.all(shown));
            } else {
              keyed.compact(KeyedJournalTest.all(shown));
            }
          }
        }
      }
    } catch (IOException | JournalUnavailableException e) {
      assertThat(disk.hasLostPower()).as("only for want of power: %s", e).isTrue();
    }
    return shown;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noValueThatWasDurableIsLost(boolean erase) throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    SimulatedDisk whole = new SimulatedDisk();
    assertThat(work(whole, erase)).hasSize(KEYS);
    long points = whole.writePoints();
    assertThat(points).isGreaterThan(60);
    for (long point = 1L + Math.floorMod(seed, STRIDE); point <= points; point += STRIDE) {
      SimulatedDisk disk = new SimulatedDisk();
      disk.losePowerAt(point);
      Map<String, Integer> shown = work(disk, erase);
      recover(disk.afterPowerLoss(seed + point), shown, point);
      recover(disk.afterKill(), shown, point);
    }
  }

  private static void recover(SimulatedDisk disk, Map<String, Integer> shown, long point)
      throws Exception {
    if (!disk.exists(DIRECTORY)) {
      assertThat(shown).isEmpty();
      return;
    }
    Map<String, Integer> after = new HashMap<>();
    try (FileJournal journal = journal(disk)) {
      KeyedJournal<Change> keyed = KeyedJournalTest.open(journal, after);
      shown.forEach(
          (key, value) ->
              assertThat(after.getOrDefault(key, 0))
                  .as("%s after power was lost at %d", key, point)
                  .isGreaterThanOrEqualTo(value));
      keyed.compactAndErase(KeyedJournalTest.all(after));
      Map<String, Integer> again = new HashMap<>();
      assertThat(KeyedJournalTest.open(journal, again).isEmpty()).isFalse();
      assertThat(again).isEqualTo(after);
    }
  }
}
