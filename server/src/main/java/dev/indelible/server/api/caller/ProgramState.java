package dev.indelible.server.api.caller;

import dev.indelible.server.control.Change.ChangedBy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Is told what became of events, and shows how the program is. */
public interface ProgramState {
  /** Counts; {@code rejectedCodes} has one element for each rejected event. */
  void recorded(int accepted, int duplicates, List<String> rejectedCodes);

  /** Reason that events cannot be taken or found now; empty when they can. */
  Optional<String> impairment();

  /** Warnings: conditions that somebody should look at although events are taken and found. */
  List<String> warnings();

  /**
   * State of the clock.
   *
   * @param now what it says
   * @param believed which time it can be
   * @param ahead how far it is ahead of what was reckoned
   * @param doubted whether that is too far, so that nothing is deleted by schedule
   */
  record Clock(Instant now, Instant believed, Duration ahead, boolean doubted) {}

  /** State of the clock now. */
  Clock clock();

  /**
   * Believes the clock, because somebody vouches for it; false when it is not doubted.
   *
   * @throws IOException when that cannot be made durable now
   */
  boolean acceptClock(ChangedBy by) throws IOException;

  /** Figures in the text format of Prometheus. */
  String metrics();
}
