package dev.indelible.server.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contract of every disk, so that results on the simulated one hold on the real one. */
abstract class DiskContractTest {

  Disk disk = new SimulatedDisk();
  Path root = SimulatedDisk.ROOT;

  /** Sets {@link #disk} and {@link #root}, an empty directory. */
  abstract void prepare() throws IOException;

  @BeforeEach
  void start() throws IOException {
    prepare();
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private void write(Path file, String text) throws IOException {
    try (DiskFile out = disk.create(file)) {
      out.write(bytes(text), 0);
      out.force();
    }
    disk.forceDirectory(root);
  }

  static String read(Disk disk, Path path) throws IOException {
    try (ReadableFile file = disk.openUnchanging(path)) {
      ByteBuffer all = ByteBuffer.allocate((int) file.sizeBytes());
      file.readFully(all, 0);
      return StandardCharsets.UTF_8.decode(all.flip()).toString();
    }
  }

  @Test
  void filesAreWrittenAndReadAnywhere() throws Exception {
    try (DiskFile file = disk.create(root.resolve("a"))) {
      file.writeZeros(0, 10);
      file.write(bytes("xyz"), 4);
      file.write(bytes("!"), 12);
      assertThat(file.sizeBytes()).isEqualTo(13);
      ByteBuffer part = ByteBuffer.allocate(6);
      assertThat(file.read(part, 3)).isEqualTo(6);
      assertThat(part.flip()).isEqualTo(bytes("\0xyz\0\0"));
      assertThat(file.read(ByteBuffer.allocate(5), 11)).isEqualTo(2);
      assertThat(file.read(ByteBuffer.allocate(5), 13)).isZero();
      assertThat(file.read(ByteBuffer.allocate(5), 99)).isZero();
      assertThatThrownBy(() -> file.readFully(ByteBuffer.allocate(5), 11))
          .isInstanceOf(EOFException.class)
          .hasMessageContaining("offset 11");
      file.truncate(5);
      file.force();
    }
    assertThat(read(disk, root.resolve("a"))).isEqualTo("\0\0\0\0x");
  }

  @Test
  void filesAreThereOrNot() throws Exception {
    write(root.resolve("a"), "one");
    assertThatThrownBy(() -> disk.create(root.resolve("a")))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> disk.open(root.resolve("b"))).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk.openUnchanging(root.resolve("b")))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(disk.exists(root.resolve("a"))).isTrue();
    assertThat(disk.exists(root.resolve("b"))).isFalse();
    assertThat(disk.delete(root.resolve("a"))).isTrue();
    assertThat(disk.delete(root.resolve("a"))).isFalse();
  }

  @Test
  void renamesLinksAndLists() throws Exception {
    write(root.resolve("a"), "one");
    write(root.resolve("b"), "two");
    disk.rename(root.resolve("a"), root.resolve("b"));
    disk.link(root.resolve("b"), root.resolve("c"));
    assertThatThrownBy(() -> disk.link(root.resolve("b"), root.resolve("c")))
        .isInstanceOf(FileAlreadyExistsException.class);
    disk.createDirectories(root.resolve("d").resolve("e"));
    disk.createDirectory(root.resolve("d"));
    assertThat(disk.list(root)).extracting(Disk.Item::name).containsExactly("b", "c", "d");
    assertThat(disk.list(root))
        .extracting(Disk.Item::directory)
        .containsExactly(false, false, true);
    assertThat(disk.isDirectory(root.resolve("d").resolve("e"))).isTrue();
    assertThat(disk.isDirectory(root.resolve("b"))).isFalse();
    assertThat(read(disk, root.resolve("c"))).isEqualTo("one");
    assertThatThrownBy(() -> disk.list(root.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk.list(root.resolve("b"))).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk.createDirectory(root.resolve("b")))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> disk.rename(root.resolve("b"), root.resolve("d").resolve("b")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aLockIsHeldOnce() throws Exception {
    Path file = root.resolve("LOCK");
    try (Disk.Lock lock = disk.lock(file)) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> disk.lock(file))
          .isInstanceOf(FileLockedException.class)
          .hasMessageContaining(file.toString());
    }
    disk.lock(file).close();
  }

  @Test
  void anInterruptedThreadStillForcesDirectories() throws Exception {
    Thread.currentThread().interrupt();
    try {
      disk.forceDirectory(root);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThatThrownBy(() -> disk.forceDirectory(root.resolve("none")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void saysHowMuchRoomThereIs() throws Exception {
    assertThat(disk.freeBytes(root)).isPositive();
  }
}
