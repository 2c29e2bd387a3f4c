package dev.indelible.server.retention;

import dev.indelible.server.event.Entry;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.search.EntryReader;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log to find out which of its entries are to go. Thread-safe.
 *
 * <p>Times of a log never run backwards, so the entries before a cut-off are the first ones.
 */
final class Selector {

  /** The most ranges of one deletion: its entry names all of them, and an entry is bounded. */
  static final int MAX_RANGES = 10_000;

  /** Entries that are read at once, so that no merged run is kept alive for long. */
  private static final int CHUNK = 65_536;

  /** Actions of the entries that record the end of a tenant; nobody else may send them. */
  private static final Set<String> CLOSING = Set.of("audit.tenant.close", "audit.tenant.delete");

  /** Prefix of the actions of entries about holds. */
  private static final String OF_HOLDS = "audit.hold.";

  private final EventLog log;
  private final EntryReader reader;
  private final Map<TenantId, Settled> settled = new ConcurrentHashMap<>();

  Selector(EventLog log, EntryReader reader) {
    this.log = log;
    this.reader = reader;
  }

  /**
   * Position at which a log begins to have entries that may be deleted: those before it were
   * purged, or record a deletion. Otherwise each purge would read all that earlier ones left of the
   * log.
   *
   * @param seq everything before is settled
   * @param records how many records of deletions are before it
   */
  record Settled(long seq, long records) {
    static final Settled NOTHING = new Settled(0, 0);
  }

  /**
   * Reasons to keep entries that are old enough to be deleted.
   *
   * @param holds the holds in force
   * @param told ids of the holds whose own entries stay
   */
  record Keeping(List<Holds.Active> holds, Set<String> told) {
    static final Keeping NOTHING = new Keeping(List.of(), Set.of());
  }

  /**
   * Selects the entries of the tenant's log to delete when everything recorded before {@code
   * cutOff} is to go.
   */
  Selection before(TenantId tenant, Instant cutOff, List<Holds.Active> holds) throws IOException {
    return before(tenant, cutOff, new Keeping(holds, Set.of()));
  }

  /** Selects entries likewise, where holds keep their own entries, too. */
  Selection before(TenantId tenant, Instant cutOff, Keeping keeping) throws IOException {
    long end = firstNotBefore(tenant, cutOff.toEpochMilli());
    Settled from = settled.getOrDefault(tenant, Settled.NOTHING);
    if (from.seq() > end) {
      from = Settled.NOTHING;
    }
    Tally tally = new Tally(keeping);
    tally.records = from.records();
    read(tenant, from.seq(), end, tally::add);
    return tally.selection(cutOff, end);
  }

  /** Takes note that what a selection named is deleted. */
  void settle(TenantId tenant, Settled until) {
    settled.put(tenant, until);
  }

  /** All that the tenant's log has, whatever keeps it, but what says that the tenant is closed. */
  SeqRanges everything(TenantId tenant) throws IOException {
    Tally tally = new Tally(Keeping.NOTHING);
    long end = log.size(tenant);
    read(
        tenant,
        0,
        end,
        entry -> {
          byte[] facts = FactsGlance.factsOf(entry);
          if (facts != null && !CLOSING.contains(FactsGlance.action(facts))) {
            tally.add(entry);
          }
        });
    return tally.selection(Instant.EPOCH, end).ranges();
  }

  /** Gives {@code consumer} the entries of a range, a part at a time. */
  void read(TenantId tenant, long from, long end, Consumer consumer) throws IOException {
    for (long at = from; at < end; at += CHUNK) {
      log.forEach(
          tenant,
          at,
          Math.min(end, at + CHUNK),
          entry -> {
            consumer.accept(entry);
            return true;
          });
    }
  }

  /** Takes entries. */
  @FunctionalInterface
  interface Consumer {
    void accept(StoredEntry entry) throws IOException;
  }

  /** The number of the first entry that was not recorded before {@code millis}. */
  private long firstNotBefore(TenantId tenant, long millis) throws IOException {
    long low = 0;
    long high = log.size(tenant);
    while (low < high) {
      long middle = (low + high) >>> 1;
      long recorded = log.get(tenant, new long[] {middle}).getFirst().recordedAtMillis();
      if (recorded < millis) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private final class Tally {
    private final List<Holds.Active> holds;
    private final Set<String> told;
    private final SeqRanges.Builder ranges = new SeqRanges.Builder();
    private final Map<String, Long> categories = new HashMap<>();
    private final Map<String, Long> held = new HashMap<>();
    private @Nullable Instant oldest;
    private long newestMillis;
    private long entries;
    private long keptByHolds;
    private @Nullable Settled firstHeld;
    private long records;
    private boolean complete = true;

    Tally(Keeping keeping) {
      this.holds = keeping.holds();
      this.told = keeping.told();
    }

    void add(StoredEntry stored) {
      byte[] facts = FactsGlance.factsOf(stored);
      if (facts == null) {
        return;
      }
      if (FactsGlance.isDeletionRecord(facts)) {
        records++;
        return;
      }
      if (isHeld(stored, facts)) {
        if (keptByHolds++ == 0) {
          firstHeld = new Settled(stored.seq(), records);
        }
        return;
      }
      entries++;
      categories.merge(FactsGlance.category(facts), 1L, Long::sum);
      if (oldest == null) {
        oldest = Instant.ofEpochMilli(stored.recordedAtMillis());
      }
      newestMillis = stored.recordedAtMillis();
      if (complete) {
        ranges.add(stored.seq());
        complete = ranges.size() <= MAX_RANGES;
      }
    }

    private boolean isHeld(StoredEntry stored, byte[] facts) {
      boolean tells = !told.isEmpty() && FactsGlance.action(facts).startsWith(OF_HOLDS);
      if (holds.isEmpty() && !tells) {
        return false;
      }
      Optional<Entry> entry = reader.read(stored);
      if (entry.isEmpty()) {
        return false;
      }
      Set<String> by = new HashSet<>();
      for (Holds.Active hold : holds) {
        if (hold.scope().matches(entry.get())) {
          by.add(hold.hold().holdId());
        }
      }
      if (tells) {
        // Says of a hold who applied or released it.
        entry.get().event().targets().stream()
            .map(Event.Target::id)
            .filter(told::contains)
            .forEach(by::add);
      }
      by.forEach(hold -> held.merge(hold, 1L, Long::sum));
      return !by.isEmpty();
    }

    Selection selection(Instant cutOff, long end) {
      SeqRanges found = ranges.build();
      return new Selection(
          cutOff,
          entries,
          oldest,
          entries == 0 ? null : Instant.ofEpochMilli(newestMillis),
          categories,
          held,
          keptByHolds,
          records,
          complete ? found : new SeqRanges(found.ranges().subList(0, MAX_RANGES)),
          complete,
          firstHeld == null ? new Settled(end, records) : firstHeld);
    }
  }
}
