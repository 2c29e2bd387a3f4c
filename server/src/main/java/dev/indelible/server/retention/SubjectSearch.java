package dev.indelible.server.retention;

import dev.indelible.server.event.Entry;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.query.Field;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.FilterEvaluator;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.search.EntryReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the entries that are about a person, by reading all of them: the index may be behind, and
 * an erasure must not miss any. Thread-safe.
 */
final class SubjectSearch {

  private final EventLog log;
  private final EntryReader reader;
  private final Selector selector;

  SubjectSearch(EventLog log, EntryReader reader, Selector selector) {
    this.log = log;
    this.reader = reader;
    this.selector = selector;
  }

  /** What there is of a person in a tenant's log now. */
  ErasurePreview find(TenantId tenant, List<String> identifiers, List<Holds.Active> holds)
      throws IOException {
    FilterEvaluator actor = anyOf(identifiers, Field.ACTOR, Field.ON_BEHALF_OF);
    FilterEvaluator target = anyOf(identifiers, Field.TARGET);
    SeqRanges.Builder ranges = new SeqRanges.Builder();
    long[] counts = new long[5];
    selector.read(
        tenant,
        0,
        log.size(tenant),
        stored -> {
          Optional<Entry> entry = reader.read(stored);
          if (entry.isEmpty()) {
            return;
          }
          boolean acted = actor.matches(entry.get());
          boolean suffered = target.matches(entry.get());
          if (!acted && !suffered) {
            return;
          }
          counts[1] += acted ? 1 : 0;
          counts[2] += suffered ? 1 : 0;
          if (!hasPersonal(stored)) {
            counts[4]++;
          } else if (holds.stream().anyMatch(hold -> hold.scope().matches(entry.get()))) {
            counts[3]++;
          } else {
            counts[0]++;
            if (ranges.size() <= Selector.MAX_RANGES) {
              ranges.add(stored.seq());
            }
          }
        });
    SeqRanges found = ranges.build();
    boolean complete = found.ranges().size() <= Selector.MAX_RANGES;
    return new ErasurePreview(
        counts[0],
        counts[1],
        counts[2],
        counts[3],
        counts[4],
        complete ? found : new SeqRanges(found.ranges().subList(0, Selector.MAX_RANGES)),
        complete);
  }

  private static boolean hasPersonal(StoredEntry stored) {
    return stored.body() instanceof StoredEntry.Whole(var parts) && parts.personal() != null;
  }

  private static FilterEvaluator anyOf(List<String> identifiers, Field... fields) {
    List<Filter> alternatives = new ArrayList<>();
    for (Field field : fields) {
      for (String identifier : identifiers) {
        alternatives.add(Filter.term(field, identifier));
      }
    }
    return new FilterEvaluator(Filter.or(alternatives));
  }
}
