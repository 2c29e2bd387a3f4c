package dev.indelible.cli.pull;

import dev.indelible.cli.pull.PulledLog.Page;
import dev.indelible.cli.send.Sender;
import dev.indelible.cli.source.RecordSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Pulls logs round by round: reads a page, sends it, and moves the cursor when the server has
 * acknowledged it. A crash at any point leaves a cursor from which the page, or a part of it, is
 * sent once more, and the server knows its events by their ids. Not thread-safe.
 */
public final class Puller {

  private final List<PulledLog> logs;
  private final PullState state;
  private final Sender sender;
  private final Kept kept;

  /** Makes durable what the server refused, before the cursor moves on. */
  @FunctionalInterface
  public interface Kept {
    void sync() throws IOException;
  }

  public Puller(List<PulledLog> logs, PullState state, Sender sender, Kept kept) {
    this.logs = List.copyOf(logs);
    this.state = state;
    this.sender = sender;
    this.kept = kept;
  }

  /** Pulls each log to where it ends for now. */
  public void round() throws IOException, InterruptedException {
    for (PulledLog log : logs) {
      boolean last = false;
      while (!last) {
        Page page = log.next(state.cursor(log.name()));
        try (RecordSource records = page.records()) {
          sender.send(records);
        }
        kept.sync();
        state.save(log.name(), page.cursor());
        last = page.last();
      }
    }
  }

  /** Pulls for ever, with a pause after each round. */
  public void follow(Duration every, Waiting.Pause pause) throws IOException, InterruptedException {
    while (true) {
      round();
      pause.sleep(every);
    }
  }
}
