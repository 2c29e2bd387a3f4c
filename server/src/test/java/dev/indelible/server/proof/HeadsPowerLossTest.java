package dev.indelible.server.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.disk.SimulatedDisk;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.FileJournal;
import dev.indelible.server.proof.Cosignatures.Cosigned;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
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

  /** Stride of the short test: power is lost at one in so many writes. */
  private static final int SHORT_STRIDE = 3;

  /** Size at which a journal is written anew; small, so that it is cut a few times. */
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

  /** Published heads, and of the first tenant the newest one that the quorum cosigned. */
  private record Shown(Map<TenantId, Head> heads, AtomicReference<Head> reached) {}

  /** Publishes until power is lost; returns what was shown. */
  private static Shown work(SimulatedDisk disk) throws Exception {
    Map<TenantId, Head> shown = new HashMap<>();
    AtomicReference<Head> reached = new AtomicReference<>(Head.EMPTY);
    try {
      disk.createDirectory(DIRECTORY);
      disk.forceDirectory(SimulatedDisk.ROOT);
      try (FileJournal journal = journal(disk)) {
        Heads heads = Heads.open(journal, HeadsTest.two(), HeadsTest.after(SNAPSHOT_AFTER_BYTES));
        for (int round = 1; round <= ROUNDS; round++) {
          Map<TenantId, Head> next = new HashMap<>();
          for (int i = 0; i <= round % TENANTS.size(); i++) {
            next.put(TENANTS.get(i), head(TENANTS.get(i), round, 0));
          }
          heads.publish(next);
          shown.putAll(next);
          if (round % 2 == 0) {
            cosign(heads, round, reached);
          }
        }
      }
    } catch (IOException | JournalUnavailableException e) {
      assertThat(disk.hasLostPower()).as("only for want of power: %s", e).isTrue();
    }
    return new Shown(shown, reached);
  }

  /** One witness is as fast as the log, and another needs six rounds for each checkpoint. */
  private static void cosign(Heads heads, int round, AtomicReference<Head> reached) {
    TenantId tenant = TENANTS.getFirst();
    Head candidate = heads.candidate(tenant).orElseThrow();
    heads.cosigned(tenant, candidate, HeadsTest.line(1, candidate));
    Head newest = heads.get(tenant).orElseThrow();
    heads.cosigned(tenant, newest, HeadsTest.line(1, newest));
    if (round % 6 == 0) {
      heads.cosigned(tenant, candidate, HeadsTest.line(2, candidate));
      reached.set(candidate);
    }
  }

  @Test
  void noTwoHeadsThatContradictEachOtherAreEverShown() throws Exception {
    long chosen = System.nanoTime();
    System.out.println("seed " + chosen);
    // At one point in so many, with another seed than at the next one.
    losePowerEverywhere(
        point ->
            Math.floorMod(point + chosen, SHORT_STRIDE) == 0
                ? IntStream.of(Math.floorMod(point / SHORT_STRIDE + chosen, SEEDS))
                : IntStream.empty());
  }

  @Test
  @Tag("long")
  void noTwoHeadsThatContradictEachOtherAreEverShownWithManySeeds() throws Exception {
    losePowerEverywhere(_ -> IntStream.range(0, 2 * SEEDS));
  }

  private static void losePowerEverywhere(LongFunction<IntStream> seeds) throws Exception {
    SimulatedDisk whole = new SimulatedDisk();
    Shown all = work(whole);
    assertThat(all.heads()).hasSize(TENANTS.size());
    assertThat(all.reached().get().size()).isPositive();
    long points = whole.writePoints();
    assertThat(points).isGreaterThan(40);
    int recoveries = 0;
    for (long point = 1; point <= points; point++) {
      int[] chosen = seeds.apply(point).toArray();
      if (chosen.length == 0) {
        continue;
      }
      SimulatedDisk disk = new SimulatedDisk();
      disk.losePowerAt(point);
      Shown shown = work(disk);
      for (int seed : chosen) {
        recover(disk.afterPowerLoss(seed), shown, point);
        recoveries++;
      }
      recover(disk.afterKill(), shown, point);
      recoveries++;
    }
    System.out.printf("power lost at %d write points, %d recoveries%n", points, recoveries);
  }

  private static void recover(SimulatedDisk disk, Shown shown, long point) throws Exception {
    if (!disk.exists(DIRECTORY)) {
      assertThat(shown.heads()).isEmpty();
      return;
    }
    try (FileJournal journal = journal(disk)) {
      Heads heads = Heads.open(journal, HeadsTest.two(), HeadsTest.after(SNAPSHOT_AFTER_BYTES));
      Head reached = shown.reached().get();
      Head cosigned =
          heads.cosignatures().reached(TENANTS.getFirst()).map(Cosigned::head).orElse(Head.EMPTY);
      assertThat(cosigned.size())
          .as("a quorum after power was lost at %d", point)
          .isGreaterThanOrEqualTo(reached.size());
      if (cosigned.size() > 0) {
        assertThat(cosigned).isEqualTo(head(TENANTS.getFirst(), cosigned.size(), 0));
      }
      shown
          .heads()
          .forEach(
              (tenant, before) -> {
                Head after = heads.get(tenant).orElse(Head.EMPTY);
                assertThat(after.size())
                    .as("%s after power was lost at %d", tenant, point)
                    .isGreaterThanOrEqualTo(before.size());
                assertThat(after)
                    .as("no history but the one")
                    .isEqualTo(head(tenant, after.size(), 0));
                for (long size = Math.max(1, before.size() - 2); size <= before.size(); size++) {
                  Map<TenantId, Head> other = Map.of(tenant, head(tenant, size, 1));
                  assertThatThrownBy(() -> heads.publish(other))
                      .isInstanceOf(IllegalStateException.class);
                }
              });
    }
  }
}
