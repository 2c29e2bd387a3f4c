package dev.indelible.server.follow;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.indelible.ports.journal.Position;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.log.Growth;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads logs by sequence number, a chunk at a time, for everybody who follows them. New entries are
 * read and decoded once for all followers that are at the same place. Thread-safe.
 */
public final class EntryFeed {

  /** Entries of a chunk, at most. */
  public static final int CHUNK_ENTRIES = 500;

  /** Bytes of a chunk's entries, at most, and one entry more. */
  public static final long CHUNK_BYTES = 1L << 20;

  /** Followers with no more entries than this before them share what they read. */
  static final int MAX_SHARED_ENTRIES = 100;

  /** Bytes of entries that are kept to be shared, of all logs together. */
  static final long SHARED_BYTES = 8L << 20;

  /** How long entries are kept to be shared: followers at a log's end read at the same time. */
  static final Duration SHARED_FOR = Duration.ofSeconds(1);

  private static final int OVERHEAD_BYTES = 256; // of a chunk; an estimate

  private final EventLog log;
  private final FollowedEntry.Reader reader;
  private final Cache<Place, Shared> shared =
      Caffeine.newBuilder()
          .maximumWeight(SHARED_BYTES)
          .weigher(
              (Place _, Shared kept) ->
                  OVERHEAD_BYTES + (int) Math.min(Integer.MAX_VALUE / 2, kept.chunk.bytes()))
          .expireAfterWrite(SHARED_FOR)
          .build();

  private record Place(TenantId tenant, long seq) {}

  /**
   * A chunk that may be given to others.
   *
   * @param sealedThrough how far the log was sealed before it was read. A deletion seals the log
   *     before it deletes: what was read before is not shown after it
   */
  private record Shared(Position sealedThrough, Chunk chunk) {}

  /**
   * Entries that follow each other.
   *
   * @param entries in order; none when there are none yet
   * @param next the sequence number after the last one
   * @param bytes of all of them, as stored
   */
  public record Chunk(List<FollowedEntry> entries, long next, long bytes) {
    public Chunk {
      entries = List.copyOf(entries);
    }
  }

  /** A feed of {@code log}. */
  public EntryFeed(EventLog log, FollowedEntry.Reader reader) {
    this.log = log;
    this.reader = reader;
  }

  /** The sequence number of the tenant's next entry. */
  public long end(TenantId tenant) throws IOException {
    return log.size(tenant);
  }

  /** Whether entries of the tenant are still in memory. */
  public boolean hasFresh(TenantId tenant) {
    return log.hasFresh(tenant);
  }

  /** Tells when logs have grown. */
  public Growth growth() {
    return log.growth();
  }

  /** Whether so few entries are before the log's end that they are shared, and read at once. */
  public static boolean isNew(long from, long end) {
    return end - from <= MAX_SHARED_ENTRIES;
  }

  /** The tenant's entries from {@code from} to before {@code end}, as many as a chunk holds. */
  public Chunk read(TenantId tenant, long from, long end) throws IOException {
    if (!isNew(from, end)) {
      return readAnew(tenant, from, end);
    }
    Place place = new Place(tenant, from);
    Position sealedThrough = log.sealedThrough();
    Shared known = shared.getIfPresent(place);
    if (known != null && known.sealedThrough.equals(sealedThrough)) {
      return known.chunk;
    }
    Chunk read = readAnew(tenant, from, end);
    if (!read.entries.isEmpty()) {
      shared.put(place, new Shared(sealedThrough, read));
    }
    return read;
  }

  private Chunk readAnew(TenantId tenant, long from, long end) throws IOException {
    List<FollowedEntry> entries = new ArrayList<>();
    long[] bytes = {0};
    log.forEach(
        tenant,
        from,
        Math.min(end, from + CHUNK_ENTRIES),
        stored -> {
          entries.add(new FollowedEntry(stored, reader));
          bytes[0] += stored.sizeBytes();
          return bytes[0] < CHUNK_BYTES;
        });
    return new Chunk(entries, entries.isEmpty() ? from : entries.getLast().seq() + 1, bytes[0]);
  }
}
