package dev.indelible.server.journal;

import dev.indelible.ports.journal.ErasableJournal;
import dev.indelible.ports.testing.ErasableJournalContractTest;
import dev.indelible.server.disk.SimulatedDisk;
import java.io.IOException;
import java.util.Random;

/** A file journal with small segments on a simulated disk. */
class SimulatedDiskJournalTest extends ErasableJournalContractTest {

  private final SimulatedDisk disk = new SimulatedDisk();

  @Override
  protected ErasableJournal open() throws IOException {
    return FileJournal.open(
        disk,
        SimulatedDisk.ROOT.resolve("journal"),
        FileJournal.Options.of(clock, new Random(1))
            .withSegmentBytes(FileJournal.MIN_SEGMENT_BYTES));
  }

  @Override
  protected void failNextSync() {
    disk.failNext(SimulatedDisk.Operation.FORCE, file -> file.toString().endsWith(".segment"));
  }
}
