package dev.indelible.server.audit;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.ports.journal.Journal;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.thread.OwnThread;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads everything that the running server holds again and again, at a bounded rate, and checks it:
 * every byte of every run from the disk, every entry against its leaf, every tree against what was
 * signed of it, every state, every batch of the journals, every file of the search index ({@link
 * ScrubPass}). What does not hold is told to {@link Alarm}.
 *
 * <p>It changes nothing and stops nothing. Thread-safe.
 */
public final class Scrubber implements AutoCloseable {

  /** Time from the start to the first pass. */
  static final Duration FIRST = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);

  /** The most violations that one pass tells: a broken disk has as many as it has bytes. */
  static final int MAX_TOLD = 1_000;

  /** Listener of violations. */
  @FunctionalInterface
  public interface Alarm {
    /**
     * Tells it.
     *
     * @param tenant the tenant of the log, or null when no single one is affected
     * @param sentence the violation, for people; the same in every pass
     */
    void raise(@Nullable TenantId tenant, String sentence);
  }

  /** Reads the search index's files. */
  @FunctionalInterface
  public interface IndexCheck {
    /**
     * Reads all of them.
     *
     * @param read is told how many bytes were read, every so often, and waits
     * @throws IOException when one is damaged
     */
    void read(LongConsumer read) throws IOException;
  }

  /**
   * Sources that are read.
   *
   * @param log the log
   * @param logs the signed logs
   * @param blobs runs and states
   * @param states the folder of the states
   * @param journals by name
   * @param index reads the search index's files
   * @param busy whether more comes than the server keeps up with: then it is read more slowly
   */
  public record Sources(
      EventLog log,
      TenantLogs logs,
      BlobStore blobs,
      Path states,
      Map<String, Journal> journals,
      IndexCheck index,
      BooleanSupplier busy) {

    /** The journal of what was signed. */
    static final String HEADS = "heads";

    public Sources {
      journals = Map.copyOf(journals);
    }
  }

  /**
   * Frequency and speed of passes.
   *
   * @param every from the beginning of a pass to that of the next; zero for no pass at all
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
  private volatile long violations; // so far, or in the last pass, whichever is more
  private volatile double progress;
  private volatile @Nullable Instant lastPass;
  private final OwnThread thread = new OwnThread("scrubber", this::run);

  /** A scrubber that has not begun. */
  public Scrubber(Sources sources, Alarm alarm, Pace pace, InstantSource clock) {
    this.sources = sources;
    this.alarm = alarm;
    this.pace = pace;
    this.clock = clock;
    this.throttle = new Throttle(pace.bytesPerSecond(), sources.busy());
  }

  /** Begins, after a while, so that a start is not slowed down. */
  public void start() {
    if (pace.every().isZero()) {
      return;
    }
    thread.start();
  }

  private void run(OwnThread self) {
    try {
      throttle.await(Math.min(FIRST.toNanos(), pace.every().toNanos()));
      while (!self.isStopping()) {
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
    progress = 0;
    new ScrubPass(sources, throttle, this::tell, done -> progress = done).run();
    violations = told.size();
    lastPass = clock.instant();
    passes.incrementAndGet();
    if (told.isEmpty()) {
      LOG.debug("everything that is stored was read and holds");
    } else {
      LOG.error("{} things that are stored do not hold; see the errors before", told.size());
    }
  }

  /** Reports a violation once in a pass, however often it is seen. */
  private void tell(@Nullable TenantId tenant, String sentence) {
    if (told.size() < MAX_TOLD && told.add(tenant + " " + sentence)) {
      LOG.error("{}: {}", tenant == null ? "the data directory" : tenant, sentence);
      violations = Math.max(violations, told.size());
      alarm.raise(tenant, sentence);
    }
  }

  /** Warning for anybody to read that something does not hold, or null when everything does. */
  public @Nullable String warning() {
    long known = violations;
    return known == 0
        ? null
        : "What is stored was checked and does not hold (findings: %,d); see the server's log."
            .formatted(known);
  }

  /** Figures for metrics. */
  public Statistics statistics() {
    return new Statistics(
        passes.get(), throttle.totalBytes(), violations, progress, Optional.ofNullable(lastPass));
  }

  /**
   * Figures of the scrubber.
   *
   * @param passes passes over everything since the start
   * @param bytes bytes of entries read since the start
   * @param violations the violations of the last pass, or of this one, whichever are more
   * @param progress how much of this pass is done, from 0 to 1
   * @param lastPass when the last pass ended
   */
  public record Statistics(
      long passes, long bytes, long violations, double progress, Optional<Instant> lastPass) {}

  @Override
  public void close() {
    thread.askToStop();
    throttle.stop();
    thread.join();
  }
}
