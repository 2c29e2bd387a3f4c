package dev.indelible.server;

import dev.indelible.server.disk.Disk;
import dev.indelible.server.disk.DiskFile;
import dev.indelible.server.disk.DiskFullException;
import dev.indelible.server.disk.ReadableFile;
import dev.indelible.server.disk.SystemDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The system's disk, full or unable to force when told to. Thread-safe. */
final class FailingDisk implements Disk {

  private final Disk disk = new SystemDisk();
  private final AtomicReference<@Nullable Path> failForceUnder = new AtomicReference<>();
  private volatile boolean full;

  /** Lets no file grow from now on, or lets them grow again. */
  void setFull(boolean now) {
    full = now;
  }

  /** Fails the next force of a file in {@code directory}, once. */
  void failNextForceUnder(Path directory) {
    failForceUnder.set(directory);
  }

  private void checkRoom(Path file) throws DiskFullException {
    if (full) {
      throw new DiskFullException(file, new IOException("No space left on device"));
    }
  }

  @Override
  public DiskFile create(Path path) throws IOException {
    checkRoom(path);
    return new File(disk.create(path));
  }

  @Override
  public DiskFile open(Path path) throws IOException {
    return new File(disk.open(path));
  }

  @Override
  public ReadableFile openUnchanging(Path path) throws IOException {
    return disk.openUnchanging(path);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public void link(Path existing, Path path) throws IOException {
    disk.link(existing, path);
  }

  @Override
  public boolean delete(Path path) throws IOException {
    return disk.delete(path);
  }

  @Override
  public boolean exists(Path path) {
    return disk.exists(path);
  }

  @Override
  public boolean isDirectory(Path path) {
    return disk.isDirectory(path);
  }

  @Override
  public void createDirectory(Path path) throws IOException {
    disk.createDirectory(path);
  }

  @Override
  public List<Item> list(Path path) throws IOException {
    return disk.list(path);
  }

  @Override
  public void forceDirectory(Path path) throws IOException {
    disk.forceDirectory(path);
  }

  @Override
  public long freeBytes(Path directory) throws IOException {
    return full ? 0 : disk.freeBytes(directory);
  }

  @Override
  public Lock lock(Path path) throws IOException {
    return disk.lock(path);
  }

  private final class File implements DiskFile {
    private final DiskFile file;

    File(DiskFile file) {
      this.file = file;
    }

    private void checkGrowth(long end) throws IOException {
      if (end > file.sizeBytes()) {
        checkRoom(file.path());
      }
    }

    @Override
    public Path path() {
      return file.path();
    }

    @Override
    public long sizeBytes() throws IOException {
      return file.sizeBytes();
    }

    @Override
    public int read(ByteBuffer target, long offset) throws IOException {
      return file.read(target, offset);
    }

    @Override
    public void write(ByteBuffer source, long offset) throws IOException {
      checkGrowth(offset + source.remaining());
      file.write(source, offset);
    }

    @Override
    public void writeZeros(long offset, long length) throws IOException {
      checkGrowth(offset + length);
      file.writeZeros(offset, length);
    }

    @Override
    public void truncate(long sizeBytes) throws IOException {
      file.truncate(sizeBytes);
    }

    @Override
    public void force() throws IOException {
      Path failing = failForceUnder.get();
      if (failing != null
          && file.path().startsWith(failing)
          && failForceUnder.compareAndSet(failing, null)) {
        throw new IOException(file.path() + ": Input/output error");
      }
      file.force();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
