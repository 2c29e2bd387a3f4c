package dev.indelible.server.retention;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says who acted in an entry whose personal part went because somebody else asked for it: the
 * entries that record erasures keep it, by the hash that the facts have. Thread-safe; what was read
 * is kept until the next deletion, which may erase a record's own personal part.
 */
public final class KeptActors {

  /** The most tenants whose records are kept; beyond, all are read anew. */
  static final int MAX_KEPT = 1_000;

  private record Known(long deletions, Map<String, Acted> byHash) {}

  private final DeletionRecords records;
  private final LongSupplier deletions;
  private final Cache<TenantId, Known> known = Caffeine.newBuilder().maximumSize(MAX_KEPT).build();

  /**
   * Actors by the records of erasures.
   *
   * @param deletions how many deletions have begun and ended so far
   */
  KeptActors(DeletionRecords records, LongSupplier deletions) {
    this.records = records;
    this.deletions = deletions;
  }

  /** The entry as whoever may see what is personal is shown it, with who acted where it is kept. */
  public Entry shown(Entry entry) throws IOException {
    Event.Actor actor = entry.event().actor();
    String hash = actor.idHash();
    if (!entry.personalErased() || hash == null || actor.id() != null) {
      return entry;
    }
    @Nullable Acted acted = of(entry.tenant()).get(hash);
    return acted == null
        ? entry
        : entry.with(entry.event().with(actor.known(acted.id(), acted.name())));
  }

  private Map<String, Acted> of(TenantId tenant) throws IOException {
    long now = deletions.getAsLong();
    Known before = known.getIfPresent(tenant);
    if (before != null && before.deletions == now) {
      return before.byHash;
    }
    Map<String, Acted> byHash = new HashMap<>();
    for (Entry record : records.newest(tenant, Deletion.Kind.ERASE)) {
      ObjectNode details = record.event().details();
      if (details != null) {
        Acted.read(details.path(Acted.MEMBER))
            .forEach(acted -> byHash.putIfAbsent(acted.idHash(), acted));
      }
    }
    known.put(tenant, new Known(now, byHash));
    return byHash;
  }
}
