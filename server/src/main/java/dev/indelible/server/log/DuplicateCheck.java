package dev.indelible.server.log;

import dev.indelible.server.run.StoredEntry;
import java.io.IOException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether an event was recorded before under the same id. The sequencer's.
 *
 * <p>An id is remembered for as long as its entry is kept: those in memory by a map, those in runs
 * by the filter of each run, which says "no" for certain and "perhaps" for few others; "perhaps" is
 * settled by the index. There is no window to configure and nothing to remember beside the log
 * itself.
 *
 * <p>Whether it is the same event is decided by comparing it with the entry: nothing else keeps a
 * digest of what was sent, so that nothing is left of it when the entry is erased.
 */
final class DuplicateCheck {

  private static final Logger LOG = LoggerFactory.getLogger(DuplicateCheck.class);

  private final LogState state;
  private final IdIndex index;
  private final EntryIds ids;
  private final ContentComparison comparison;
  private final ReleasedIds released;

  DuplicateCheck(
      LogState state,
      IdIndex index,
      EntryIds ids,
      ContentComparison comparison,
      ReleasedIds released) {
    this.released = released;
    this.state = state;
    this.index = index;
    this.ids = ids;
    this.comparison = comparison;
  }

  /** What the event is when its id is known, or null when it is new. */
  @Nullable Outcome check(NewEntry entry) throws IOException {
    if (!entry.callerChoseId()) {
      return null;
    }
    View view = state.acquire();
    try {
      FreshEntry fresh = view.findFresh(entry.tenant(), entry.id());
      if (fresh != null && !released.isReleased(entry.tenant(), fresh.seq())) {
        return compare(entry, Fresh.stored(fresh));
      }
      if (!view.mayBeSealed(EntryIds.hash(entry.tenant(), entry.id()))) {
        return null;
      }
      OptionalLong seq = findSealed(view, entry);
      // After a crash between the index's commit and the manifest the index knows entries that are
      // only now sequenced again, this one perhaps among them.
      if (seq.isEmpty()
          || seq.getAsLong() >= view.size(entry.tenant())
          || released.isReleased(entry.tenant(), seq.getAsLong())) {
        return null;
      }
      return compare(entry, view.get(entry.tenant(), new long[] {seq.getAsLong()}).getFirst());
    } finally {
      view.release();
    }
  }

  private OptionalLong findSealed(View view, NewEntry entry) throws IOException {
    try {
      return index.find(entry.tenant(), entry.id());
    } catch (IOException e) {
      LOG.warn("the index cannot say whether id {} is known; reading the runs", entry.id(), e);
      return view.scanForId(entry.tenant(), entry.id(), ids);
    }
  }

  private Outcome compare(NewEntry entry, StoredEntry stored) {
    return comparison.sameContent(entry, stored)
        ? new Outcome.Duplicate(stored.seq(), stored.recordedAtMillis())
        : new Outcome.Conflict(stored.seq());
  }
}
