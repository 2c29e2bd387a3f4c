package dev.indelible.server.audit;

import dev.indelible.server.control.ControlLog;
import dev.indelible.server.journal.Journal;
import dev.indelible.server.journal.Position;
import java.io.IOException;

/** Reads the control log to its end: every record, and which log has which origin. */
final class ControlHistory {

  private ControlHistory() {}

  static void read(Journal journal, LogHistory history) throws IOException, InterruptedException {
    try (ControlLog control = new ControlLog(journal, 0)) {
      control.start(Position.START, change -> {});
    }
  }
}
