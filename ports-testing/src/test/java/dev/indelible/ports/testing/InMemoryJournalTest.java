package dev.indelible.ports.testing;

import dev.indelible.ports.journal.ErasableJournal;

class InMemoryJournalTest extends ErasableJournalContractTest {

  private InMemoryJournal current = new InMemoryJournal(clock);
  private boolean opened;

  @Override
  protected ErasableJournal open() {
    if (opened) {
      current = current.afterPowerLoss();
    }
    opened = true;
    return current;
  }

  @Override
  protected void failNextSync() {
    current.failNextSync();
  }
}
