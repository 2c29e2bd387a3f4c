package dev.indelible.server;

import dev.indelible.server.disk.DiskFile;
import dev.indelible.server.disk.ForwardingDisk;
import dev.indelible.server.disk.ReadableFile;
import dev.indelible.server.disk.SimulatedDisk;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A simulated disk that stands for a folder, and tells of every change to it; from each of them
 * power may be lost into another folder.
 */
final class WatchedDisk extends ForwardingDisk {

  /** Listener of changes, on the thread that made them. */
  @FunctionalInterface
  interface Watcher {
    void changed() throws IOException;
  }

  private static final int PAGE_BYTES = 4096;
  private static final byte[] ZEROS = new byte[PAGE_BYTES];

  private final SimulatedDisk disk;
  private final Path folder;
  private volatile Watcher watcher = () -> {};

  WatchedDisk(Path folder) {
    this(folder, new SimulatedDisk());
  }

  private WatchedDisk(Path folder, SimulatedDisk disk) {
    super(disk);
    this.disk = disk;
    this.folder = folder;
  }

  /** Replaces the listener. */
  void watch(Watcher other) {
    watcher = other;
  }

  /**
   * Writes what is left of the disk after power loss now into another folder.
   *
   * @param meanwhile copies what is not on this disk, which stands still until that is done: what
   *     is elsewhere is never ahead of it
   */
  void losePowerInto(Path other, long seed, Watcher meanwhile) throws IOException {
    SimulatedDisk left;
    synchronized (disk) {
      meanwhile.changed();
      left = disk.afterPowerLoss(seed);
    }
    copy(left, SimulatedDisk.ROOT, other);
  }

  private static void copy(SimulatedDisk from, Path directory, Path to) throws IOException {
    Files.createDirectories(to);
    for (Item item : from.list(directory)) {
      if (item.directory()) {
        copy(from, item.path(), to.resolve(item.name()));
      } else {
        writeSparsely(to.resolve(item.name()), from.bytesOf(item.path()));
      }
    }
  }

  private static void writeSparsely(Path file, byte[] bytes) throws IOException {
    try (OutputStream made = Files.newOutputStream(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int at = 0; at < bytes.length; at += PAGE_BYTES) {
        int end = Math.min(bytes.length, at + PAGE_BYTES);
        boolean last = end == bytes.length;
        if (last || !java.util.Arrays.equals(bytes, at, end, ZEROS, 0, end - at)) {
          ByteBuffer page = ByteBuffer.wrap(bytes, at, end - at);
          while (page.hasRemaining()) {
            channel.write(page, page.position());
          }
        }
      }
      made.flush();
    }
  }

  private Path inside(Path path) {
    return SimulatedDisk.ROOT.resolve(folder.relativize(path).toString());
  }

  private boolean isAbove(Path path) {
    return folder.startsWith(path);
  }

  @Override
  public DiskFile create(Path file) throws IOException {
    DiskFile created = new File(file, disk.create(inside(file)));
    watcher.changed();
    return created;
  }

  @Override
  public DiskFile open(Path file) throws IOException {
    return new File(file, disk.open(inside(file)));
  }

  @Override
  public ReadableFile openUnchanging(Path file) throws IOException {
    return open(file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    disk.rename(inside(from), inside(to));
    watcher.changed();
  }

  @Override
  public void link(Path existing, Path name) throws IOException {
    disk.link(inside(existing), inside(name));
    watcher.changed();
  }

  @Override
  public boolean delete(Path file) throws IOException {
    boolean deleted = disk.delete(inside(file));
    watcher.changed();
    return deleted;
  }

  @Override
  public boolean exists(Path path) {
    return isAbove(path) || disk.exists(inside(path));
  }

  @Override
  public boolean isDirectory(Path path) {
    return isAbove(path) || disk.isDirectory(inside(path));
  }

  @Override
  public Object identity(Path file) throws IOException {
    return disk.identity(inside(file));
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    if (!isAbove(directory)) {
      disk.createDirectory(inside(directory));
      watcher.changed();
    }
  }

  @Override
  public List<Item> list(Path directory) throws IOException {
    return disk.list(inside(directory)).stream()
        .map(item -> new Item(directory.resolve(item.name()), item.directory()))
        .toList();
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    disk.forceDirectory(inside(directory));
    watcher.changed();
  }

  @Override
  public long freeBytes(Path directory) throws IOException {
    return disk.freeBytes(SimulatedDisk.ROOT);
  }

  @Override
  public Lock lock(Path file) throws IOException {
    return disk.lock(inside(file));
  }

  private final class File extends ForwardingFile {
    private final Path path;

    File(Path path, DiskFile file) {
      super(file);
      this.path = path;
    }

    @Override
    public Path path() {
      return path;
    }

    @Override
    public void write(ByteBuffer source, long offset) throws IOException {
      super.write(source, offset);
      watcher.changed();
    }

    @Override
    public void writeZeros(long offset, long length) throws IOException {
      super.writeZeros(offset, length);
      watcher.changed();
    }

    @Override
    public void truncate(long sizeBytes) throws IOException {
      super.truncate(sizeBytes);
      watcher.changed();
    }

    @Override
    public void force() throws IOException {
      super.force();
      watcher.changed();
    }
  }
}
