package dev.indelible.server;

import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.event.Decoding;
import dev.indelible.server.event.Event;
import dev.indelible.server.ingest.Ingest;
import dev.indelible.server.ingest.ItemResult;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.retention.EntryRecorder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Records the program's own entries of a shard. Thread-safe.
 *
 * @param ingest the way in
 * @param logs has checkpoints made that cover them
 */
record ProgramEntries(Ingest ingest, TenantLogs logs) implements EntryRecorder {

  private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(60);

  @Override
  public long recordDurably(Event event) throws IOException, InterruptedException {
    ItemResult result;
    try {
      result = ingest.recordOwn(List.of(new Decoding.Decoded(event))).getFirst();
    } catch (JournalUnavailableException e) {
      throw new IOException("entry " + event.id() + " cannot be recorded now", e);
    }
    return switch (result) {
      case ItemResult.Accepted accepted -> {
        if (!logs.awaitPublished(accepted.tenant(), accepted.seq(), PUBLISH_TIMEOUT)) {
          throw new IOException("no checkpoint covers entry " + accepted.seq() + " yet");
        }
        logs.mustCover(accepted.tenant(), accepted.seq() + 1);
        yield accepted.seq();
      }
      case ItemResult.Rejected rejected ->
          throw new IOException("entry " + event.id() + " was refused: " + rejected.detail());
    };
  }
}
