package dev.indelible.server.export;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.retention.Copies;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Deletions of entries, as far as the jobs of a store hold them. Thread-safe.
 *
 * @param store the jobs
 * @param sources parts of the program
 * @param entries records what becomes of exports
 * @param runs the jobs that are worked on, by their keys
 * @param opening held while a run is put there and opens its files
 * @param tell is told of jobs whose file went
 */
record ExportDeletions(
    ExportStore store,
    ExportSources sources,
    ExportEntries entries,
    Map<String, ExportRun> runs,
    ReentrantLock opening,
    Consumer<ExportJob> tell) {

  void announced(Copies.Deleted deleted) throws IOException {
    for (ExportRun run : runs(deleted.tenant())) {
      run.announced(deleted);
    }
    // Those that wait for their turn.
    for (ExportJob job : store.of(deleted.tenant())) {
      if (job.state().isUnderWay() && !runs.containsKey(ExportJobs.key(job))) {
        LostEntries.count(job, deleted, store, sources);
      }
    }
  }

  void gone(Copies.Deleted deleted) throws IOException {
    opening.lock();
    try {
      for (ExportJob job : store.of(deleted.tenant())) {
        if (job.state().isUnderWay()
            && !runs.containsKey(ExportJobs.key(job))
            && ExportRun.isTouched(job, job.progress().nextSeq(), deleted)) {
          ExportJob _ = ExportRun.beginAnew(job, store, () -> {});
        }
      }
    } finally {
      opening.unlock();
    }
    for (ExportRun run : runs(deleted.tenant())) {
      run.gone(deleted);
    }
    for (ExportJob job : store.of(deleted.tenant())) {
      switch (job.state()) {
        case DONE -> withdraw(job, deleted);
        case WITHDRAWN -> store.deleteFiles(job.tenant(), job.id()); // after a crash in between
        case RUNNING, WAITING, FAILED, CANCELED, EXPIRED -> {}
      }
    }
  }

  List<Copies.Left> left(TenantId tenant, String basis) {
    List<Copies.Left> found = new ArrayList<>();
    for (ExportJob job : store.of(tenant)) {
      ExportJob.Withdrawal withdrawal = job.withdrawal();
      Instant left = job.times().left();
      if (withdrawal != null && withdrawal.basis().equals(basis) && left != null) {
        found.add(new Copies.Left(job.id(), left));
      }
    }
    return found;
  }

  private List<ExportRun> runs(TenantId tenant) {
    return runs.entrySet().stream()
        .filter(run -> run.getKey().startsWith(tenant.value() + "/"))
        .map(Map.Entry::getValue)
        .toList();
  }

  private void withdraw(ExportJob job, Copies.Deleted deleted) throws IOException {
    if ((!deleted.purge() && !job.hasPersonal())
        || HeldSeqs.common(store.held(job), deleted.entries().ranges()) == 0) {
      return;
    }
    ExportJob.Withdrawal by =
        new ExportJob.Withdrawal(deleted.record(), deleted.basis(), sources.clock().instant());
    // Its entry first: where the journal refuses it, the deletion is tried again.
    entries.withdrawn(job.withdrawn(by));
    Optional<ExportJob> withdrawn =
        store.change(
            job.tenant(),
            job.id(),
            known -> known.state() == ExportJob.State.DONE ? known.withdrawn(by) : known);
    store.deleteFiles(job.tenant(), job.id());
    withdrawn.ifPresent(tell);
  }
}
