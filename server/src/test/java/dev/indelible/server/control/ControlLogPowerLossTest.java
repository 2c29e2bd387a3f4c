package dev.indelible.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.ports.journal.Position;
import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.disk.SimulatedDisk;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.FileJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The process is killed, or power lost, at every write point while keys are rotated. A rotation is
 * two changes in one record: after it there are both or neither, and both when it was acknowledged.
 */
final class ControlLogPowerLossTest {

  private static final Path DIRECTORY = SimulatedDisk.ROOT.resolve("control");
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  private static final TenantId T = new TenantId("t");

  /** So that the journal begins a few files. */
  private static final int ROTATIONS = 24;

  private static final int SEEDS = 4;

  /** In the short test power is lost at one in so many writes. */
  private static final int SHORT_STRIDE = 8;

  private static FileJournal journal(SimulatedDisk disk) throws IOException {
    return FileJournal.open(
        disk,
        DIRECTORY,
        FileJournal.Options.of(InstantSource.system(), new SecureRandom())
            .withSegmentBytes(16_384));
  }

  private static ApiKey key(int number) {
    return new ApiKey("k" + number, T, "n", Set.of(), "ab", List.of(), NOW, null, null);
  }

  private static Change change(ConfigurationObject object, long replaces) {
    return new Change(object, replaces, ChangedBy.SYSTEM, null);
  }

  /** Makes the next key, and ends the one before it, in one record. */
  private static void rotate(ControlLog control, int number) {
    assertThat(
            control.change(
                List.of(
                    change(key(number), 0),
                    change(key(number - 1).expiring(NOW.plusSeconds(number)), 1))))
        .isInstanceOf(ChangeOutcome.Applied.class);
  }

  /** Rotates until power is lost; returns the number of the newest acknowledged key, or -1. */
  private static int work(SimulatedDisk disk) throws Exception {
    int acknowledged = -1;
    try {
      disk.createDirectory(DIRECTORY);
      disk.forceDirectory(SimulatedDisk.ROOT);
      FileJournal journal = journal(disk);
      ControlLog control = new ControlLog(journal, 1);
      try {
        control.start(Position.START, _ -> {});
        control.change(change(key(0), 0));
        acknowledged = 0;
        for (int number = 1; number <= ROTATIONS; number++) {
          rotate(control, number);
          acknowledged = number;
          // Of a version that has moved: it leaves nothing behind.
          control.change(
              List.of(change(key(1_000 + number), 0), change(key(number - 1).revoked(NOW), 1)));
        }
      } finally {
        journal.close(); // lets the fold end at once
        control.close();
      }
    } catch (IOException | JournalUnavailableException e) {
      assertThat(disk.hasLostPower()).as("only for want of power: %s", e).isTrue();
    }
    return acknowledged;
  }

  @Test
  void changesTogetherAreThereTogetherOrNotAtAll() throws Exception {
    long chosen = System.nanoTime();
    System.out.println("seed " + chosen);
    losePowerEverywhere(
        point ->
            Math.floorMod(point + chosen, SHORT_STRIDE) == 0
                ? IntStream.of(Math.floorMod(point / SHORT_STRIDE + chosen, SEEDS))
                : IntStream.empty());
  }

  @Test
  @Tag("long")
  void changesTogetherAreThereTogetherOrNotAtAllWithManySeeds() throws Exception {
    losePowerEverywhere(_ -> IntStream.range(0, 2 * SEEDS));
  }

  private static void losePowerEverywhere(LongFunction<IntStream> seeds) throws Exception {
    SimulatedDisk whole = new SimulatedDisk();
    assertThat(work(whole)).isEqualTo(ROTATIONS);
    long points = whole.writePoints();
    assertThat(points).isGreaterThan(80);
    int recoveries = 0;
    for (long point = 1; point <= points; point++) {
      int[] chosen = seeds.apply(point).toArray();
      if (chosen.length == 0) {
        continue;
      }
      SimulatedDisk disk = new SimulatedDisk();
      disk.losePowerAt(point);
      int acknowledged = work(disk);
      for (int seed : chosen) {
        recover(disk.afterPowerLoss(seed), acknowledged, "power lost at " + point + ", " + seed);
        recoveries++;
      }
      recover(disk.afterKill(), acknowledged, "killed at " + point);
      recoveries++;
    }
    System.out.printf("%d write points, %d recoveries%n", points, recoveries);
  }

  private static void recover(SimulatedDisk disk, int acknowledged, String when) throws Exception {
    if (!disk.exists(DIRECTORY)) {
      assertThat(acknowledged).as(when).isEqualTo(-1);
      return;
    }
    FileJournal journal = journal(disk);
    ControlLog control = new ControlLog(journal, 1_000_000);
    try {
      control.start(Position.START, _ -> {});
      int last = check(control.configuration(), when);
      assertThat(last).as(when).isGreaterThanOrEqualTo(acknowledged);
      if (last >= 0) {
        rotate(control, last + 1);
        assertThat(check(control.configuration(), when)).isEqualTo(last + 1);
      }
    } finally {
      journal.close();
      control.close();
    }
  }

  /** Returns the number of the newest key; -1 when there is none. */
  private static int check(Configuration configuration, String when) {
    int keys = configuration.keys(T).size();
    for (int number = 0; number < keys; number++) {
      ApiKey key = configuration.key("k" + number).orElseThrow();
      assertThat(key.revokedAt()).as(when).isNull();
      if (number < keys - 1) {
        assertThat(key.expiresAt()).as("%s: of key %d", when, number).isNotNull();
      } else {
        assertThat(key.expiresAt()).as("%s: of the newest key", when).isNull();
      }
    }
    return keys - 1;
  }
}
