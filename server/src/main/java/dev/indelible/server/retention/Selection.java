package dev.indelible.server.retention;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Entries of a log that are to be deleted, and those that stay although they are old enough.
 *
 * @param cutOff entries recorded before it were looked at; null when none ever goes
 * @param entries how many go
 * @param oldest when the first of them was recorded, or null when none goes
 * @param newest when the last of them was recorded, or null when none goes
 * @param categories how many go, by category
 * @param held how many each hold keeps, by the hold's id; an entry under two holds counts for both
 * @param keptByHolds how many entries holds keep
 * @param records how many are records of earlier deletions, which always stay
 * @param ranges the sequence numbers that go; the first of them when there are too many ranges for
 *     one deletion
 * @param complete whether {@code ranges} has all of them
 * @param settled the settled part of the log once these are deleted, when {@code complete}
 */
public record Selection(
    @Nullable Instant cutOff,
    long entries,
    @Nullable Instant oldest,
    @Nullable Instant newest,
    Map<String, Long> categories,
    Map<String, Long> held,
    long keptByHolds,
    long records,
    SeqRanges ranges,
    boolean complete,
    Selector.Settled settled) {

  /** Empty selection. */
  static final Selection NOTHING =
      new Selection(
          null,
          0,
          null,
          null,
          Map.of(),
          Map.of(),
          0,
          0,
          SeqRanges.NONE,
          true,
          Selector.Settled.NOTHING);

  public Selection {
    categories = Collections.unmodifiableMap(new TreeMap<>(categories));
    held = Collections.unmodifiableMap(new TreeMap<>(held));
  }
}
