package dev.indelible.server.takeout;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.EventJson;
import dev.indelible.server.event.StoredJson;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.search.EntryReader;
import dev.indelible.server.search.Found;
import dev.indelible.server.share.ReadPool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Entries of pages as the API answers with them, of which those that were shown lately are kept in
 * memory (ADR 0031): the newest page of a tenant who is looked at is not decoded again.
 *
 * <p>An entry is kept with the edition of the log that it was read of and with whether its personal
 * part is in it; what is stored of it changes with the edition alone, so that what is shown is what
 * reading it again would give. Which entries a page has is never kept, nor whether somebody may see
 * them. Where anything else decides what is shown, it is read each time: legal holds in force, and
 * who acted in an entry that was erased. Thread-safe.
 */
public final class ShownEntries {

  /** The largest entry that is kept, in bytes of JSON. */
  static final int MAX_KEPT_ENTRY_BYTES = 16 * 1024;

  /** The most bytes that entries take together, unless the heap is small. */
  static final long MAX_KEPT_BYTES = 256L << 20;

  /** Part of the heap that they take at most: one in so many. */
  static final int PART_OF_HEAP = 24;

  /** Heap that an entry costs beside its JSON. */
  private static final int OVERHEAD_BYTES = 224;

  /** Entries of a page that are read before others have their turn. */
  private static final int READ_AT_ONCE = 100;

  private final EventLog log;
  private final EntryReader reader;
  private final EntryWriter writer;
  private final Cache<Key, Kept> kept;
  private final LongAdder read = new LongAdder();
  private final LongAdder found = new LongAdder();

  private record Key(TenantId tenant, long seq, boolean personal) {}

  @SuppressWarnings("ArrayRecordComponent") // a carrier; identity is never compared
  private record Kept(long edition, byte[] json) {}

  /**
   * Figures for metrics.
   *
   * @param bytes heap that kept entries take, roughly
   * @param kept entries that were shown from memory since the start
   * @param read entries that were read from the log to be shown since the start
   */
  public record Figures(long bytes, long kept, long read) {}

  /**
   * Entries of {@code log}, written by {@code writer}.
   *
   * @param maxBytes the most bytes of heap that kept ones take; 0 keeps none
   */
  public ShownEntries(EventLog log, EntryReader reader, EntryWriter writer, long maxBytes) {
    this.log = log;
    this.reader = reader;
    this.writer = writer;
    this.kept =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((Key _, Kept one) -> one.json().length + OVERHEAD_BYTES)
            .executor(Runnable::run)
            .build();
  }

  /** Bytes that entries may take in a heap of that size. */
  public static long maxBytes(long heapBytes) {
    return Math.min(MAX_KEPT_BYTES, heapBytes / PART_OF_HEAP);
  }

  /**
   * Entries as the scope's reader sees them, if all are in memory.
   *
   * @return JSON of each, in the order asked for
   */
  public Optional<List<byte[]>> inMemory(TenantScope scope, long[] seqs) {
    if (isHeld(scope)) {
      return Optional.empty();
    }
    long edition = log.edition();
    List<byte[]> shown = new ArrayList<>(seqs.length);
    for (long seq : seqs) {
      byte[] json = find(scope, seq, edition);
      if (json == null) {
        return Optional.empty();
      }
      shown.add(json);
    }
    found.add(seqs.length);
    return Optional.of(shown);
  }

  /**
   * Reads entries as the scope's reader sees them. Those that retention has purged are left out.
   *
   * @return JSON of each, in the order asked for
   */
  public List<byte[]> read(TenantScope scope, long[] seqs) throws IOException {
    List<byte[]> shown = new ArrayList<>(seqs.length);
    for (int from = 0; from < seqs.length; from += READ_AT_ONCE) {
      read(
          scope, Arrays.copyOfRange(seqs, from, Math.min(seqs.length, from + READ_AT_ONCE)), shown);
      ReadPool.pass();
    }
    return shown;
  }

  private void read(TenantScope scope, long[] seqs, List<byte[]> shown) throws IOException {
    if (isHeld(scope)) {
      for (StoredEntry stored : log.get(scope.tenant(), seqs)) {
        Optional<Found> entry = reader.find(stored, scope.seesPersonal());
        if (entry.isPresent()) {
          shown.add(writer.toBytes(entry.get()));
        }
      }
      read.add(seqs.length);
      return;
    }
    long edition = log.edition();
    byte[] @Nullable [] page = new byte[seqs.length][];
    long[] missing = new long[seqs.length];
    int[] places = new int[seqs.length];
    int count = 0;
    for (int i = 0; i < seqs.length; i++) {
      byte[] json = find(scope, seqs[i], edition);
      if (json == null) {
        missing[count] = seqs[i];
        places[count++] = i;
      } else {
        page[i] = json;
      }
    }
    EventLog.Read stored = log.read(scope.tenant(), Arrays.copyOf(missing, count));
    if (stored.edition() != edition) {
      // Parts were removed meanwhile; those that were kept may be among them.
      read(scope, seqs, shown);
      return;
    }
    StoredJson fast = new StoredJson();
    for (int i = 0; i < count; i++) {
      page[places[i]] = show(scope, stored.entries().get(i), edition, fast);
    }
    found.add(seqs.length - count);
    read.add(count);
    for (byte[] json : page) {
      if (json != null) {
        shown.add(json);
      }
    }
  }

  private byte @Nullable [] find(TenantScope scope, long seq, long edition) {
    Kept one = kept.getIfPresent(new Key(scope.tenant(), seq, scope.seesPersonal()));
    return one == null || one.edition() != edition ? null : one.json();
  }

  /** Writes an entry, and keeps it where nothing but what is stored decides what is shown. */
  private byte @Nullable [] show(
      TenantScope scope, StoredEntry stored, long edition, StoredJson fast) throws IOException {
    boolean personal = scope.seesPersonal();
    if (stored.body() instanceof StoredEntry.Whole(EntryParts parts)) {
      byte[] json =
          fast.write(
              stored.seq(),
              stored.recordedAtMillis(),
              parts.facts(),
              personal ? parts.personal() : null);
      if (json != null) {
        return keep(scope, stored.seq(), new Kept(edition, json));
      }
    }
    Optional<Entry> entry = personal ? reader.read(stored) : reader.readFacts(stored);
    if (entry.isEmpty()) {
      return null;
    }
    Entry shown = personal ? writer.actors().shown(entry.get()) : entry.get();
    byte[] json = EventJson.toBytes(shown, Map.of());
    return personal && shown.personalErased()
        ? json
        : keep(scope, stored.seq(), new Kept(edition, json));
  }

  private byte[] keep(TenantScope scope, long seq, Kept shown) {
    if (shown.json().length <= MAX_KEPT_ENTRY_BYTES) {
      kept.put(new Key(scope.tenant(), seq, scope.seesPersonal()), shown);
    }
    return shown.json();
  }

  private boolean isHeld(TenantScope scope) {
    return !writer.holds().active(scope.tenant()).isEmpty();
  }

  /** Figures for metrics. */
  public Figures figures() {
    long bytes = kept.policy().eviction().orElseThrow().weightedSize().orElse(0);
    return new Figures(bytes, found.sum(), read.sum());
  }
}
