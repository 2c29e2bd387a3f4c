package dev.indelible.server.index;

import dev.indelible.ports.journal.Position;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.EntryCodec;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.query.Field;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.FilterEvaluator;
import dev.indelible.server.query.Order;
import dev.indelible.server.query.Place;
import dev.indelible.server.query.SearchableEntry;
import dev.indelible.server.query.TenantScope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The event index as it is meant, slowly: what every adapter is compared with. */
public final class InMemoryIndex implements EventIndex {

  private final EntryCodec codec = new EntryCodec();
  private final Map<TenantId, NavigableMap<Long, SearchableEntry>> written = new HashMap<>();
  private Map<TenantId, NavigableMap<Long, SearchableEntry>> visible = Map.of();
  private Position committed = Position.START;

  @Override
  public synchronized void apply(List<Indexable> entries) {
    for (Indexable stored : entries) {
      Entry entry = stored.decode(codec);
      written
          .computeIfAbsent(entry.tenant(), t -> new TreeMap<>())
          .put(entry.seq(), new SearchableEntry(entry));
    }
  }

  @Override
  public synchronized void remove(TenantId tenant, List<SeqRange> ranges) {
    NavigableMap<Long, SearchableEntry> entries = written.getOrDefault(tenant, new TreeMap<>());
    for (SeqRange range : ranges) {
      entries.subMap(range.first(), true, range.last(), true).clear();
    }
  }

  @Override
  public synchronized void deleteAll() {
    written.clear();
    committed = Position.START;
  }

  @Override
  public synchronized void commit(Position position) {
    committed = position;
  }

  @Override
  public synchronized Position committed() {
    return committed;
  }

  @Override
  public synchronized void refresh() {
    Map<TenantId, NavigableMap<Long, SearchableEntry>> copy = new HashMap<>();
    written.forEach((tenant, entries) -> copy.put(tenant, new TreeMap<>(entries)));
    visible = copy;
  }

  @Override
  public synchronized CompiledQuery compile(
      TenantScope scope, Filter filter, BooleanSupplier stop) {
    NavigableMap<Long, SearchableEntry> entries =
        visible.getOrDefault(scope.tenant(), new TreeMap<>());
    return new Query(entries, new FilterEvaluator(scope.restrict(filter)), stop);
  }

  @Override
  public OptionalLong find(TenantScope scope, String id) {
    if (id.isEmpty()) {
      return OptionalLong.empty();
    }
    try (Query query = (Query) compile(scope, Filter.term(Field.ID, id), () -> false)) {
      return query.page(Order.NEWEST_FIRST, Order.NEWEST_FIRST.start(), 1).stream()
          .mapToLong(Place::seq)
          .findFirst();
    }
  }

  @Override
  public void expunge() {}

  @Override
  public void checkIntegrity(LongConsumer read) {}

  @Override
  public synchronized IndexStats stats() {
    long entries = visible.values().stream().mapToLong(Map::size).sum();
    return new IndexStats(entries, 0, 0, 1);
  }

  @Override
  public void close() {}

  private static final class Query implements CompiledQuery {
    private final NavigableMap<Long, SearchableEntry> entries;
    private final FilterEvaluator evaluator;
    private final BooleanSupplier stop;

    /** Matches, once somebody has asked: the view does not change. */
    private @Nullable List<Entry> found;

    Query(
        NavigableMap<Long, SearchableEntry> entries,
        FilterEvaluator evaluator,
        BooleanSupplier stop) {
      this.entries = entries;
      this.evaluator = evaluator;
      this.stop = stop;
    }

    private synchronized List<Entry> matches() {
      if (stop.getAsBoolean()) {
        throw new QueryStoppedException();
      }
      List<Entry> matches = found;
      if (matches == null) {
        matches = new ArrayList<>();
        for (SearchableEntry entry : entries.values()) {
          if (evaluator.matches(entry)) {
            matches.add(entry.entry());
          }
        }
        found = matches;
      }
      return matches;
    }

    @Override
    public List<Place> page(Order order, Place beyond, int limit) {
      if (limit < 1 || limit > MAX_PAGE) {
        throw new IllegalArgumentException("limit " + limit);
      }
      return matches().stream()
          .map(entry -> place(entry, order))
          .filter(place -> order.places().compare(place, beyond) > 0)
          .sorted(order.places())
          .limit(limit)
          .toList();
    }

    private static Place place(Entry entry, Order order) {
      return order.isByOccurrence()
          ? new Place(entry.placedAt().toEpochMilli(), entry.seq())
          : Place.ofSeq(entry.seq());
    }

    @Override
    public long count() {
      return matches().size();
    }

    @Override
    public List<Facet> facets(List<FacetField> fields, int limit, String prefix) {
      List<Facet> facets = new ArrayList<>();
      List<Entry> matches = matches();
      for (FacetField field : fields) {
        Map<String, Long> counts = new HashMap<>();
        for (Entry entry : matches) {
          for (String value : new LinkedHashSet<>(field.values(entry))) {
            counts.merge(value, 1L, Long::sum);
          }
        }
        facets.add(FacetCounter.top(field, counts, limit, prefix));
      }
      return facets;
    }

    @Override
    public List<Histogram.Bucket> histogram(Histogram request) {
      Histogram.Counter counter = new Histogram.Counter(request);
      for (Entry entry : matches()) {
        int bucket = counter.bucketOf(entry.occurredAt().toEpochMilli());
        if (bucket >= 0) {
          counter.add(bucket, 1);
          if (request.split() != null) {
            request.split().values(entry).forEach(v -> counter.addSplit(bucket, v, 1));
          }
        }
      }
      return counter.buckets();
    }

    @Override
    public OptionalLong indexedThrough() {
      return entries.isEmpty() ? OptionalLong.empty() : OptionalLong.of(entries.lastKey());
    }

    @Override
    public void close() {}
  }
}
