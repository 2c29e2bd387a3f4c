package dev.indelible.server.export;

import dev.indelible.server.retention.Copies;
import java.io.IOException;
import java.util.Optional;

/** Counting of the entries of an export that are deleted while it is under way. */
final class LostEntries {

  private LostEntries() {}

  /**
   * Counts, durably, what of a job's entries a deletion is about to take; nothing when that was
   * counted before.
   */
  static void count(ExportJob job, Copies.Deleted deleted, ExportStore store, ExportSources sources)
      throws IOException {
    if (job.progress().counted().contains(deleted.record())) {
      return;
    }
    Optional<ExportRights.Allowed> allowed = sources.rights().now(job.order());
    if (allowed.isEmpty()) {
      return; // such a job fails
    }
    WantedEntries wanted = WantedEntries.of(job, allowed.get().scope(), sources);
    long[] count = {0};
    for (long[] range : deleted.entries().ranges()) {
      long from = Math.max(range[0], job.position().fromSeq());
      long to = Math.min(range[1], job.position().toSeq());
      if (from < to) {
        sources
            .log()
            .forEach(
                job.tenant(),
                from,
                to,
                stored -> {
                  count[0] += wanted.isLostBy(stored, deleted.purge()) ? 1 : 0;
                  return true;
                });
      }
    }
    if (count[0] > 0) {
      Optional<ExportJob> _ =
          store.change(
              job.tenant(),
              job.id(),
              known ->
                  known.state().isUnderWay()
                      ? known.with(known.progress().lost(deleted, count[0]))
                      : known);
    }
  }
}
