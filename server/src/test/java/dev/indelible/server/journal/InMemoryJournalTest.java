package dev.indelible.server.journal;

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
