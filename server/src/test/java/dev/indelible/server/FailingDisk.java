package dev.indelible.server;

import dev.indelible.server.disk.DiskFile;
import dev.indelible.server.disk.DiskFullException;
import dev.indelible.server.disk.ForwardingDisk;
import dev.indelible.server.disk.SystemDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The system's disk, full or unable to force when told to. Thread-safe. */
final class FailingDisk extends ForwardingDisk {

  private final AtomicReference<@Nullable Path> failForceUnder = new AtomicReference<>();
  private volatile boolean full;

  FailingDisk() {
    super(new SystemDisk());
  }

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
    return new File(super.create(path));
  }

  @Override
  public DiskFile open(Path path) throws IOException {
    return new File(super.open(path));
  }

  @Override
  public long freeBytes(Path directory) throws IOException {
    return full ? 0 : super.freeBytes(directory);
  }

  private final class File extends ForwardingFile {

    File(DiskFile file) {
      super(file);
    }

    private void checkGrowth(long end) throws IOException {
      if (end > sizeBytes()) {
        checkRoom(path());
      }
    }

    @Override
    public void write(ByteBuffer source, long offset) throws IOException {
      checkGrowth(offset + source.remaining());
      super.write(source, offset);
    }

    @Override
    public void writeZeros(long offset, long length) throws IOException {
      checkGrowth(offset + length);
      super.writeZeros(offset, length);
    }

    @Override
    public void force() throws IOException {
      Path failing = failForceUnder.get();
      if (failing != null
          && path().startsWith(failing)
          && failForceUnder.compareAndSet(failing, null)) {
        throw new IOException(path() + ": Input/output error");
      }
      super.force();
    }
  }
}
