package dev.indelible.server;

import dev.indelible.ports.journal.Journal;
import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.ports.journal.JournalUnavailableException.Cause;
import dev.indelible.ports.journal.Position;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** A journal that refuses batches while the disk's reserve is touched. */
final class ReservingJournal implements Journal {

  private final Journal journal;
  private final DiskRoom room;

  ReservingJournal(Journal journal, DiskRoom room) {
    this.journal = journal;
    this.room = room;
  }

  @Override
  public CompletableFuture<Appended> append(byte[] payload) {
    return room.isLow()
        ? CompletableFuture.failedFuture(
            new JournalUnavailableException(
                Cause.DISK_FULL, "less room than disk.reserve is left on the disk"))
        : journal.append(payload);
  }

  @Override
  public Cursor read(Position from) throws IOException {
    return journal.read(from);
  }

  @Override
  public Position end() {
    return journal.end();
  }

  @Override
  public Position begin() {
    return journal.begin();
  }

  @Override
  public void forget(Position before) throws IOException {
    journal.forget(before);
  }

  @Override
  public void close() throws IOException {
    journal.close();
  }
}
