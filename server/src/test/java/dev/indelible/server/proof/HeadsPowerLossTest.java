package dev.indelible.server.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.disk.SimulatedDisk;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.FileJournal;
import dev.indelible.server.journal.JournalUnavailableException;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Power is lost at every write point of the heads journal, snapshots and cuts included. Whatever
 * was shown of a log before is known after, so that nothing that contradicts it can be signed.
 */
final class HeadsPowerLossTest {

  private static final Path DIRECTORY = SimulatedDisk.ROOT.resolve("heads");
  private static final List<TenantId> TENANTS =
      List.of(new TenantId("acme"), new TenantId("bolt"), new TenantId("cray"));
  private static final int ROUNDS = 24;
  private static final int SEEDS = 4;

  /** So that it is written anew and cut a few times. */
  private static final long SNAPSHOT_AFTER_BYTES = 700;

  private static Head head(TenantId tenant, long size, int history) {
    byte[] root = new byte[Hash.BYTES];
    new Random(31 * size + tenant.hashCode() + 1_000_003L * history).nextBytes(root);
    return new Head(size, Hash.of(root));
  }

  private static FileJournal journal(SimulatedDisk disk) throws IOException {
    return FileJournal.open(
        disk,
        DIRECTORY,
        FileJournal.Options.of(InstantSource.system(), new SecureRandom())
            .withSegmentBytes(16_384));
  }

  /** Publishes until power is lost; returns what was shown. */
  private static Map<TenantId, Head> work(SimulatedDisk disk) throws Exception {
    Map<TenantId, Head> shown = new HashMap<>();
    try {
      disk.createDirectory(DIRECTORY);
      disk.forceDirectory(SimulatedDisk.ROOT);
      try (FileJournal journal = journal(disk)) {
        Heads heads = Heads.open(journal, SNAPSHOT_AFTER_BYTES);
        for (int round = 1; round <= ROUNDS; round++) {
          Map<TenantId, Head> next = new HashMap<>();
          for (int i = 0; i <= round % TENANTS.size(); i++) {
            next.put(TENANTS.get(i), head(TENANTS.get(i), round, 0));
          }
          heads.publish(next);
          shown.putAll(next);
        }
      }
    } catch (IOException | JournalUnavailableException e) {
      assertThat(disk.hasLostPower()).as("only for want of power: %s", e).isTrue();
    }
    return shown;
  }

  @Test
  void noTwoHeadsThatContradictEachOtherAreEverShown() throws Exception {
    SimulatedDisk whole = new SimulatedDisk();
    assertThat(work(whole)).hasSize(TENANTS.size());
    long points = whole.writePoints();
    assertThat(points).isGreaterThan(40);
    int recoveries = 0;
    for (long point = 1; point <= points; point++) {
      SimulatedDisk disk = new SimulatedDisk();
      disk.losePowerAt(point);
      Map<TenantId, Head> shown = work(disk);
      for (int seed = 0; seed < SEEDS; seed++) {
        recover(disk.afterPowerLoss(seed), shown, point);
        recoveries++;
      }
      recover(disk.afterKill(), shown, point);
      recoveries++;
    }
    System.out.printf("power lost at %d write points, %d recoveries%n", points, recoveries);
  }

  private static void recover(SimulatedDisk disk, Map<TenantId, Head> shown, long point)
      throws Exception {
    if (!disk.exists(DIRECTORY)) {
      assertThat(shown).isEmpty();
      return;
    }
    try (FileJournal journal = journal(disk)) {
      Heads heads = Heads.open(journal, SNAPSHOT_AFTER_BYTES);
      shown.forEach(
          (tenant, before) -> {
            Head after = heads.get(tenant).orElse(Head.EMPTY);
            assertThat(after.size())
                .as("%s after power was lost at %d", tenant, point)
                .isGreaterThanOrEqualTo(before.size());
            assertThat(after).as("no history but the one").isEqualTo(head(tenant, after.size(), 0));
            for (long size = Math.max(1, before.size() - 2); size <= before.size(); size++) {
              Map<TenantId, Head> other = Map.of(tenant, head(tenant, size, 1));
              assertThatThrownBy(() -> heads.publish(other))
                  .isInstanceOf(IllegalStateException.class);
            }
          });
    }
  }
}
