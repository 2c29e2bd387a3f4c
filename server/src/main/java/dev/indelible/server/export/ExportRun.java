package dev.indelible.server.export;

import dev.indelible.server.evidence.pack.PackFile;
import dev.indelible.server.index.QueryStoppedException;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.retention.Copies;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.search.Search;
import dev.indelible.server.share.Asker;
import dev.indelible.server.share.ReadPool;
import dev.indelible.server.takeout.file.EntryFile;
import dev.indelible.server.takeout.file.FileTotals;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One job while it is worked on: reads the log once, in ascending order, chunk by chunk, and writes
 * what the query finds.
 *
 * <p>A chunk is read and written under the lock. A deletion that touches what was written takes the
 * lock when nothing that is read from then on has it any more, and has the file begun anew: so the
 * file never holds what is gone.
 */
final class ExportRun {

  /** Entries that are looked at before the maker's rights are, and others may have the lock. */
  static final int CHUNK = 10_000;

  /** Entries of which the index is asked at once, where it finds few. */
  static final int FOUND_AT_ONCE = 1_000;

  /** Entries that are fetched at once, before others have their turn. */
  private static final int FETCHED_AT_ONCE = 100;

  /**
   * Proportion of entries below which those that the index finds are fetched singly: one in so
   * many.
   */
  static final int FEW = 64;

  /** Bytes that a chunk writes, and one entry more. */
  static final long CHUNK_BYTES = 8L << 20;

  /** Time after which what is written is made durable, while writing goes on. */
  static final Duration DURABLE_EVERY = Duration.ofSeconds(1);

  private final ExportStore store;
  private final ExportSources sources;
  private final ExportJobs.Terms terms;
  private final ReentrantLock lock = new ReentrantLock();

  // The rest is guarded by the lock.
  private volatile ExportJob job;
  private @Nullable WantedEntries wanted;
  private boolean asksIndex;
  private @Nullable ExportOutput out;
  private @Nullable HeldSeqs held;
  private @Nullable EntryFile file;
  private long nextSeq;
  private long entries;
  private long durableNanos;
  private final Forcing forcing = new Forcing();
  private Written durable = new Written(0, 0, 0, 0); // when the forcing is over
  private boolean ended;
  private volatile boolean canceled;
  private volatile ExportJob.Progress seen;

  /** Part of the files that is written. */
  private record Written(long nextSeq, long bytes, long heldBytes, long entries) {}

  /** The end of a run. */
  sealed interface End {
    /** The file is complete, durably. */
    record Done(ExportJob job) implements End {}

    /** The file cannot be made. */
    record Failed(ExportJob.Problem problem) implements End {}

    /** The job was canceled. */
    record Canceled() implements End {}
  }

  /**
   * A run.
   *
   * @param terms how long a complete file is kept, and how large all may be
   */
  ExportRun(ExportJob job, ExportStore store, ExportSources sources, ExportJobs.Terms terms) {
    this.job = job;
    this.store = store;
    this.sources = sources;
    this.terms = terms;
    this.seen = job.progress();
  }

  /** Has the run end after its chunk. */
  void cancel() {
    canceled = true;
  }

  /** Opens the files where they are durable. */
  void open() throws IOException {
    lock.lock();
    try {
      job = known();
      if (!ExportFiles.isResumable(job.order().format())) {
        job = job.with(job.progress().again(job.position().fromSeq()));
      }
      store.makeFolder(job);
      begin();
    } finally {
      lock.unlock();
    }
  }

  private ExportJob known() throws IOException {
    return store
        .find(job.tenant(), job.id())
        .orElseThrow(() -> new IOException("export " + job.id() + " was removed"));
  }

  private void begin() throws IOException {
    ExportJob.Progress progress = job.progress();
    out = ExportOutput.open(store.file(job), progress.bytes());
    held = HeldSeqs.open(store.held(job), progress.heldBytes());
    nextSeq = progress.nextSeq();
    entries = progress.entries();
    seen = progress;
    durableNanos = System.nanoTime();
    file = null;
  }

  /** Whether all entries are in the file, which is not ended yet. Any thread. */
  boolean isRead() {
    return seen.nextSeq() >= job.position().toSeq();
  }

  /**
   * Reads and writes the next entries.
   *
   * @return the end, or empty when there is more to do
   * @throws dev.indelible.server.share.BusyException when others read now; to be tried again
   */
  Optional<End> step() throws IOException {
    lock.lock();
    try {
      if (canceled) {
        return Optional.of(new End.Canceled());
      }
      Optional<ExportRights.Allowed> allowed = sources.rights().now(job.order());
      if (allowed.isEmpty() || !ExportJob.Reach.of(allowed.get().scope()).equals(job.reach())) {
        return Optional.of(
            new End.Failed(
                new ExportJob.Problem(
                    "rights_lost",
                    "Whoever asked for it may not export any more what they could when it"
                        + " began.")));
      }
      if (file == null) {
        wanted = WantedEntries.of(job, allowed.get().scope(), sources);
        asksIndex = wanted.areFew();
        file =
            ExportFiles.open(
                job, allowed.get(), sources, Objects.requireNonNull(out), store.folder(job));
      }
      if (nextSeq >= job.position().toSeq()) {
        return Optional.of(end(allowed.get()));
      }
      chunk();
      show();
      if (writtenBytes() + store.fileBytes() > terms.maxBytes()) {
        return Optional.of(
            new End.Failed(
                new ExportJob.Problem(
                    "exports_full",
                    "The files of exports together are as large as the setting"
                        + " exports.max_bytes allows; delete some.")));
      }
      keepBeside();
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void chunk() throws IOException {
    long from = nextSeq;
    long to = Math.min(job.position().toSeq(), from + CHUNK);
    long mostBytes = Objects.requireNonNull(out).bytes() + CHUNK_BYTES;
    Objects.requireNonNull(wanted).look();
    nextSeq =
        sources
            .reads()
            .read(
                Asker.inBackground(job.tenant().value(), "export:" + job.id()),
                () -> read(from, to, mostBytes));
  }

  /** On a thread of the pool, while this run's waits under the lock. */
  private long read(long from, long to, long mostBytes) throws IOException {
    if (asksIndex) {
      try {
        return readFound(from, mostBytes);
      } catch (QueryStoppedException e) {
        asksIndex = false;
      }
    }
    EventLog log = sources.log();
    ExportOutput output = Objects.requireNonNull(out);
    long[] next = {from};
    log.forEach(
        job.tenant(),
        from,
        to,
        stored -> {
          take(stored);
          next[0] = stored.seq() + 1;
          return output.bytes() < mostBytes;
        });
    if (next[0] == from && from < to) {
      throw new IOException("entry " + from + " of " + job.tenant() + " is missing");
    }
    return next[0];
  }

  /** Reads the next entries that the index finds; behind what it knows, the log is read. */
  private long readFound(long from, long mostBytes) throws IOException {
    WantedEntries of = Objects.requireNonNull(wanted);
    Search.Seqs found = sources.search().seqs(of.scope(), of.asked(), from - 1, FOUND_AT_ONCE);
    long end = job.position().toSeq();
    long[] seqs = Arrays.stream(found.seqs()).filter(seq -> seq < end).toArray();
    for (int i = 0; i < seqs.length; i += FETCHED_AT_ONCE) {
      long[] some = Arrays.copyOfRange(seqs, i, Math.min(seqs.length, i + FETCHED_AT_ONCE));
      for (StoredEntry stored : sources.log().get(job.tenant(), some)) {
        take(stored);
      }
      ReadPool.pass();
      if (Objects.requireNonNull(out).bytes() > mostBytes) {
        return some[some.length - 1] + 1;
      }
    }
    if (seqs.length == FOUND_AT_ONCE) {
      return seqs[seqs.length - 1] + 1;
    }
    asksIndex = false;
    return Math.min(end, Math.max(from, found.indexedThrough().orElse(-1) + 1));
  }

  private void take(StoredEntry stored) throws IOException {
    if (Objects.requireNonNull(wanted).take(stored, Objects.requireNonNull(file))) {
      entries++;
      Objects.requireNonNull(held).add(stored.seq());
    }
  }

  private Written flush() throws IOException {
    Objects.requireNonNull(out).flush();
    return new Written(
        nextSeq,
        Objects.requireNonNull(out).bytes(),
        Objects.requireNonNull(held).flush(),
        entries);
  }

  /** Has what there is made durable now and then, beside what is written meanwhile. */
  private void keepBeside() throws IOException {
    if (forcing.isOver()) {
      kept();
    }
    if (!forcing.isBegun() && System.nanoTime() - durableNanos > DURABLE_EVERY.toNanos()) {
      durable = flush();
      ExportOutput output = Objects.requireNonNull(out);
      HeldSeqs list = Objects.requireNonNull(held);
      forcing.begin(
          () -> {
            output.force();
            list.force();
          });
    }
  }

  /** Waits for what is made durable, and records it where the format can go on from there. */
  private void kept() throws IOException {
    if (forcing.isBegun()) {
      forcing.await();
      record(durable);
      durableNanos = System.nanoTime();
    }
  }

  private void record(Written written) {
    if (ExportFiles.isResumable(job.order().format())) {
      store
          .change(job.tenant(), job.id(), known -> known.with(of(known.progress(), written)))
          .ifPresent(known -> job = known);
    }
  }

  private static ExportJob.Progress of(ExportJob.Progress progress, Written written) {
    return progress.written(
        written.nextSeq(), written.bytes(), written.heldBytes(), written.entries());
  }

  private void show() {
    ExportJob.Progress known =
        store.find(job.tenant(), job.id()).map(ExportJob::progress).orElse(seen);
    seen = of(known, new Written(nextSeq, Objects.requireNonNull(out).bytes(), 0, entries));
  }

  /** Progress that need not be durable. Any thread. */
  ExportJob.Progress seen() {
    return seen;
  }

  /** Under the lock to its end: no deletion comes between the file and the record of it. */
  private End end(ExportRights.Allowed maker) throws IOException {
    kept();
    ExportJob.Progress lost = known().progress();
    ExportJob.Counts counts = new ExportJob.Counts(entries, lost.purged(), lost.erased());
    Objects.requireNonNull(file)
        .end(new FileTotals(counts.entries(), counts.purged(), counts.erased()));
    Objects.requireNonNull(file).close();
    Written written = flush();
    Objects.requireNonNull(out).force();
    Objects.requireNonNull(held).force();
    Instant now = sources.clock().instant();
    ExportJob.FileOf complete =
        new ExportJob.FileOf(
            ExportFiles.name(job),
            written.bytes(),
            Objects.requireNonNull(out).sha256(),
            now.plus(terms.keep()));
    ExportJob known = known();
    if (job.order().pack() != null && known.state().isUnderWay()) {
      new ExportEntries(sources)
          .packed(known.with(of(known.progress(), written)).done(complete, counts, now), maker);
    }
    Optional<ExportJob> done =
        store.change(
            job.tenant(),
            job.id(),
            latest ->
                latest.state().isUnderWay()
                    ? latest.with(of(latest.progress(), written)).done(complete, counts, now)
                    : latest);
    ended = true;
    return done.<End>map(End.Done::new).orElseGet(End.Canceled::new);
  }

  private long writtenBytes() {
    long spooled = file instanceof PackFile pack ? pack.spooledBytes() : 0;
    return Objects.requireNonNull(out).bytes() + spooled;
  }

  /** Makes what there is durable and closes the files; the next start goes on. */
  void pause() throws IOException {
    lock.lock();
    try {
      if (!ended && out != null) {
        kept();
        Written written = flush();
        Objects.requireNonNull(out).force();
        Objects.requireNonNull(held).force();
        record(written);
      }
    } finally {
      close();
      lock.unlock();
    }
  }

  /** Closes the files as they are. */
  void close() throws IOException {
    lock.lock();
    try {
      Closeable[] open =
          Stream.of(file, held, out).filter(Objects::nonNull).toArray(Closeable[]::new);
      out = null;
      held = null;
      file = null;
      try {
        forcing.await();
      } finally {
        closeAll(open);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Closes each of them, although one may fail. */
  private static void closeAll(Closeable[] open) throws IOException {
    IOException failure = null;
    for (Closeable one : open) {
      try {
        one.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Counts what the query finds among entries that are about to be deleted. */
  void announced(Copies.Deleted deleted) throws IOException {
    lock.lock();
    try {
      Optional<ExportJob> known = store.find(job.tenant(), job.id());
      if (!ended && known.isPresent()) {
        LostEntries.count(known.get(), deleted, store, sources);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Begins the file anew when it holds what is gone. */
  void gone(Copies.Deleted deleted) throws IOException {
    lock.lock();
    try {
      if (ended || !isTouched(job, nextSeq, deleted)) {
        return;
      }
      boolean isOpen = out != null;
      job = beginAnew(job, store, this::close);
      nextSeq = job.progress().nextSeq();
      if (isOpen) {
        begin();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether a file may hold what is gone.
   *
   * @param nextSeq behind the last entry that may be in it
   */
  static boolean isTouched(ExportJob job, long nextSeq, Copies.Deleted deleted) {
    return (deleted.purge() || job.hasPersonal())
        && deleted.entries().ranges().stream()
            .anyMatch(range -> range[0] < nextSeq && range[1] > job.position().fromSeq());
  }

  /**
   * Deletes a file that is not complete; it is begun anew.
   *
   * @param closing closes it
   */
  static ExportJob beginAnew(ExportJob job, ExportStore store, Forcing.Action closing)
      throws IOException {
    // First the record: after a crash nobody goes on with a file that is cut.
    Optional<ExportJob> anew =
        store.change(
            job.tenant(),
            job.id(),
            known -> known.with(known.progress().again(known.position().fromSeq())));
    closing.run();
    Files.deleteIfExists(store.file(job));
    Files.deleteIfExists(store.held(job));
    return anew.or(() -> store.find(job.tenant(), job.id())).orElse(job);
  }
}
