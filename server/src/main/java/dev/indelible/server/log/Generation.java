package dev.indelible.server.log;

import dev.indelible.ports.journal.Position;
import dev.indelible.server.event.TenantId;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Entries in memory that will be sealed together. The sequencer alone writes, until it is frozen;
 * any thread reads.
 *
 * <p>Costs nothing for tenants without an entry in it.
 */
final class Generation {

  /** Room is made for so many entries at most: half a mebibyte. */
  private static final int MAX_EXPECTED_ENTRIES = 80_000;

  private record IdKey(TenantId tenant, String id) {}

  private final Map<TenantId, TenantSlice> slices = new ConcurrentHashMap<>();
  private final Map<IdKey, FreshEntry> byId;
  private final long startedAtMillis;
  private final Position from;
  private volatile long memoryBytes;
  private volatile long entryCount;
  private volatile Position through;

  Generation(Position from, long startedAtMillis) {
    this(from, startedAtMillis, 0);
  }

  private Generation(Position from, long startedAtMillis, int expectedEntries) {
    this.byId = new ConcurrentHashMap<>(expectedEntries);
    this.from = from;
    this.through = from;
    this.startedAtMillis = startedAtMillis;
  }

  /** The one after this; it has room for as many entries, so that it need not grow on the way. */
  Generation next(long nowMillis) {
    return new Generation(through, nowMillis, (int) Math.min(entryCount, MAX_EXPECTED_ENTRIES));
  }

  @Nullable TenantSlice slice(TenantId tenant) {
    return slices.get(tenant);
  }

  void addSlice(TenantId tenant, TenantSlice slice) {
    slices.put(tenant, slice);
  }

  void index(FreshEntry entry) {
    byId.put(new IdKey(entry.tenant(), entry.id()), entry);
    add(entry.memoryBytes());
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the sequencer
  private void add(int bytes) {
    memoryBytes += bytes;
    entryCount++;
  }

  @Nullable FreshEntry find(TenantId tenant, String id) {
    return byId.get(new IdKey(tenant, id));
  }

  /** Position of the journal before which everything is in earlier generations. */
  Position from() {
    return from;
  }

  /** Position of the journal before which everything is in this generation or an earlier one. */
  Position through() {
    return through;
  }

  void advance(Position to) {
    through = to;
  }

  boolean isEmpty() {
    return entryCount == 0;
  }

  long entryCount() {
    return entryCount;
  }

  long memoryBytes() {
    return memoryBytes;
  }

  long startedAtMillis() {
    return startedAtMillis;
  }

  /** Slices in the order of a run. For the sealer, once frozen. */
  SortedMap<TenantId, TenantSlice> sorted() {
    return new TreeMap<>(slices);
  }
}
