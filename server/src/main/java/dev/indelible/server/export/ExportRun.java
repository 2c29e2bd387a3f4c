package dev.indelible.server.export;

import dev.indelible.server.event.Entry;
import dev.indelible.server.evidence.pack.PackFile;
import dev.indelible.server.index.QueryStoppedException;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.FilterEvaluator;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.retention.Copies;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.search.Found;
import dev.indelible.server.search.Search;
import dev.indelible.server.share.Asker;
import dev.indelible.server.share.ReadPool;
import dev.indelible.server.takeout.file.EntryFile;
import dev.indelible.server.takeout.file.FileTotals;
import dev.indelible.server.takeout.file.NdjsonFile;
import dev.indelible.server.takeout.file.TakenEntry;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
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

  /** Time after which what is written is made durable. */
  static final Duration DURABLE_EVERY = Duration.ofSeconds(3);

  private final ExportStore store;
  private final ExportSources sources;
  private final ExportJobs.Terms terms;
  private final ReentrantLock lock = new ReentrantLock();

  // The rest is guarded by the lock.
  private ExportJob job;
  private FilterEvaluator filter = new FilterEvaluator(Filter.all());
  private Filter asked = Filter.all();
  private @Nullable TenantScope scope;
  private boolean isEverything;
  private boolean asksIndex;
  private boolean isWithholding;
  private @Nullable ExportOutput out;
  private @Nullable HeldSeqs held;
  private @Nullable EntryFile file;
  private long nextSeq;
  private long entries;
  private long durableNanos;
  private final Map<String, long[]> lost = new HashMap<>(); // purged and erased, by their record
  private boolean ended;
  private volatile boolean canceled;
  private volatile ExportJob.Progress seen;

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
      if (!ExportFiles.isResumable(job.order().format())) {
        job = job.with(ExportJob.Progress.at(job.position().fromSeq()));
      }
      store.makeFolder(job);
      begin();
    } finally {
      lock.unlock();
    }
  }

  private void begin() throws IOException {
    ExportJob.Progress progress = job.progress();
    out = ExportOutput.open(store.file(job), progress.bytes());
    held = HeldSeqs.open(store.held(job), progress.heldBytes());
    nextSeq = progress.nextSeq();
    entries = progress.entries();
    lost.put("", new long[] {progress.purged(), progress.erased()});
    durableNanos = System.nanoTime();
    file = null;
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
        meaning(allowed.get().scope());
        file =
            ExportFiles.open(
                job, allowed.get(), sources, Objects.requireNonNull(out), store.folder(job));
      }
      if (nextSeq < job.position().toSeq()) {
        chunk();
        show();
      }
      if (writtenBytes() + store.fileBytes() > terms.maxBytes()) {
        return Optional.of(
            new End.Failed(
                new ExportJob.Problem(
                    "exports_full",
                    "The files of exports together are as large as the setting"
                        + " exports.max_bytes allows; delete some.")));
      }
      if (nextSeq >= job.position().toSeq()) {
        return Optional.of(end(allowed.get()));
      }
      if (System.nanoTime() - durableNanos > DURABLE_EVERY.toNanos()) {
        keep();
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void meaning(TenantScope now) {
    ExportOrder order = job.order();
    ExportJob.Position at = job.position();
    scope = now;
    asked =
        sources
            .search()
            .filter(
                now,
                new Search.Question(order.filter(), order.from(), order.to(), order.zone()),
                at.asOf());
    Filter whole = now.restrict(asked);
    isEverything = whole.equals(Filter.all());
    asksIndex = !isEverything && at.estimate() * FEW < at.toSeq() - at.fromSeq();
    isWithholding = !job.hasPersonal();
    filter = new FilterEvaluator(whole);
  }

  private void chunk() throws IOException {
    long from = nextSeq;
    long to = Math.min(job.position().toSeq(), from + CHUNK);
    long mostBytes = Objects.requireNonNull(out).bytes() + CHUNK_BYTES;
    nextSeq =
        sources
            .reads()
            .read(
                new Asker(job.tenant().value(), "export:" + job.id()),
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
    Search.Seqs found =
        sources.search().seqs(Objects.requireNonNull(scope), asked, from - 1, FOUND_AT_ONCE);
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

  @SuppressWarnings("ReferenceEquality") // the entry itself, unless somebody is shown otherwise
  private void take(StoredEntry stored) throws IOException {
    if (stored.body() instanceof StoredEntry.Purged) {
      return;
    }
    EntryFile into = Objects.requireNonNull(file);
    if (isEverything && into instanceof NdjsonFile parts) {
      parts.add(stored);
    } else {
      Optional<Found> found = sources.reader().find(stored, !isWithholding);
      if (found.isEmpty() || !(isEverything || filter.matches(found.get().stored()))) {
        return;
      }
      Found taken = found.get();
      Entry shown = sources.entries().shown(taken);
      Found visible =
          shown == taken.shown() ? taken : new Found(shown, taken.stored(), taken.personal());
      into.add(new TakenEntry(stored, visible, sources.entries().holdNames(taken)));
    }
    entries++;
    Objects.requireNonNull(held).add(stored.seq());
  }

  /** Makes everything so far durable, where the format can go on from there. */
  private void keep() throws IOException {
    if (ExportFiles.isResumable(job.order().format())) {
      long bytes = Objects.requireNonNull(out).force();
      long heldBytes = Objects.requireNonNull(held).force();
      ExportJob.Progress progress =
          new ExportJob.Progress(nextSeq, bytes, heldBytes, entries, lost(0), lost(1));
      job = job.with(progress);
      store.change(job.tenant(), job.id(), known -> known.with(progress));
    }
    durableNanos = System.nanoTime();
  }

  private long lost(int which) {
    return lost.values().stream().mapToLong(counts -> counts[which]).sum();
  }

  private void show() {
    seen =
        new ExportJob.Progress(
            nextSeq, Objects.requireNonNull(out).bytes(), 0, entries, lost(0), lost(1));
  }

  /** Progress that need not be durable. Any thread. */
  ExportJob.Progress seen() {
    return seen;
  }

  /** Under the lock to its end: no deletion comes between the file and the record of it. */
  private End end(ExportRights.Allowed maker) throws IOException {
    ExportJob.Counts counts = new ExportJob.Counts(entries, lost(0), lost(1));
    Objects.requireNonNull(file)
        .end(new FileTotals(counts.entries(), counts.purged(), counts.erased()));
    Objects.requireNonNull(file).close();
    long bytes = Objects.requireNonNull(out).force();
    long heldBytes = Objects.requireNonNull(held).force();
    Instant now = sources.clock().instant();
    ExportJob.FileOf complete =
        new ExportJob.FileOf(
            ExportFiles.name(job), bytes, FileHash.sha256(store.file(job)), now.plus(terms.keep()));
    ExportJob.Progress progress =
        new ExportJob.Progress(
            nextSeq, bytes, heldBytes, entries, counts.purged(), counts.erased());
    if (job.order().pack() != null) {
      new ExportEntries(sources).packed(job.with(progress).done(complete, counts, now), maker);
    }
    job =
        store
            .change(
                job.tenant(), job.id(), known -> known.with(progress).done(complete, counts, now))
            .orElseThrow(() -> new IOException("export " + job.id() + " was removed"));
    ended = true;
    return new End.Done(job);
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
        keep();
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
      closeAll(open);
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
      Optional<ExportRights.Allowed> allowed = sources.rights().now(job.order());
      if (ended || allowed.isEmpty() || lost.containsKey(deleted.record())) {
        return;
      }
      meaning(allowed.get().scope());
      lost.put(deleted.record(), new long[] {0, 0});
      long[] counts = {0};
      for (long[] range : deleted.entries().ranges()) {
        count(range, deleted.purge(), counts);
      }
      lost.put(
          deleted.record(),
          deleted.purge() ? new long[] {counts[0], 0} : new long[] {0, counts[0]});
    } finally {
      lock.unlock();
    }
  }

  private void count(long[] range, boolean purge, long[] counts) throws IOException {
    long from = Math.max(range[0], job.position().fromSeq());
    long to = Math.min(range[1], job.position().toSeq());
    if (from >= to || (!purge && isWithholding)) {
      return;
    }
    sources
        .log()
        .forEach(
            job.tenant(),
            from,
            to,
            stored -> {
              boolean is =
                  purge
                      ? !(stored.body() instanceof StoredEntry.Purged)
                      : stored.body() instanceof StoredEntry.Whole(var parts)
                          && parts.personal() != null;
              if (is
                  && (isEverything
                      || sources.reader().read(stored).filter(filter::matches).isPresent())) {
                counts[0]++;
              }
              return true;
            });
  }

  /** Begins the file anew when it holds what is gone. */
  void gone(Copies.Deleted deleted) throws IOException {
    lock.lock();
    try {
      if (ended || out == null || (!deleted.purge() && !job.hasPersonal())) {
        return;
      }
      boolean isTouched =
          deleted.entries().ranges().stream()
              .anyMatch(range -> range[0] < nextSeq && range[1] > job.position().fromSeq());
      if (!isTouched) {
        return;
      }
      ExportJob.Progress anew =
          new ExportJob.Progress(job.position().fromSeq(), 0, 0, 0, lost(0), lost(1));
      job = job.with(anew);
      // First the record: after a crash nobody goes on with a file that is cut.
      store.change(job.tenant(), job.id(), known -> known.with(anew));
      close();
      Files.deleteIfExists(store.file(job));
      Files.deleteIfExists(store.held(job));
      store.makeFolder(job);
      lost.clear();
      begin();
      lost.put(deleted.record(), new long[] {0, 0});
    } finally {
      lock.unlock();
    }
  }
}
