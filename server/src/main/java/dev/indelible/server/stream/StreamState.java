package dev.indelible.server.stream;

import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Durable state of a stream: how far it is, and the head of its ledger. Immutable.
 *
 * @param core all but the dead letters
 * @param dead entries that its receiver can't take, by sequence number
 */
record StreamState(Core core, SortedMap<Long, DeadLetter> dead) {

  /** Doubt about nothing. */
  static final long NO_DOUBT = -1;

  /** A stream that has sent nothing. */
  static final StreamState NEW =
      new StreamState(
          new Core(
              0, 0, new byte[LedgerLine.HASH_BYTES], Totals.NONE, NO_DOUBT, null, null, Told.NEVER),
          Collections.emptySortedMap());

  /**
   * Small part of the state, which every record of it has.
   *
   * @param number of the newest line of its ledger; 0 when there is none
   * @param next the sequence number behind what the ledger is about; 0 when there is no line
   * @param head the hash of the newest line
   * @param totals over its life
   * @param doubt entries of the normal course up to this one may be there already
   * @param plan the batch that may have been sent, and has no line yet; or null
   * @param replay what is sent once more, or null
   * @param told what was recorded of it in the log
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Core(
      long number,
      long next,
      byte[] head,
      Totals totals,
      long doubt,
      @Nullable Plan plan,
      @Nullable Replay replay,
      Told told) {

    Core with(@Nullable Plan other) {
      return new Core(number, next, head, totals, doubt, other, replay, told);
    }

    Core with(@Nullable Replay other) {
      return new Core(number, next, head, totals, doubt, plan, other, told);
    }

    Core with(Told other) {
      return new Core(number, next, head, totals, doubt, plan, replay, other);
    }
  }

  /**
   * Totals of a stream.
   *
   * @param sent entries that its receiver took, repeats by request included
   * @param dead entries that went to the dead letters
   * @param purged entries that were purged before they were sent
   * @param others entries that were sent and are not about streams, alerts or exports: only these
   *     give a reason to record the ledger in the log
   * @param deadOthers dead letters that are not about these either
   */
  record Totals(long sent, long dead, long purged, long others, long deadOthers) {
    static final Totals NONE = new Totals(0, 0, 0, 0, 0);
  }

  /**
   * A batch that is about to be sent, durable before it is: a crash has it sent again under its
   * number with the same entries.
   *
   * @param number in the ledger
   * @param firstSeq the first sequence number of its range
   * @param lastSeq the last one
   * @param replay whether it is beside the normal course
   * @param content what the range's entries are put together by; another one makes another batch
   */
  record Plan(long number, long firstSeq, long lastSeq, boolean replay, String content) {}

  /**
   * Entries that are sent once more because somebody asked.
   *
   * @param next the next sequence number of it
   * @param toSeq the last one
   * @param only the sequence numbers of dead letters that are tried again; empty for all
   */
  record Replay(long next, long toSeq, List<Long> only) {
    Replay {
      only = List.copyOf(only);
    }

    boolean wants(long seq) {
      return only.isEmpty() || Collections.binarySearch(only, seq) >= 0;
    }
  }

  /**
   * Entries about a stream in the log.
   *
   * @param ledgerAtMillis when its ledger was recorded last
   * @param others the total of others then
   * @param deadAtMillis when dead letters were recorded last
   * @param dead the total of other dead letters then
   */
  record Told(long ledgerAtMillis, long others, long deadAtMillis, long dead) {
    static final Told NEVER = new Told(0, 0, 0, 0);
  }

  /**
   * An entry that the receiver can't take: its place, not a copy of it.
   *
   * @param seq its sequence number
   * @param entryId its id
   * @param reason why, for people
   * @param atMillis when it was given up
   * @param number of the line that counts it
   */
  record DeadLetter(long seq, String entryId, String reason, long atMillis, long number) {}

  /** Returns the state after a change. */
  StreamState after(Core now, List<DeadLetter> added, List<Long> removed) {
    if (added.isEmpty() && removed.isEmpty()) {
      return new StreamState(now, dead);
    }
    NavigableMap<Long, DeadLetter> after = new TreeMap<>(dead);
    removed.forEach(after::remove);
    added.forEach(letter -> after.put(letter.seq(), letter));
    return new StreamState(now, Collections.unmodifiableNavigableMap(after));
  }
}
