package dev.indelible.server.journal;

import dev.indelible.ports.journal.ErasableJournal;
import dev.indelible.ports.testing.ErasableJournalContractTest;
import dev.indelible.server.disk.SystemDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;

/** A file journal on the real disk. */
class SystemDiskJournalTest extends ErasableJournalContractTest {

  @TempDir Path directory;

  private final ForceFailingDisk disk = new ForceFailingDisk(new SystemDisk());

  @Override
  protected ErasableJournal open() throws IOException {
    return FileJournal.open(
        disk,
        directory.resolve("journal"),
        FileJournal.Options.of(clock, new Random(1)).withSegmentBytes(64 * 1024));
  }

  @Override
  protected void failNextSync() {
    disk.failNextForce();
  }
}
