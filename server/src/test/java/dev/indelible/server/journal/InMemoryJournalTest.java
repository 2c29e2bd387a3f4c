package dev.indelible.server.journal;

class InMemoryJournalTest extends JournalContractTest {

  private InMemoryJournal current = new InMemoryJournal(clock);
  private boolean opened;

  @Override
  protected Journal open() {
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
