package dev.indelible.server.blob;

import static dev.indelible.ports.testing.BlobStoreContractTest.bytes;
import static dev.indelible.ports.testing.BlobStoreContractTest.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.blob.BlobStore.State;
import dev.indelible.server.disk.DiskFullException;
import dev.indelible.server.disk.FileLockedException;
import dev.indelible.server.disk.SimulatedDisk;
import dev.indelible.server.disk.SimulatedDisk.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests a blob store in a directory when the disk fails, fills up or loses power. */
class DirectoryBlobStoreTest {

  private static final Path DIRECTORY = SimulatedDisk.ROOT.resolve("data").resolve("blob");

  private static final int[] SEEDS = {0, 1, 2, 3, 4, 5, 6, 7};

  private final SimulatedDisk disk = new SimulatedDisk();

  private DirectoryBlobStore open() throws IOException {
    return DirectoryBlobStore.open(disk, DIRECTORY);
  }

  @Test
  void twoProcessesCannotOpenOneDirectory() throws Exception {
    try (DirectoryBlobStore store = open()) {
      assertThat(store.list("")).isEmpty();
      assertThatThrownBy(this::open).isInstanceOf(FileLockedException.class);
    }
    open().close();
  }

  @Test
  void temporaryFilesAreDeletedAtStart() throws Exception {
    open().close();
    Path left = DIRECTORY.resolve("tmp").resolve("17");
    disk.create(left).close();
    open().close();
    assertThat(disk.exists(left)).isFalse();
  }

  @Test
  void aFullDiskLeavesNoBlobAndAcceptsWhenThereIsRoom() throws Exception {
    try (DirectoryBlobStore store = open()) {
      disk.setCapacityBytes(100);
      assertThatThrownBy(() -> store.putIfAbsent("a", out -> out.write(new byte[101])))
          .isInstanceOf(DiskFullException.class);
      assertThat(disk.usedBytes()).isZero();
      assertThatThrownBy(() -> store.compareAndSetState("s", 0, new byte[101]))
          .isInstanceOf(DiskFullException.class);
      assertThat(store.state("s")).isEmpty();
      disk.setCapacityBytes(1_000);
      assertThat(store.putIfAbsent("a", out -> out.write(new byte[101]))).isTrue();
      assertThat(store.compareAndSetState("s", 0, new byte[101])).isTrue();
    }
  }

  @Test
  void aBlobWhoseBytesCannotBeForcedIsNone() throws Exception {
    try (DirectoryBlobStore store = open()) {
      disk.failNext(Operation.FORCE, file -> true);
      assertThatThrownBy(() -> store.putIfAbsent("a", out -> out.write(1)))
          .hasMessageContaining(SimulatedDisk.IO_ERROR);
      assertThat(store.list("")).isEmpty();
      assertThat(store.putIfAbsent("a", out -> out.write(1))).isTrue();
    }
  }

  @Test
  void afterADirectoryCouldNotBeForcedNothingIsChangedUntilReopened() throws Exception {
    try (DirectoryBlobStore store = open()) {
      store.putIfAbsent("a", out -> out.write(bytes("one")));
      disk.failNext(Operation.FORCE_DIRECTORY, file -> true);
      assertThatThrownBy(() -> store.putIfAbsent("b", out -> out.write(1)))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> store.putIfAbsent("b", out -> out.write(1)))
          .hasMessageContaining("until it is opened anew");
      assertThatThrownBy(() -> store.delete("a")).hasMessageContaining("opened anew");
      assertThatThrownBy(() -> store.state("s")).hasMessageContaining("opened anew");
      assertThat(read(store, "a")).isEqualTo("one");
    }
    try (DirectoryBlobStore store = open()) {
      assertThat(store.putIfAbsent("c", out -> out.write(1))).isTrue();
    }
  }

  @Test
  void everyFlippedBitOfAStateIsFound() throws Exception {
    try (DirectoryBlobStore store = open()) {
      store.compareAndSetState("s", 0, bytes("value"));
      Path file = DIRECTORY.resolve("states").resolve("s");
      byte[] intact = disk.bytesOf(file);
      for (int bit = 0; bit < intact.length * 8; bit++) {
        byte[] damaged = intact.clone();
        damaged[bit / 8] ^= (byte) (1 << (bit % 8));
        disk.damage(file, damaged);
        assertThatThrownBy(() -> store.state("s"))
            .isInstanceOf(BlobCorruptException.class)
            .hasMessageContaining(file.toString());
      }
      disk.damage(file, new byte[3]);
      assertThatThrownBy(() -> store.state("s")).hasMessageContaining("cut short");
      disk.damage(file, intact);
      assertThat(store.state("s").orElseThrow().bytes()).isEqualTo(bytes("value"));
    }
  }

  /** Knowledge of a process before power was lost. */
  private static final class Known {
    final Map<String, String> put = new HashMap<>();
    final Set<String> deleted = new HashSet<>();
    // Asked for and not answered: there or not.
    String pending = "";
    long stateVersion;
    boolean statePending;
  }

  private static String content(String name) {
    return (name + " ").repeat(200);
  }

  private static void put(DirectoryBlobStore store, Known known, String name) throws IOException {
    known.pending = name;
    known.deleted.remove(name);
    assertThat(store.putIfAbsent(name, out -> out.write(bytes(content(name))))).isTrue();
    known.put.put(name, content(name));
    known.pending = "";
  }

  private static void delete(DirectoryBlobStore store, Known known, String name)
      throws IOException {
    known.pending = name;
    known.put.remove(name);
    store.delete(name);
    known.deleted.add(name);
    known.pending = "";
  }

  private static void set(DirectoryBlobStore store, Known known) throws IOException {
    known.statePending = true;
    byte[] value = bytes(content("state " + (known.stateVersion + 1)));
    assertThat(store.compareAndSetState("fold/position", known.stateVersion, value)).isTrue();
    known.stateVersion++;
    known.statePending = false;
  }

  private static void work(SimulatedDisk disk, Known known) {
    try {
      for (int round = 0; round < 2; round++) {
        try (DirectoryBlobStore store = DirectoryBlobStore.open(disk, DIRECTORY)) {
          for (int i = 0; i < 3; i++) {
            put(store, known, "runs/" + round + "/" + i);
            set(store, known);
          }
          put(store, known, "tile/" + round);
          delete(store, known, "runs/" + round + "/1");
          put(store, known, "runs/" + round + "/1");
          delete(store, known, "runs/" + round + "/2");
        }
      }
    } catch (IOException e) {
      assertThat(disk.hasLostPower()).as("only for want of power: %s", e).isTrue();
    }
  }

  private static void check(SimulatedDisk disk, Known known) throws IOException {
    try (DirectoryBlobStore store = DirectoryBlobStore.open(disk, DIRECTORY)) {
      Set<String> there = new HashSet<>(store.list(""));
      assertThat(there).containsAll(known.put.keySet());
      assertThat(known.deleted).noneMatch(there::contains);
      for (String name : there) {
        if (!known.put.containsKey(name)) {
          assertThat(name).isEqualTo(known.pending);
        }
        assertThat(read(store, name)).isEqualTo(content(name));
      }
      Optional<State> state = store.state("fold/position");
      long version = state.map(State::version).orElse(0L);
      if (known.statePending) {
        assertThat(version).isBetween(known.stateVersion, known.stateVersion + 1);
      } else {
        assertThat(version).isEqualTo(known.stateVersion);
      }
      state.ifPresent(
          found -> assertThat(found.bytes()).isEqualTo(bytes(content("state " + found.version()))));
      assertThat(store.compareAndSetState("fold/position", version, bytes("x"))).isTrue();
      assertThat(store.putIfAbsent("after/loss", out -> out.write(1))).isTrue();
    }
  }

  @Test
  void nothingAcknowledgedIsLostWhereverPowerIsLost() throws Exception {
    SimulatedDisk whole = new SimulatedDisk();
    work(whole, new Known());
    long points = whole.writePoints();
    assertThat(points).isGreaterThan(80);
    for (long point = 1; point <= points; point++) {
      SimulatedDisk before = new SimulatedDisk();
      before.losePowerAt(point);
      Known known = new Known();
      work(before, known);
      for (int seed : SEEDS) {
        try {
          check(before.afterPowerLoss(seed), known);
        } catch (AssertionError | IOException e) {
          throw new AssertionError("power lost at write point " + point + ", seed " + seed, e);
        }
      }
    }
    System.out.println(points + " write points, seeds 0 to 7");
  }
}
