package dev.indelible.server.trail;

import dev.indelible.server.event.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Recent looks of sessions, so that the figures beside them are no looks of their own (ADR 0019).
 * Whatever is forgotten too early is recorded once more, never less. Thread-safe.
 */
final class Covers {

  /**
   * Time for which a look covers figures: the rows of a page that is opened again just within the
   * window of a look are no new entry, and its figures come after them.
   */
  static final Duration LASTS = AccessTrail.WINDOW.multipliedBy(2);

  /** The most readers whose looks are remembered. */
  static final int MAX_READERS = 4_096;

  /** The most looks of a reader that are remembered. */
  static final int MAX_LOOKS = 16;

  /**
   * One session in one log.
   *
   * @param who as {@link AccessTrail} tells sessions apart
   */
  record Reader(TenantId tenant, String who) {}

  private record Cover(Naming naming, Instant since) {}

  // Guarded by itself; ordered by the last look, of which the oldest goes, as in AccessTrail.
  private final LinkedHashMap<Reader, Deque<Cover>> recent =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Reader, Deque<Cover>> eldest) {
          return size() > MAX_READERS;
        }
      };

  /** Notes a look that is recorded, or that the tenant does not want to be. */
  void note(Reader reader, Naming naming, Instant now) {
    Naming kept = naming.bounded();
    synchronized (recent) {
      Deque<Cover> looks = recent.remove(reader);
      if (looks == null) {
        looks = new ArrayDeque<>();
      }
      looks.removeIf(look -> look.naming().equals(kept) || isOver(look, now));
      if (looks.size() == MAX_LOOKS) {
        looks.removeLast();
      }
      looks.addFirst(new Cover(kept, now));
      recent.put(reader, looks);
    }
  }

  /** Whether figures are a part of one of the reader's looks. */
  boolean isCovered(Reader reader, Naming.Figures figures, Instant now) {
    synchronized (recent) {
      Deque<Cover> looks = recent.get(reader);
      if (looks == null) {
        return false;
      }
      for (Iterator<Cover> all = looks.iterator(); all.hasNext(); ) {
        Cover look = all.next();
        if (isOver(look, now)) {
          all.remove();
        } else if (look.naming().covers(figures)) {
          return true;
        }
      }
      return false;
    }
  }

  private static boolean isOver(Cover look, Instant now) {
    return !now.isBefore(look.since().plus(LASTS));
  }
}
