package dev.indelible.server;

import dev.indelible.server.event.Decoding;
import dev.indelible.server.event.Event;
import dev.indelible.server.ingest.Ingest;
import dev.indelible.server.ingest.ItemResult;
import dev.indelible.server.journal.JournalUnavailableException;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.retention.EntryRecorder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records the program's own entries, once the way in is there. Thread-safe. */
final class ProgramEntries implements EntryRecorder {

  private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(60);

  private record Way(Ingest ingest, TenantLogs logs) {}

  private volatile @Nullable Way way;

  /** Connects the log, so that entries can be recorded from now on. */
  void connect(Ingest ingest, TenantLogs logs) {
    way = new Way(ingest, logs);
  }

  @Override
  public long recordDurably(Event event) throws IOException, InterruptedException {
    Way open = way;
    if (open == null) {
      throw new IOException("the way in is not open yet");
    }
    ItemResult result;
    try {
      result = open.ingest().recordOwn(List.of(new Decoding.Decoded(event))).getFirst();
    } catch (JournalUnavailableException e) {
      throw new IOException("entry " + event.id() + " cannot be recorded now", e);
    }
    return switch (result) {
      case ItemResult.Accepted accepted -> {
        if (!open.logs().awaitPublished(accepted.tenant(), accepted.seq(), PUBLISH_TIMEOUT)) {
          throw new IOException("no checkpoint covers entry " + accepted.seq() + " yet");
        }
        open.logs().mustCover(accepted.tenant(), accepted.seq() + 1);
        yield accepted.seq();
      }
      case ItemResult.Rejected rejected ->
          throw new IOException("entry " + event.id() + " was refused: " + rejected.detail());
    };
  }
}
