package dev.indelible.server.search;

import dev.indelible.server.event.Entry;
import dev.indelible.server.event.EntryCodec;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.follow.FollowedEntry;
import dev.indelible.server.index.Indexable;
import dev.indelible.server.log.EntryIds;
import dev.indelible.server.log.FreshEntry;
import dev.indelible.server.run.StoredEntry;
import java.time.Instant;
import java.util.Optional;

/** Turns stored parts into entries. Thread-safe. */
public final class EntryReader implements EntryIds, FollowedEntry.Reader {

  private final EntryCodec codec = new EntryCodec();

  /**
   * The entry, or empty when retention has purged it.
   *
   * @throws dev.indelible.server.event.CorruptEntryException when the parts are not what was
   *     written
   */
  @Override
  public Optional<Entry> read(StoredEntry stored) {
    Instant recordedAt = Instant.ofEpochMilli(stored.recordedAtMillis());
    return switch (stored.body()) {
      case StoredEntry.Whole(EntryParts parts) ->
          Optional.of(
              codec.decode(
                  stored.seq(),
                  recordedAt,
                  new EntryCodec.Parts(parts.facts(), parts.personal()),
                  false));
      case StoredEntry.PersonalErased erased ->
          Optional.of(
              codec.decode(
                  stored.seq(), recordedAt, new EntryCodec.Parts(erased.facts(), null), true));
      case StoredEntry.Purged _ -> Optional.empty();
    };
  }

  /** The entry without its personal part, for those who may not see that. */
  @Override
  public Optional<Entry> readFacts(StoredEntry stored) {
    if (!(stored.body() instanceof StoredEntry.Whole(EntryParts parts))) {
      return read(stored);
    }
    Entry entry =
        codec.decode(
            stored.seq(),
            Instant.ofEpochMilli(stored.recordedAtMillis()),
            new EntryCodec.Parts(parts.facts(), null),
            true);
    return Optional.of(entry.withPersonalErased(false));
  }

  /**
   * The entry, shown with its personal part or without; empty when retention has purged it.
   *
   * @param personal whether what is personal may be seen
   */
  public Optional<Found> find(StoredEntry stored, boolean personal) {
    return read(stored)
        .map(
            whole ->
                new Found(personal ? whole : readFacts(stored).orElse(whole), whole, personal));
  }

  @Override
  public Optional<String> idOf(StoredEntry entry) {
    return read(entry).map(Entry::id);
  }

  /** The entry of a new event, as if it had been recorded: for comparing. */
  public Entry preview(TenantId tenant, EntryParts parts) {
    Entry entry =
        codec.decode(
            0, Instant.EPOCH, new EntryCodec.Parts(parts.facts(), parts.personal()), false);
    if (!entry.tenant().equals(tenant)) {
      throw new IllegalArgumentException("an event of " + entry.tenant() + " for " + tenant);
    }
    return entry;
  }

  /** Decodes an entry without its personal part. */
  Entry factsOnly(EntryParts parts) {
    return codec.decode(0, Instant.EPOCH, new EntryCodec.Parts(parts.facts(), null), true);
  }

  /** The entry as it is indexed, which does not read it. */
  static Indexable indexable(FreshEntry fresh) {
    return whole(fresh.tenant(), fresh.seq(), fresh.recordedAtMillis(), fresh.parts());
  }

  /** The entry as it is indexed, which does not read it; empty when retention has purged it. */
  public static Optional<Indexable> indexable(TenantId tenant, StoredEntry stored) {
    return switch (stored.body()) {
      case StoredEntry.Whole(EntryParts parts) ->
          Optional.of(whole(tenant, stored.seq(), stored.recordedAtMillis(), parts));
      case StoredEntry.PersonalErased erased ->
          Optional.of(
              new Indexable(
                  tenant,
                  stored.seq(),
                  stored.recordedAtMillis(),
                  new EntryCodec.Parts(erased.facts(), null),
                  true));
      case StoredEntry.Purged _ -> Optional.empty();
    };
  }

  private static Indexable whole(
      TenantId tenant, long seq, long recordedAtMillis, EntryParts parts) {
    return new Indexable(
        tenant,
        seq,
        recordedAtMillis,
        new EntryCodec.Parts(parts.facts(), parts.personal()),
        false);
  }
}
