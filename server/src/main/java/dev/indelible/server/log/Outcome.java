package dev.indelible.server.log;

/** Result of one appended event, once it is durable and sequenced. */
public sealed interface Outcome {

  /**
   * The event is an entry now.
   *
   * @param seq its place in the tenant's log
   * @param recordedAtMillis when it was recorded, in milliseconds since the epoch
   */
  record Recorded(long seq, long recordedAtMillis) implements Outcome {}

  /**
   * The event was recorded before under the same id; this is that entry.
   *
   * @param seq its place in the tenant's log
   * @param recordedAtMillis when it was recorded, in milliseconds since the epoch
   */
  record Duplicate(long seq, long recordedAtMillis) implements Outcome {}

  /**
   * Another event was recorded before under the same id; nothing was recorded now.
   *
   * @param seq the place of that other entry
   */
  record Conflict(long seq) implements Outcome {}
}
