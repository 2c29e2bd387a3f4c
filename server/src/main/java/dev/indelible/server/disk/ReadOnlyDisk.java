package dev.indelible.server.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The operating system's files, of which none is ever changed: for looking at a directory that
 * somebody else owns, or that is evidence.
 *
 * <p>What makes things tidy or durable (deleting leftovers, overwriting a torn tail, forcing,
 * locking) does nothing and succeeds; what would store something new fails. Every operation is
 * decided here, and none inherited, so that one that is added to {@link Disk} later cannot change a
 * file by the way. Thread-safe.
 */
public final class ReadOnlyDisk implements Disk {

  private final SystemDisk system = new SystemDisk();

  @Override
  public DiskFile create(Path file) throws IOException {
    throw new IOException(file + ": nothing is written here");
  }

  @Override
  public DiskFile open(Path file) throws IOException {
    return new ReadOnlyFile(new ChannelFile(file, FileChannel.open(file, StandardOpenOption.READ)));
  }

  @Override
  public ReadableFile openUnchanging(Path file) throws IOException {
    return system.openUnchanging(file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    throw new IOException(from + ": nothing is renamed here");
  }

  @Override
  public void link(Path existing, Path name) throws IOException {
    throw new IOException(name + ": nothing is written here");
  }

  @Override
  public boolean delete(Path file) {
    return false;
  }

  @Override
  public boolean exists(Path path) {
    return system.exists(path);
  }

  @Override
  public boolean isDirectory(Path path) {
    return system.isDirectory(path);
  }

  @Override
  public void createDirectory(Path directory) {}

  @Override
  public void createDirectories(Path directory) {}

  @Override
  public List<Item> list(Path directory) throws IOException {
    return system.list(directory);
  }

  @Override
  public void forceDirectory(Path directory) {}

  @Override
  public long freeBytes(Path directory) throws IOException {
    return system.freeBytes(directory);
  }

  @Override
  public Lock lock(Path file) {
    return () -> {};
  }

  /** Reads; forgets what is written. */
  private record ReadOnlyFile(DiskFile file) implements DiskFile {

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
      throw new IOException(path() + ": nothing is written here");
    }

    @Override
    public void writeZeros(long offset, long length) {}

    @Override
    public void truncate(long sizeBytes) throws IOException {
      throw new IOException(path() + ": nothing is cut here");
    }

    @Override
    public void force() {}

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
