package dev.indelible.server.retention;

import dev.indelible.ports.journal.ErasableJournal;
import dev.indelible.ports.journal.Position;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.index.EventIndex;
import dev.indelible.server.index.Indexable;
import dev.indelible.server.index.SeqRange;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.log.ReleasedIds;
import dev.indelible.server.retention.DeletionSteps.Step;
import dev.indelible.server.run.RunRewriter;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.search.EntryReader;
import dev.indelible.verify.Hash;
import dev.indelible.verify.Sha256;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes parts of entries, so that a crash at any moment leaves a deletion that is finished at the
 * next start, or one that never began.
 *
 * <p>The steps, and what a crash after each leaves:
 *
 * <ol>
 *   <li>what is to be deleted is durable ({@link DeletionState}): the next start goes on from here,
 *       through all steps, each of which may be done twice
 *   <li>the journal begins a new file: what is to be deleted is in older ones alone
 *   <li>the record is an entry of the log, and a checkpoint covers it: the log says that something
 *       is deleted which is still there
 *   <li>everything is sealed: no older file of the journal is needed any more. From here on no
 *       replay reaches back behind the record, so that ids may be forgotten (see {@link
 *       ReleasedIds})
 *   <li>the index no longer finds it
 *   <li>runs are written again without it, one by one
 *   <li>files of exports that hold it are gone ({@link Copies}), whose keepers were told before
 *   <li>the index's files are written again without it
 *   <li>the journal's old files are gone
 *   <li>nothing is under way
 * </ol>
 *
 * <p>Thread-safe; one deletion at a time, on a platform thread ({@link PlatformThread}). Events are
 * recorded and read meanwhile.
 */
final class Deletions {

  private static final Logger LOG = LoggerFactory.getLogger(Deletions.class);

  /** Time that sealing may take before the deletion is put off. */
  private static final Duration SEAL_TIMEOUT = Duration.ofMinutes(5);

  /** Entries that are indexed again at once. */
  private static final int REINDEX_BATCH = 1_000;

  /** Leaf hashes read at once. */
  private static final int HASH_CHUNK = 65_536;

  private final Dependencies dependencies;
  private final DeletionState state;
  private final ReentrantLock one = new ReentrantLock();
  private final Object deciding = new Object();
  private final AtomicLong steps = new AtomicLong();

  record Dependencies(
      EventLog log,
      ErasableJournal journal,
      EventIndex index,
      EntryRecorder recorder,
      Copies copies,
      DeletionSteps steps) {}

  Deletions(Dependencies dependencies, DeletionState state) {
    this.dependencies = dependencies;
    this.state = state;
  }

  private void forget(List<Deletion> deletions) {
    for (Deletion deletion : deletions) {
      dependencies.log().releasedIds().complete(deletion.tenant(), deletion.recordId());
    }
  }

  /**
   * Number of deletions that have begun, and ended, so far: what was read of a log before may be
   * gone.
   */
  long steps() {
    return steps.get();
  }

  /** Carries out to the end what is under way, if anything is. */
  boolean resume() throws IOException, InterruptedException {
    one.lock();
    try {
      List<Deletion> left = state.read();
      if (left.isEmpty()) {
        return false;
      }
      LOG.info("carrying out {} deletions that an earlier process began", left.size());
      finish(left);
      return true;
    } finally {
      one.unlock();
    }
  }

  /** Decides on deletions, one at most of each tenant. */
  @FunctionalInterface
  interface Decision {
    List<Deletion> decide() throws IOException, InterruptedException;
  }

  /**
   * Decides, and carries out what was decided. Nothing else that keeps or deletes entries is
   * decided meanwhile: see {@link #whileNothingIsDecided}.
   *
   * @return what was deleted, with the sequence numbers of the records
   */
  List<Done> carryOut(Decision decision) throws IOException, InterruptedException {
    one.lock(); // here, so that those who wait have no platform threads
    try {
      return PlatformThread.call(() -> decideAndFinish(decision));
    } finally {
      one.unlock();
    }
  }

  private List<Done> decideAndFinish(Decision decision) throws IOException, InterruptedException {
    List<Deletion> left = state.read();
    if (!left.isEmpty()) {
      finish(left);
    }
    List<Deletion> decided;
    synchronized (deciding) {
      decided = decision.decide();
      if (decided.isEmpty()) {
        return List.of();
      }
      state.write(decided);
    }
    dependencies.steps().reached(Step.DECIDED);
    return finish(decided);
  }

  /** Runs an action that must come wholly before or after a decision, such as applying a hold. */
  <T> T whileNothingIsDecided(Act<T> act) throws IOException, InterruptedException {
    synchronized (deciding) {
      return act.run();
    }
  }

  /** Action to run. */
  @FunctionalInterface
  interface Act<T> {
    T run() throws IOException, InterruptedException;
  }

  /**
   * A deletion that is done.
   *
   * @param deletion the deletion that was decided
   * @param recordSeq where the entry is that says so
   */
  record Done(Deletion deletion, long recordSeq) {}

  private List<Done> finish(List<Deletion> deletions) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    steps.incrementAndGet();
    EventLog log = dependencies.log();
    Position before = log.sequencedThrough();
    dependencies.journal().rotate();
    dependencies.steps().reached(Step.ROTATED);
    List<Done> done = new ArrayList<>();
    for (Deletion deletion : deletions) {
      done.add(new Done(deletion, dependencies.recorder().recordDurably(deletion.event())));
    }
    dependencies.steps().reached(Step.RECORDED);
    log.sealAll(SEAL_TIMEOUT);
    dependencies.steps().reached(Step.SEALED);
    for (Deletion deletion : deletions) {
      dependencies.copies().announced(deletion.ofCopies());
    }
    Map<TenantId, RunRewriter.Treatments> treatments = new HashMap<>();
    for (Deletion deletion : deletions) {
      treatments.put(deletion.tenant(), deletion.treatments());
      unindex(deletion);
    }
    dependencies.index().refresh();
    dependencies.steps().reached(Step.UNINDEXED);
    int runs = log.rewrite(treatments);
    dependencies.steps().reached(Step.REWRITTEN);
    for (Deletion deletion : deletions) {
      dependencies.copies().gone(deletion.ofCopies());
    }
    dependencies.index().expunge();
    dependencies.steps().reached(Step.EXPUNGED);
    dependencies.journal().awaitGone(before);
    dependencies.steps().reached(Step.FORGOTTEN);
    state.write(List.of());
    forget(deletions);
    steps.incrementAndGet();
    LOG.info(
        "deleted {} entries' parts in {} logs, {} runs written again, in {} ms",
        deletions.stream().mapToLong(deletion -> deletion.entries().count()).sum(),
        deletions.size(),
        runs,
        (System.nanoTime() - begun) / 1_000_000);
    dependencies.steps().reached(Step.DONE);
    return done;
  }

  private void unindex(Deletion deletion) throws IOException {
    switch (deletion.kind()) {
      case PURGE -> {
        List<SeqRange> ranges = new ArrayList<>();
        for (long[] range : deletion.entries().ranges()) {
          ranges.add(new SeqRange(range[0], range[1] - 1));
        }
        dependencies.index().remove(deletion.tenant(), ranges);
      }
      case ERASE -> redact(deletion);
    }
  }

  /** Indexes the entries again without their personal dependencies. */
  private void redact(Deletion deletion) throws IOException {
    List<Indexable> batch = new ArrayList<>();
    for (long[] range : deletion.entries().ranges()) {
      dependencies
          .log()
          .forEach(
              deletion.tenant(),
              range[0],
              range[1],
              stored -> {
                EntryReader.indexable(deletion.tenant(), withoutPersonal(stored))
                    .ifPresent(batch::add);
                if (batch.size() == REINDEX_BATCH) {
                  dependencies.index().apply(batch);
                  batch.clear();
                }
                return true;
              });
    }
    if (!batch.isEmpty()) {
      dependencies.index().apply(batch);
    }
  }

  private static StoredEntry withoutPersonal(StoredEntry entry) {
    return entry.body() instanceof StoredEntry.Whole(var whole) && whole.personal() != null
        ? new StoredEntry(
            entry.seq(),
            entry.recordedAtMillis(),
            new StoredEntry.PersonalErased(
                whole.facts(), whole.factsSalt(), new byte[StoredEntry.DIGEST_BYTES]))
        : entry;
  }

  /** SHA-256 over the leaf hashes of the entries, in order, hexadecimal. */
  static String setDigest(EventLog log, TenantId tenant, SeqRanges entries) throws IOException {
    MessageDigest digest = Sha256.create();
    for (long[] range : entries.ranges()) {
      for (long at = range[0]; at < range[1]; at += HASH_CHUNK) {
        for (Hash hash : log.leafHashes(tenant, at, Math.min(range[1], at + HASH_CHUNK))) {
          digest.update(hash.toBytes());
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
