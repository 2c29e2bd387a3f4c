package dev.indelible.server.retention;

import dev.indelible.server.event.Entry;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.index.CompiledQuery;
import dev.indelible.server.index.EventIndex;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.query.Field;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.Order;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.search.EntryReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Finds the entries that say what was deleted. Thread-safe. */
final class DeletionRecords {

  /** The most records that are found. */
  private static final int MAX_RECORDS = 1_000;

  private final EventLog log;
  private final EventIndex index;
  private final EntryReader reader;
  private final Function<TenantId, TenantScope> scopes;

  DeletionRecords(
      EventLog log, EventIndex index, EntryReader reader, Function<TenantId, TenantScope> scopes) {
    this.log = log;
    this.index = index;
    this.reader = reader;
    this.scopes = scopes;
  }

  /** The records of deletions of a kind that have the same basis, oldest first. */
  List<Entry> of(TenantId tenant, Deletion.Kind kind, String basis) throws IOException {
    Filter filter =
        Filter.and(
            Filter.term(Field.ACTION, kind.action),
            Filter.term(Field.TARGET, kind.targetType + "/" + basis));
    return find(tenant, filter, Order.OLDEST_FIRST);
  }

  /** The records of deletions of a kind, newest first. */
  List<Entry> newest(TenantId tenant, Deletion.Kind kind) throws IOException {
    return find(tenant, Filter.term(Field.ACTION, kind.action), Order.NEWEST_FIRST);
  }

  private List<Entry> find(TenantId tenant, Filter filter, Order order) throws IOException {
    index.refresh();
    long[] seqs;
    try (CompiledQuery query = index.compile(scopes.apply(tenant), filter, () -> false)) {
      seqs = query.first(order, MAX_RECORDS);
    }
    List<Entry> records = new ArrayList<>();
    for (StoredEntry stored : log.get(tenant, seqs)) {
      reader.read(stored).ifPresent(records::add);
    }
    return records;
  }

  /** Number of entries that a record says were deleted. */
  static long entries(Entry entry) {
    var details = entry.event().details();
    return details == null ? 0 : details.path("entries").asLong(0);
  }
}
