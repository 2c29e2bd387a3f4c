package dev.indelible.server.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The simulated disk behaves as a disk, and forgets as one may. */
class SimulatedDiskTest extends DiskContractTest {

  private final SimulatedDisk simulated = new SimulatedDisk();
  private final Path file = SimulatedDisk.ROOT.resolve("file");

  @Override
  void prepare() {
    disk = simulated;
    root = SimulatedDisk.ROOT;
  }

  @Test
  void whatIsForcedSurvivesEveryPowerLoss() throws Exception {
    try (DiskFile out = disk.create(file)) {
      out.write(bytes("durable"), 0);
      out.force();
    }
    disk.forceDirectory(root);
    for (int seed = 0; seed < 50; seed++) {
      assertThat(read(simulated.afterPowerLoss(seed), file)).isEqualTo("durable");
    }
  }

  @Test
  void unforcedWritesAreDroppedTornAndReordered() throws Exception {
    int sectors = 4;
    try (DiskFile out = disk.create(file)) {
      out.writeZeros(0, (long) sectors * SimulatedFile.SECTOR_BYTES);
      out.force();
      disk.forceDirectory(root);
      out.write(bytes("x".repeat(sectors * 512)), 0);
    }
    Set<String> outcomes = new HashSet<>();
    for (int seed = 0; seed < 500; seed++) {
      byte[] left = simulated.afterPowerLoss(seed).bytesOf(file);
      StringBuilder arrived = new StringBuilder();
      for (int sector = 0; sector < sectors; sector++) {
        assertThat(left[sector * 512]).isEqualTo(left[sector * 512 + 511]);
        arrived.append(left[sector * 512] == 'x' ? 'x' : '.');
      }
      outcomes.add(arrived.toString());
    }
    assertThat(outcomes).contains("....", "xxxx", "xx..", "..xx", ".x.x");
  }

  @Test
  void unforcedNamesMayBeLost() throws Exception {
    disk.create(file).close();
    Set<Boolean> outcomes = new HashSet<>();
    for (int seed = 0; seed < 20; seed++) {
      outcomes.add(simulated.afterPowerLoss(seed).exists(file));
    }
    assertThat(outcomes).containsExactlyInAnyOrder(true, false);
    assertThat(simulated.afterPowerLoss(0).exists(file)).isFalse();
    assertThat(simulated.afterPowerLoss(1).exists(file)).isTrue();
  }

  @Test
  void aKilledProcessLosesNothingUntilPowerIsLost() throws Exception {
    try (DiskFile out = disk.create(file)) {
      out.write(bytes("unforced"), 0);
    }
    SimulatedDisk killed = simulated.afterKill();
    assertThat(read(killed, file)).isEqualTo("unforced");
    assertThat(killed.afterPowerLoss(0).exists(file)).isFalse();
  }

  @Test
  void faultsComeWhenTold() throws Exception {
    try (DiskFile out = disk.create(file)) {
      simulated.fail(SimulatedDisk.Operation.WRITE, 2, new IOException("told to"));
      out.write(bytes("a"), 0);
      assertThatThrownBy(() -> out.write(bytes("b"), 0)).hasMessage("told to");
      out.write(bytes("c"), 0);
      simulated.setCapacityBytes(10);
      assertThatThrownBy(() -> out.write(bytes("d"), 10)).isInstanceOf(DiskFullException.class);
      simulated.losePowerAt(simulated.writePoints() + 1);
      assertThatThrownBy(() -> out.write(bytes("e"), 0)).hasMessageContaining("power lost");
      assertThatThrownBy(out::force).hasMessageContaining("power lost");
    }
    assertThat(simulated.hasLostPower()).isTrue();
  }
}
