package dev.indelible.server.audit;

import dev.indelible.server.blob.BlobStore;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.Journal;
import dev.indelible.server.journal.Position;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.proof.Head;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.run.EntryCursor;
import dev.indelible.server.run.RunCache;
import dev.indelible.server.run.RunException;
import dev.indelible.server.run.RunInspector;
import dev.indelible.server.run.RunReader;
import dev.indelible.server.run.Slice;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.verify.Hash;
import dev.indelible.verify.TreeFrontier;
import dev.indelible.verify.TreeHasher;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads everything that the running server holds again and again, at a bounded rate, and checks it:
 * every byte of every run from the disk, every entry against its leaf, every tree against what was
 * signed of it, every batch of the journals. What does not hold is told to {@link Alarm}.
 *
 * <p>It changes nothing and stops nothing. The index is not looked at: it is not the authority.
 * Thread-safe.
 */
public final class Scrubber implements AutoCloseable {

  /** How long after the start the first pass begins. */
  static final Duration FIRST = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);
  private static final int HASHES_AT_ONCE = 4_096;
  private static final int ENTRY_OVERHEAD_BYTES = 100;

  /** The most violations that one pass tells: a broken disk has as many as it has bytes. */
  static final int MAX_TOLD = 1_000;

  /** Is told of what does not hold. */
  @FunctionalInterface
  public interface Alarm {
    /**
     * Tells it.
     *
     * @param tenant whose log, or null when no single one is affected
     * @param sentence what does not hold, for people; the same in every pass
     */
    void raise(@Nullable TenantId tenant, String sentence);
  }

  /**
   * What is read.
   *
   * @param log the log
   * @param logs what was signed
   * @param blobs where the runs are
   * @param journals by name
   */
  public record Sources(
      EventLog log, TenantLogs logs, BlobStore blobs, Map<String, Journal> journals) {
    public Sources {
      journals = Map.copyOf(journals);
    }
  }

  /**
   * How often and how fast.
   *
   * @param every from the beginning of a pass to that of the next
   * @param bytesPerSecond the most bytes that are read in a second
   */
  public record Pace(Duration every, long bytesPerSecond) {}

  private final Sources sources;
  private final Alarm alarm;
  private final Pace pace;
  private final InstantSource clock;
  private final Throttle throttle;
  private final AtomicLong passes = new AtomicLong();
  private final Set<String> told = new LinkedHashSet<>(); // of this pass; the thread's
  private volatile long violations;
  private volatile @Nullable Instant lastPass;
  private volatile boolean stopping;
  private @Nullable Thread thread;

  /** A scrubber that has not begun. */
  public Scrubber(Sources sources, Alarm alarm, Pace pace, InstantSource clock) {
    this.sources = sources;
    this.alarm = alarm;
    this.pace = pace;
    this.clock = clock;
    this.throttle = new Throttle(pace.bytesPerSecond());
  }

  /** Begins, after a while, so that a start is not slowed down. */
  public void start() {
    thread = Thread.ofPlatform().name("scrubber").daemon().start(this::run);
  }

  private void run() {
    try {
      throttle.await(Math.min(FIRST.toNanos(), pace.every().toNanos()));
      while (!stopping) {
        long begun = System.nanoTime();
        pass();
        throttle.await(Math.max(1, pace.every().toNanos() - (System.nanoTime() - begun)));
      }
    } catch (Throttle.StoppedException _) {
      // as it was told
    } catch (RuntimeException e) {
      LOG.error("the scrubber has ended; nothing is checked again before a restart", e);
    }
  }

  /** One pass over everything. */
  void pass() {
    told.clear();
    for (String run : sources.log().runNames()) {
      checkRun(run);
    }
    for (TenantId tenant : sources.logs().published()) {
      checkTree(tenant);
    }
    sources.journals().forEach(this::checkJournal);
    violations = told.size();
    lastPass = clock.instant();
    passes.incrementAndGet();
    if (told.isEmpty()) {
      LOG.debug("everything that is stored was read and holds");
    } else {
      LOG.error("{} things that are stored do not hold; see the errors before", told.size());
    }
  }

  /** Told once in a pass, however often it is seen. */
  private void tell(@Nullable TenantId tenant, String sentence) {
    if (told.size() < MAX_TOLD && told.add(tenant + " " + sentence)) {
      LOG.error("{}: {}", tenant == null ? "the data directory" : tenant, sentence);
      alarm.raise(tenant, sentence);
    }
  }

  private void checkRun(String name) {
    // Opened anew, with a cache of its own: what counts is what is on the disk now.
    try (RunCache cache = new RunCache(0);
        RunReader run = RunReader.open(sources.blobs(), name, cache)) {
      try {
        run.verify(new Inspector(name));
      } catch (RunException e) {
        tell(null, "run " + name + " is damaged: " + e.getMessage());
        tellAffected(run);
      }
    } catch (NoSuchFileException e) {
      if (sources.log().runNames().contains(name)) {
        tell(null, "run " + name + " is missing");
      }
    } catch (IOException e) {
      if (sources.log().runNames().contains(name)) {
        tell(null, "run " + name + " cannot be read: " + e.getMessage());
      }
    }
  }

  /** Whose entries of a damaged run cannot be read. */
  private void tellAffected(RunReader run) {
    try {
      RunReader.SliceCursor slices = run.slices();
      Slice slice;
      while ((slice = slices.next()) != null) {
        try {
          EntryCursor entries = run.entries(slice, slice.firstSeq(), slice.endSeq());
          StoredEntry entry;
          while ((entry = entries.next()) != null) {
            throttle.spend(bytes(entry));
          }
        } catch (RunException e) {
          tell(slice.tenant(), "entries of " + slice + " cannot be read: " + e.getMessage());
        }
      }
    } catch (IOException e) {
      LOG.error("whose entries are affected cannot be told", e);
    }
  }

  private void checkTree(TenantId tenant) {
    Head head = sources.logs().head(tenant);
    try {
      TreeFrontier frontier = TreeFrontier.empty();
      TreeHasher hasher = new TreeHasher();
      for (long at = 0; at < head.size(); at += HASHES_AT_ONCE) {
        List<Hash> hashes =
            sources.log().leafHashes(tenant, at, Math.min(head.size(), at + HASHES_AT_ONCE));
        for (Hash hash : hashes) {
          int _ = frontier.append(hash, hasher);
        }
        throttle.spend((long) hashes.size() * Hash.BYTES);
      }
      if (!frontier.root(hasher).equals(head.root())) {
        tell(
            tenant,
            "The leaf hashes that are stored of the first %d entries do not lead to the root that was signed."
                .formatted(head.size()));
      }
    } catch (IOException e) {
      tell(tenant, "The leaf hashes cannot be read: " + e.getMessage());
    }
  }

  private void checkJournal(String name, Journal journal) {
    Position end = journal.end();
    Position from = journal.begin();
    try (Journal.Cursor cursor = journal.read(from)) {
      Journal.Batch batch;
      while (from.compareTo(end) < 0 && (batch = cursor.next(Duration.ZERO)) != null) {
        throttle.spend(batch.payload().length);
        from = batch.next();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Throttle.StoppedException();
    } catch (IOException e) {
      if (journal.begin().compareTo(from) <= 0) {
        tell(null, "The " + name + " journal cannot be read: " + e.getMessage());
      }
      // Else it was cut meanwhile: what was there is in runs.
    }
  }

  private static long bytes(StoredEntry entry) {
    return (long) ENTRY_OVERHEAD_BYTES + EntryLeaves.storedBytes(entry);
  }

  /**
   * Checks every entry against its leaf, and the leaf against the one that the log works with: a
   * file that was put in the place of a run may agree with itself.
   */
  private final class Inspector implements RunInspector {
    private final String run;
    private final EntryLeaves leaves = new EntryLeaves();
    private @Nullable TenantId tenant;
    private long knownFrom;
    private List<Hash> known = List.of();

    Inspector(String run) {
      this.run = run;
    }

    @Override
    public Hash leafHash(TenantId owner, StoredEntry entry) {
      throttle.spend(bytes(entry));
      Hash computed = leaves.hash(entry);
      Hash expected = known(owner, entry.seq());
      if (expected != null && !expected.equals(computed)) {
        tell(
            owner,
            "Entry %d, as it is in %s on the disk now, is not the one that was recorded."
                .formatted(entry.seq(), run));
      }
      return computed;
    }

    private @Nullable Hash known(TenantId owner, long seq) {
      if (!owner.equals(tenant) || seq < knownFrom || seq >= knownFrom + known.size()) {
        tenant = owner;
        knownFrom = seq;
        try {
          long end = Math.min(sources.log().size(owner), seq + HASHES_AT_ONCE);
          known = seq < end ? sources.log().leafHashes(owner, seq, end) : List.of();
        } catch (IOException e) {
          known = List.of(); // the check of the tree tells it
        }
      }
      return known.isEmpty() ? null : known.get(Math.toIntExact(seq - knownFrom));
    }

    @Override
    public void altered(TenantId tenant, StoredEntry entry, Hash stored, Hash computed) {
      tell(tenant, "Entry %d was altered after it was recorded.".formatted(entry.seq()));
    }
  }

  /** Figures for metrics. */
  public Statistics statistics() {
    return new Statistics(
        passes.get(), throttle.totalBytes(), violations, Optional.ofNullable(lastPass));
  }

  /**
   * Figures of the scrubber.
   *
   * @param passes passes over everything since the start
   * @param bytes bytes of entries read since the start
   * @param violations what did not hold in the last pass
   * @param lastPass when the last pass ended
   */
  public record Statistics(long passes, long bytes, long violations, Optional<Instant> lastPass) {}

  @Override
  public void close() {
    stopping = true;
    throttle.stop();
    Thread running = thread;
    if (running != null) {
      try {
        running.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
