package dev.indelible.server.stream;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * State of a stream as people see it.
 *
 * @param state in a word
 * @param nextSeq the sequence number that it looks at next
 * @param lagEntries entries of the log behind it
 * @param lagSeconds the age of the oldest of them, in seconds; 0 when there is none
 * @param lastError the last failure in words, or null when the last attempt went well
 * @param nextAttemptAt when it is tried again, or null
 * @param sent entries that its receiver took
 * @param deadLetters entries that it will never take
 * @param entriesPerSecond entries that were taken within the last minute, a second
 * @param lastTakenAt when it last took something, since the start; or null
 */
public record StreamStatus(
    State state,
    long nextSeq,
    long lagEntries,
    long lagSeconds,
    @Nullable String lastError,
    @Nullable Instant nextAttemptAt,
    long sent,
    long deadLetters,
    double entriesPerSecond,
    @Nullable Instant lastTakenAt) {

  /** State in a word. */
  public enum State {
    /** Stream that sends. */
    ACTIVE,
    /** Stream with nothing to send. */
    WAITING,
    /** Stream whose receiver fails, and which tries again. */
    FAILING,
    /** Stream whose receiver refuses. */
    PARKED,
    /** Stream that somebody paused, or whose right is gone. */
    PAUSED;

    /** The name in the API. */
    public String jsonName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
