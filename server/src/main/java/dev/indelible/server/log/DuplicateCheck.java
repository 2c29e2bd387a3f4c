package dev.indelible.server.log;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.StoredEntry;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether an event was recorded before under the same id. The sequencer's.
 *
 * <p>An id is remembered for as long as its entry is kept: those in memory by a map, those in runs
 * by the ids' hashes of each run, behind a filter that keeps nearly all lookups from reading them.
 * Only whose hash is there was recorded; where it lies, the index says, and when the index does not
 * know, or its entry is another one, the run is read. So a damaged index costs time, and no event
 * is recorded twice for it. There is no window to configure and nothing to remember beside the log
 * itself.
 *
 * <p>Whether it is the same event is decided by comparing it with the entry: nothing else keeps a
 * digest of what was sent, so that nothing is left of it when the entry is erased.
 */
final class DuplicateCheck {

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

  /** Returns the outcome of the event when its id is known, or null when it is new. */
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
      StoredEntry sealed = findSealed(view, entry);
      return sealed == null ? null : compare(entry, sealed);
    } finally {
      view.release();
    }
  }

  /** The sealed entry of the event's id whose hash a run has; null when that one was purged. */
  private @Nullable StoredEntry findSealed(View view, NewEntry event) throws IOException {
    Answer answer = ask(view, event);
    if (answer.found != null) {
      return answer.found;
    }
    TenantId tenant = event.tenant();
    OptionalLong seq =
        view.scanForId(tenant, event.id(), ids, at -> released.isReleased(tenant, at));
    String wrong = answer.wrong;
    if (wrong == null && seq.isPresent() && ask(view, event).found == null) {
      // Asked again, because an entry that is indexed anew is missing for a moment.
      wrong = "it does not know entry " + seq.getAsLong() + " of " + tenant;
    }
    if (wrong != null) {
      index.contradicted(wrong, answer.cause);
    }
    return seq.isEmpty() ? null : view.get(tenant, new long[] {seq.getAsLong()}).getFirst();
  }

  /**
   * Answer of the index.
   *
   * @param found the entry, when it is the one that was asked for
   * @param wrong the evidence that the index is damaged
   */
  private record Answer(
      @Nullable StoredEntry found, @Nullable String wrong, @Nullable Throwable cause) {
    static final Answer NONE = new Answer(null, null, null);
  }

  private Answer ask(View view, NewEntry event) throws IOException {
    TenantId tenant = event.tenant();
    OptionalLong seq;
    try {
      seq = index.find(tenant, event.id());
    } catch (IOException | RuntimeException | Error e) {
      // What reading damaged files ends with: a length that was flipped may ask for all memory, and
      // an assertion of the library fails where assertions are enabled.
      return new Answer(null, "it cannot be read: " + e, e);
    }
    // After a crash between the index's commit and the manifest the index knows entries that are
    // only now sequenced again, this one perhaps among them.
    if (seq.isEmpty()
        || seq.getAsLong() >= view.size(tenant)
        || released.isReleased(tenant, seq.getAsLong())) {
      return Answer.NONE;
    }
    if (seq.getAsLong() < 0) {
      return new Answer(null, "it knows entry " + seq.getAsLong() + " of " + tenant, null);
    }
    StoredEntry found = view.get(tenant, new long[] {seq.getAsLong()}).getFirst();
    Optional<String> id = ids.idOf(found);
    if (id.isEmpty()) {
      return Answer.NONE;
    }
    return id.get().equals(event.id())
        ? new Answer(found, null, null)
        : new Answer(
            null, "it has entry " + seq.getAsLong() + " of " + tenant + " under another id", null);
  }

  private Outcome compare(NewEntry entry, StoredEntry stored) {
    return comparison.sameContent(entry, stored)
        ? new Outcome.Duplicate(stored.seq(), stored.recordedAtMillis())
        : new Outcome.Conflict(stored.seq());
  }
}
