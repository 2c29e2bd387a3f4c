package dev.indelible.verify.access;

import org.jspecify.annotations.Nullable;

/**
 * One access of one person: when it was last given and last taken. The later of the two counts, so
 * that entries that arrive late change nothing that was said afterwards. Not thread-safe.
 */
final class Holding {

  /**
   * Deed by which access was given or taken.
   *
   * @param atMillis when it happened
   * @param order number of its entry and of the effect in it, among deeds of one time
   * @param seq number of the entry that it is of
   * @param entryId id of that entry
   * @param by who did it
   * @param source number of the entry that says so now: a later one, when it was carried over
   */
  record Deed(long atMillis, long order, long seq, String entryId, String by, long source) {
    /** Whether this came after another; of one entry, whether it is the later effect. */
    boolean isAfter(@Nullable Deed other) {
      return other == null
          || atMillis > other.atMillis
          || (atMillis == other.atMillis && order >= other.order);
    }
  }

  final AccessKind kind;
  final String what;
  final @Nullable String account;

  /**
   * The person who has it; null for a key or session that was taken before anybody was seen to get
   * it.
   */
  @Nullable Holder holder;

  /** Newest statement that it holds. */
  @Nullable Deed given;

  /** The entry that gave it, which a later statement that it holds does not replace. */
  @Nullable Deed origin;

  long untilMillis = Long.MAX_VALUE;
  @Nullable Deed taken;

  Holding(AccessKind kind, String what, @Nullable String account) {
    this.kind = kind;
    this.what = what;
    this.account = account;
  }

  /** The newest deed that took it, of this alone or of all of its kind; null when none did. */
  @Nullable Deed lastTaken() {
    Holder whose = holder;
    Deed all = whose == null ? null : whose.cleared(kind, account);
    Deed one = taken;
    return one == null || (all != null && all.isAfter(one)) ? all : one;
  }

  /** Whether it is still there at a time, which is after all that was read. */
  boolean holdsAt(long atMillis) {
    return isGiven() && untilMillis > atMillis;
  }

  /** Whether nothing took it since it was given. */
  boolean isGiven() {
    Deed last = given;
    if (last == null) {
      return false;
    }
    Deed gone = lastTaken();
    return gone == null || last.isAfter(gone);
  }

  /** Time at which it ended; negative while it holds, or when it never began. */
  long endedAtMillis(long atMillis) {
    if (given == null || holdsAt(atMillis)) {
      return -1;
    }
    Deed gone = lastTaken();
    long taken = isGiven() || gone == null ? Long.MAX_VALUE : gone.atMillis();
    return Math.min(taken, untilMillis);
  }
}
