package dev.indelible.server.api.caller;

import dev.indelible.server.http.ProblemException;

import dev.indelible.server.journal.JournalUnavailableException;
import java.time.Duration;

/** The answers to a journal that does not accept a batch, the same wherever one is appended. */
final class JournalProblems {

  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration WHEN_THERE_IS_ROOM = Duration.ofSeconds(10);
  private static final Duration AFTER_A_RESTART = Duration.ofSeconds(30);

  private JournalProblems() {}

  /**
   * The problem, 503 with {@code Retry-After}.
   *
   * @param suffix more of the detail, beginning with a space; or nothing
   */
  static ProblemException of(JournalUnavailableException e, String suffix) {
    return switch (e.reason()) {
      case QUEUE_FULL ->
          ProblemException.unavailable(
              "overloaded", "Too much is waiting to be recorded; try again." + suffix, SOON);
      case DISK_FULL ->
          ProblemException.unavailable(
                  "disk_full",
                  "There is no room on the server's disk; try again when there is." + suffix,
                  WHEN_THERE_IS_ROOM)
              .withCause(e);
      case FAILED ->
          ProblemException.unavailable(
                  "journal_failed",
                  "The server cannot record anything before it is restarted." + suffix,
                  AFTER_A_RESTART)
              .withCause(e);
      case CLOSED ->
          ProblemException.unavailable(
              "stopping", "The server is stopping; try again." + suffix, SOON);
    };
  }
}
