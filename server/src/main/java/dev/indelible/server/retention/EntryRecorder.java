package dev.indelible.server.retention;

import dev.indelible.server.event.Event;
import java.io.IOException;

/** Records entries of the program's own. */
@FunctionalInterface
public interface EntryRecorder {

  /**
   * Records an event, which has an id, and returns when a checkpoint that covers it is durable. An
   * event that is there already under its id is not recorded again.
   *
   * @return the entry's sequence number
   * @throws IOException when it cannot be recorded now
   */
  long recordDurably(Event event) throws IOException, InterruptedException;
}
