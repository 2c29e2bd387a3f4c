package dev.indelible.server.log;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.RunRewriter;
import dev.indelible.server.run.RunRewriter.Treatments;
import dev.indelible.server.run.Slice;
import dev.indelible.server.run.StoredEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes runs again without what is to be deleted, one after the other.
 *
 * <p>A crash before the manifest names the rewritten run leaves one that nobody names; a crash
 * after it leaves the source, which nobody names any more. Both are deleted at the next start.
 */
final class Rewriting {

  private static final Logger LOG = LoggerFactory.getLogger(Rewriting.class);

  private final BlobStore blobs;
  private final LogState state;
  private final EntryIds ids;

  Rewriting(BlobStore blobs, LogState state, EntryIds ids) {
    this.ids = ids;
    this.blobs = blobs;
    this.state = state;
  }

  /**
   * Rewrites every run that holds an entry which is not kept; returns how many there were. The log
   * is read and written meanwhile, runs are merged between one run and the next.
   */
  int rewrite(Map<TenantId, Treatments> treatments) throws IOException {
    state.own(); // what an earlier process wrote again may have left its source
    int rewritten = 0;
    Set<String> settled = new HashSet<>();
    while (rewriteNext(treatments, settled)) {
      rewritten++;
    }
    return rewritten;
  }

  /** Rewrites one run; false when none needs it. */
  private boolean rewriteNext(Map<TenantId, Treatments> treatments, Set<String> settled)
      throws IOException {
    state.changingRuns().lock();
    try {
      View view = state.acquire();
      try {
        for (SealedRun run : view.runs) {
          if (settled.contains(run.name())) {
            continue;
          }
          if (needsRewriting(run, treatments)) {
            settled.add(rewrite(run, treatments));
            return true;
          }
          settled.add(run.name());
        }
        return false;
      } finally {
        view.release();
      }
    } finally {
      state.changingRuns().unlock();
    }
  }

  private String rewrite(SealedRun run, Map<TenantId, Treatments> treatments) throws IOException {
    long start = System.nanoTime();
    String name = state.nextRunName();
    StoredLeaves leaves = new StoredLeaves();
    if (!RunRewriter.rewrite(blobs, name, run.reader(), treatments, leaves::leaf, this::idHash)) {
      throw new IOException(name + " exists already");
    }
    long before = run.sizeBytes();
    state.rewritten(run, name);
    LOG.info(
        "rewrote {} of {} bytes as {} in {} ms",
        run.name(),
        before,
        name,
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    return name;
  }

  private OptionalLong idHash(TenantId tenant, StoredEntry entry) {
    return ids.idOf(entry)
        .map(id -> OptionalLong.of(EntryIds.hash(tenant, id)))
        .orElseGet(OptionalLong::empty);
  }

  private static boolean needsRewriting(SealedRun run, Map<TenantId, Treatments> treatments)
      throws IOException {
    for (Map.Entry<TenantId, Treatments> tenant : treatments.entrySet()) {
      Slice slice = run.slice(tenant.getKey());
      if (slice != null && needsRewriting(run, tenant.getKey(), slice, tenant.getValue())) {
        return true;
      }
    }
    return false;
  }

  private static boolean needsRewriting(
      SealedRun run, TenantId tenant, Slice slice, Treatments treatments) throws IOException {
    List<Boolean> found = new ArrayList<>(1);
    run.forEach(
        tenant,
        slice.firstSeq(),
        slice.endSeq(),
        entry -> {
          if (RunRewriter.changes(treatments.of(entry.seq()), entry)) {
            found.add(true);
          }
          return found.isEmpty();
        });
    return !found.isEmpty();
  }
}
