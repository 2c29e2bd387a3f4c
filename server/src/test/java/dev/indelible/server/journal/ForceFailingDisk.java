package dev.indelible.server.journal;

import dev.indelible.server.disk.Disk;
import dev.indelible.server.disk.DiskFile;
import dev.indelible.server.disk.ForwardingDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** A disk whose next force of a segment fails when told to; all else is another disk's. */
final class ForceFailingDisk extends ForwardingDisk {

  private final AtomicBoolean failNext = new AtomicBoolean();

  ForceFailingDisk(Disk disk) {
    super(disk);
  }

  void failNextForce() {
    failNext.set(true);
  }

  @Override
  public DiskFile create(Path file) throws IOException {
    return new File(super.create(file));
  }

  @Override
  public DiskFile open(Path file) throws IOException {
    return new File(super.open(file));
  }

  private final class File extends ForwardingFile {

    File(DiskFile file) {
      super(file);
    }

    @Override
    public void force() throws IOException {
      if (path().toString().endsWith(".segment") && failNext.compareAndSet(true, false)) {
        throw new IOException(path() + ": Input/output error");
      }
      super.force();
    }
  }
}
