package dev.indelible.server.follow;

import static dev.indelible.server.follow.FollowedLogs.ACME;
import static dev.indelible.server.follow.FollowedLogs.BOLT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.ports.journal.JournalUnavailableException.Cause;
import dev.indelible.ports.testing.InMemoryJournal;
import dev.indelible.server.disk.SimulatedDisk;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.FileJournal;
import dev.indelible.server.journal.KeyedJournal;
import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Durable places of followers. */
class CursorsTest {

  private static final KeyedJournal.Bounds SMALL = new KeyedJournal.Bounds(300, 2, 10);
  private static final Path DIRECTORY = SimulatedDisk.ROOT.resolve("cursors");
  private static final int STRIDE = 3;

  @Test
  void aCursorThatAdvancesIsDurableSoonWithoutAnybodyAsking() throws Exception {
    InMemoryJournal journal = new InMemoryJournal(InstantSource.system());
    try (Cursors cursors = Cursors.open(journal)) {
      cursors.set("siem", ACME, 3);
      assertThat(cursors.advance("siem", ACME, 2, 5)).as("it is not there").isFalse();
      assertThat(cursors.advance("siem", BOLT, 0, 5)).as("it does not follow").isFalse();
      long before = journal.end().value();
      assertThat(cursors.advance("siem", ACME, 3, 5)).isTrue();
      assertThat(cursors.get("siem", ACME)).hasValue(5);
      Eventually.see("durable", () -> journal.end().value(), end -> end > before);
      try (Cursors after = Cursors.open(journal.afterPowerLoss())) {
        assertThat(after.get("siem", ACME)).hasValue(5);
        assertThat(after.tenants("siem")).containsExactly(ACME);
      }
    }
  }

  @Test
  void settingAndRemovingAreDurableAtOnceAndFollowersAreApart() throws Exception {
    InMemoryJournal journal = new InMemoryJournal(InstantSource.system());
    try (Cursors cursors = Cursors.open(journal)) {
      cursors.set("one", ACME, 1);
      cursors.set("two", ACME, 2);
      cursors.set("two", BOLT, 3);
      cursors.remove("one", ACME);
      cursors.remove("one", BOLT);
      try (Cursors after = Cursors.open(journal.afterPowerLoss())) {
        assertThat(after.get("one", ACME)).isEmpty();
        assertThat(after.tenants("one")).isEmpty();
        assertThat(after.tenants("two")).containsExactly(ACME, BOLT);
        assertThat(after.get("two", ACME)).hasValue(2);
      }
    }
    assertThat(Cursors.MAX_CURSORS).isEqualTo(200_000);
  }

  @Test
  void aFullDiskKeepsNoFollowerFromGoingOn() throws Exception {
    InMemoryJournal journal = new InMemoryJournal(InstantSource.system());
    try (Cursors cursors = Cursors.open(journal)) {
      cursors.set("siem", ACME, 0);
      journal.refuse(Cause.DISK_FULL);
      assertThat(cursors.advance("siem", ACME, 0, 7)).isTrue();
      assertThat(cursors.flush()).isFalse();
      assertThat(cursors.get("siem", ACME)).hasValue(7);
      assertThatThrownBy(() -> cursors.set("siem", BOLT, 0))
          .isInstanceOf(JournalUnavailableException.class);
      assertThat(cursors.get("siem", BOLT)).isEmpty();
      journal.accept();
      assertThat(cursors.flush()).isTrue();
      try (Cursors after = Cursors.open(journal.afterPowerLoss())) {
        assertThat(after.get("siem", ACME)).hasValue(7);
      }
    }
  }

  @Test
  void aPlaceThatIsNoneIsRefused() throws Exception {
    try (Cursors cursors = Cursors.open(new InMemoryJournal(InstantSource.system()))) {
      assertThatThrownBy(() -> cursors.set("siem", ACME, -1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> cursors.set("a b", ACME, 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> cursors.advance("siem", ACME, 3, 2))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void whatIsNoBatchOfCursorsIsRefused() {
    byte[] batch =
        CursorCodec.encode(
            List.of(
                new CursorCodec.Moved(new CursorCodec.Key("siem", ACME), 3),
                new CursorCodec.Moved(new CursorCodec.Key("siem", BOLT), CursorCodec.Moved.GONE)));
    assertThat(CursorCodec.decode(batch)).hasSize(2);
    byte[] newer = batch.clone();
    newer[0] = 2;
    assertThatThrownBy(() -> CursorCodec.decode(newer)).hasMessageContaining("version 2");
    for (int length = 0; length < batch.length; length++) {
      byte[] cut = Arrays.copyOf(batch, length);
      assertThatThrownBy(() -> CursorCodec.decode(cut)).isInstanceOf(IllegalStateException.class);
    }
    assertThatThrownBy(() -> CursorCodec.decode(Arrays.copyOf(batch, batch.length + 1)))
        .hasMessageContaining("too many");
  }

  private static FileJournal journal(SimulatedDisk disk) throws IOException {
    return FileJournal.open(
        disk,
        DIRECTORY,
        FileJournal.Options.of(InstantSource.system(), new SecureRandom())
            .withSegmentBytes(FileJournal.MIN_SEGMENT_BYTES));
  }

  /** Advances two cursors until power is lost; returns how far both were durable, and were. */
  private static long[] work(SimulatedDisk disk) throws Exception {
    long[] reached = {-1, -1};
    try {
      disk.createDirectory(DIRECTORY);
      disk.forceDirectory(SimulatedDisk.ROOT);
      try (FileJournal journal = journal(disk);
          Cursors cursors = Cursors.open(journal, SMALL)) {
        for (TenantId tenant : List.of(ACME, BOLT)) {
          cursors.set("siem", tenant, 0);
        }
        for (long next = 1; next <= 60; next++) {
          reached[1] = next;
          for (TenantId tenant : List.of(ACME, BOLT)) {
            assertThat(cursors.advance("siem", tenant, next - 1, next)).isTrue();
          }
          if (cursors.flush()) {
            reached[0] = next;
          }
        }
      }
    } catch (IOException | JournalUnavailableException e) {
      assertThat(disk.hasLostPower()).as("only for want of power: %s", e).isTrue();
    }
    return reached;
  }

  @Test
  void afterALossOfPowerNoCursorIsBehindWhatWasDurableOrAheadOfWhatWas() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    SimulatedDisk whole = new SimulatedDisk();
    assertThat(work(whole)).containsExactly(60, 60);
    long points = whole.writePoints();
    assertThat(points).isGreaterThan(60);
    for (long point = 1L + Math.floorMod(seed, STRIDE); point <= points; point += STRIDE) {
      SimulatedDisk disk = new SimulatedDisk();
      disk.losePowerAt(point);
      long[] reached = work(disk);
      for (SimulatedDisk left : List.of(disk.afterPowerLoss(seed + point), disk.afterKill())) {
        if (!left.exists(DIRECTORY)) {
          assertThat(reached[0]).isNegative();
          continue;
        }
        try (FileJournal journal = journal(left);
            Cursors cursors = Cursors.open(journal, SMALL)) {
          for (TenantId tenant : List.of(ACME, BOLT)) {
            assertThat(cursors.get("siem", tenant).orElse(-1))
                .as("%s after power was lost at %d", tenant, point)
                .isBetween(reached[0], Math.max(0, reached[1]));
          }
        }
      }
    }
  }
}
