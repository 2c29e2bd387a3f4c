package dev.indelible.server.log;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.EntryCursor;
import dev.indelible.server.run.RunCache;
import dev.indelible.server.run.RunReader;
import dev.indelible.server.run.RunWriter;
import dev.indelible.server.run.Slice;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.verify.TreeFrontier;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run that is open for reading while any view has it. Thread-safe.
 *
 * <p>Opened with one reference, the opener's; closed with the last.
 */
final class SealedRun {

  private static final Logger LOG = LoggerFactory.getLogger(SealedRun.class);

  private final RunReader reader;
  private final AtomicInteger references = new AtomicInteger(1);

  private SealedRun(RunReader reader) {
    this.reader = reader;
  }

  /** Opens runs by name. */
  record Opener(BlobStore blobs, RunCache cache) {
    SealedRun open(String name) throws IOException {
      return new SealedRun(RunReader.open(blobs, name, cache));
    }
  }

  /** Writes generations as runs. */
  record Writer(BlobStore blobs) {
    void write(String name, Generation generation) throws IOException {
      RunWriter.write(
          blobs,
          name,
          generation.through().value(),
          run -> {
            for (Map.Entry<TenantId, TenantSlice> entry : generation.sorted().entrySet()) {
              write(run, entry.getKey(), entry.getValue());
            }
          });
    }

    private static void write(RunWriter run, TenantId tenant, TenantSlice slice)
        throws IOException {
      run.startTenant(tenant);
      for (FreshEntry entry : slice.toList()) {
        run.add(Fresh.stored(entry), entry.leafHash());
        run.addIdHash(EntryIds.hash(tenant, entry.id()));
      }
      run.endTenant(slice.completedSubtrees(), slice.frontier().hashes());
    }
  }

  void retain() {
    if (references.getAndIncrement() <= 0) {
      throw new IllegalStateException("run " + name() + " is closed");
    }
  }

  void release() {
    if (references.decrementAndGet() == 0) {
      try {
        reader.close();
      } catch (IOException e) {
        LOG.warn("run {} could not be closed", name(), e);
      }
    }
  }

  RunReader reader() {
    return reader;
  }

  String name() {
    return reader.info().name();
  }

  long sizeBytes() {
    return reader.info().sizeBytes();
  }

  long entryCount() {
    return reader.info().entries();
  }

  /**
   * End of the tenant's log when this run was sealed, or null when it has none of the tenant's
   * entries.
   */
  @Nullable TenantHead head(TenantId tenant) throws IOException {
    Optional<Slice> slice = reader.slice(tenant);
    return slice.isEmpty()
        ? null
        : new TenantHead(
            TreeFrontier.restore(slice.get().endSeq(), slice.get().frontier()),
            slice.get().lastRecordedAtMillis());
  }

  /** The sequence number after the tenant's last entry here; 0 when it has none. */
  long endSeq(TenantId tenant) throws IOException {
    Optional<Slice> slice = reader.slice(tenant);
    return slice.isEmpty() ? 0 : slice.get().endSeq();
  }

  /** The sequence number of the tenant's first entry here; negative when it has none. */
  long firstSeq(TenantId tenant) throws IOException {
    Optional<Slice> slice = reader.slice(tenant);
    return slice.isEmpty() ? -1 : slice.get().firstSeq();
  }

  /** The tenant's entries here, or null when it has none. */
  @Nullable Slice slice(TenantId tenant) throws IOException {
    return reader.slice(tenant).orElse(null);
  }

  boolean mightContain(long idHash) throws IOException {
    return reader.mightContain(idHash);
  }

  /** The entries at {@code seqs}, all of them the tenant's and here. */
  List<StoredEntry> get(TenantId tenant, long[] seqs) throws IOException {
    return reader.entries(reader.slice(tenant).orElseThrow(), seqs);
  }

  /** Gives {@code consumer} what is here of a range; returns whether it wants more. */
  boolean forEach(TenantId tenant, long fromSeq, long toSeq, EntryConsumer consumer)
      throws IOException {
    Optional<Slice> found = reader.slice(tenant);
    if (found.isEmpty()) {
      return true;
    }
    long from = Math.max(fromSeq, found.get().firstSeq());
    long to = Math.min(toSeq, found.get().endSeq());
    if (from >= to) {
      return true;
    }
    EntryCursor cursor = reader.entries(found.get(), from, to);
    StoredEntry entry;
    while ((entry = cursor.next()) != null) {
      if (!consumer.accept(entry)) {
        return false;
      }
    }
    return true;
  }

  void forEach(EventLog.SealedConsumer consumer) throws IOException {
    RunReader.SliceCursor slices = reader.slices();
    Slice slice;
    while ((slice = slices.next()) != null) {
      EntryCursor cursor = reader.entries(slice, slice.firstSeq(), slice.endSeq());
      StoredEntry entry;
      while ((entry = cursor.next()) != null) {
        consumer.accept(slice.tenant(), entry);
      }
    }
  }

  OptionalLong scanForId(TenantId tenant, String id, EntryIds ids, LongPredicate excepted)
      throws IOException {
    if (!mightContain(EntryIds.hash(tenant, id))) {
      return OptionalLong.empty();
    }
    long[] found = {-1};
    forEach(
        tenant,
        0,
        Long.MAX_VALUE,
        entry -> {
          if (!excepted.test(entry.seq()) && ids.idOf(entry).filter(id::equals).isPresent()) {
            found[0] = entry.seq();
          }
          return found[0] < 0;
        });
    return found[0] < 0 ? OptionalLong.empty() : OptionalLong.of(found[0]);
  }
}
