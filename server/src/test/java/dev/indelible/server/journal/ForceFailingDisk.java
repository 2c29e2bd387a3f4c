package dev.indelible.server.journal;

import dev.indelible.server.disk.Disk;
import dev.indelible.server.disk.DiskFile;
import dev.indelible.server.disk.ReadableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A disk whose next force of a segment fails when told to; all else is another disk's. */
final class ForceFailingDisk implements Disk {

  private final Disk disk;
  private final AtomicBoolean failNext = new AtomicBoolean();

  ForceFailingDisk(Disk disk) {
    this.disk = disk;
  }

  void failNextForce() {
    failNext.set(true);
  }

  @Override
  public DiskFile create(Path file) throws IOException {
    return new File(disk.create(file));
  }

  @Override
  public DiskFile open(Path file) throws IOException {
    return new File(disk.open(file));
  }

  @Override
  public ReadableFile openUnchanging(Path file) throws IOException {
    return disk.openUnchanging(file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public void link(Path existing, Path name) throws IOException {
    disk.link(existing, name);
  }

  @Override
  public boolean delete(Path file) throws IOException {
    return disk.delete(file);
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
  public void createDirectory(Path directory) throws IOException {
    disk.createDirectory(directory);
  }

  @Override
  public List<Item> list(Path directory) throws IOException {
    return disk.list(directory);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    disk.forceDirectory(directory);
  }

  @Override
  public long freeBytes(Path directory) throws IOException {
    return disk.freeBytes(directory);
  }

  @Override
  public Lock lock(Path file) throws IOException {
    return disk.lock(file);
  }

  private final class File implements DiskFile {
    private final DiskFile file;

    File(DiskFile file) {
      this.file = file;
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
      file.write(source, offset);
    }

    @Override
    public void writeZeros(long offset, long length) throws IOException {
      file.writeZeros(offset, length);
    }

    @Override
    public void truncate(long sizeBytes) throws IOException {
      file.truncate(sizeBytes);
    }

    @Override
    public void force() throws IOException {
      if (file.path().toString().endsWith(".segment") && failNext.compareAndSet(true, false)) {
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
