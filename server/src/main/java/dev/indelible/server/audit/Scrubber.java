package dev.indelible.server.audit;

import dev.indelible.server.blob.BlobStore;
import dev.indelible.server.journal.Journal;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.proof.TenantLogs;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads everything that is stored again and again while the server runs, slowly, and says so when
 * it does not hold: in the program's log, in the metrics, in the answer of {@code /health/ready},
 * and by an entry {@value VerificationAlarm#ACTION} in the log of the tenant whose it is.
 *
 * <p>It repairs nothing and stops nothing: the log goes on recording, so that what is done next is
 * on record as well. Thread-safe.
 */
public final class Scrubber implements AutoCloseable {

  /** Violations that are remembered of a pass; further ones are counted. */
  static final int MAX_VIOLATIONS = 1_000;

  /** The first pass begins this long after the start at the latest. */
  static final Duration FIRST_AFTER = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);

  /** A journal, and what people call it. */
  public record NamedJournal(String name, Journal journal) {}

  /**
   * What is read.
   *
   * @param log the entries
   * @param logs what was signed of them
   * @param blobs runs and states
   * @param states the folder of the states
   * @param journals all journals
   * @param heads that of heads among them
   */
  public record Sources(
      EventLog log,
      TenantLogs logs,
      BlobStore blobs,
      Path states,
      List<NamedJournal> journals,
      Journal heads) {

    public Sources {
      journals = List.copyOf(journals);
    }
  }

  /**
   * How much it does.
   *
   * @param bytesPerSecond how fast it reads; 0 does not read at all
   * @param every how long after the beginning of a pass the next one begins
   */
  public record Effort(long bytesPerSecond, Duration every) {}

  private final Sources sources;
  private final Effort effort;
  private final VerificationAlarm alarm;
  private final InstantSource clock;
  private final Pace pace;
  private final Thread thread;
  private final AtomicLong passes = new AtomicLong();
  private volatile Set<Violation> standing = Set.of();
  private volatile long furtherViolations;
  private volatile long lastPassMillis;
  private volatile double progress;

  /**
   * A scrubber that has not started.
   *
   * @param alarm tells tenants of violations
   */
  public Scrubber(Sources sources, Effort effort, VerificationAlarm alarm, InstantSource clock) {
    this.sources = sources;
    this.effort = effort;
    this.alarm = alarm;
    this.clock = clock;
    this.pace = new Pace(Math.max(1, effort.bytesPerSecond()));
    this.thread = Thread.ofPlatform().name("scrubber").daemon(true).unstarted(this::run);
  }

  /** Starts to read, unless it is told not to. */
  public void start() {
    if (effort.bytesPerSecond() > 0) {
      thread.start();
    }
  }

  private void run() {
    try {
      pace.rest(least(FIRST_AFTER, effort.every()).toNanos());
      while (true) {
        long begun = System.nanoTime();
        pass();
        pace.rest(Math.max(0, effort.every().toNanos() - (System.nanoTime() - begun)));
      }
    } catch (Pace.StoppedException e) {
      LOG.debug("the scrubber stops");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("the scrubber has stopped; restart the server to have it read again", e);
    }
  }

  private static Duration least(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private void pass() throws InterruptedException {
    progress = 0;
    Set<Violation> found = new LinkedHashSet<>();
    long[] further = {0};
    new ScrubPass(
            sources,
            pace,
            violation -> {
              if (found.size() < MAX_VIOLATIONS) {
                if (found.add(violation)) {
                  tell(violation);
                }
              } else if (!found.contains(violation)) {
                further[0]++;
              }
            },
            done -> progress = done)
        .run();
    standing = Set.copyOf(found);
    furtherViolations = further[0];
    alarm.forget(found);
    passes.incrementAndGet();
    lastPassMillis = clock.millis();
    LOG.debug("everything was read and verified; {} violations", found.size() + further[0]);
  }

  private void tell(Violation violation) {
    boolean known = standing.contains(violation);
    if (!known) {
      Set<Violation> more = new LinkedHashSet<>(standing);
      more.add(violation);
      standing = Set.copyOf(more);
    }
    alarm.raise(violation, !known);
  }

  /** That something does not hold, for anybody to read, or null when everything does. */
  public @Nullable String warning() {
    long violations = statistics().violations();
    return violations == 0
        ? null
        : "What is stored was verified and does not hold (findings: %,d); see the server's log."
            .formatted(violations);
  }

  /** Figures for metrics. */
  public Statistics statistics() {
    return new Statistics(
        passes.get(), lastPassMillis, progress, pace.bytes(), standing.size() + furtherViolations);
  }

  /**
   * Figures of the scrubber.
   *
   * @param passes how often everything was read since the start
   * @param lastPassMillis when everything had been read for the last time, in milliseconds since
   *     the epoch; 0 when it was not since the start
   * @param progress how much of the present pass is done, from 0 to 1
   * @param bytes how much was read since the start
   * @param violations what does not hold, as far as it was read in the last pass and this one
   */
  public record Statistics(
      long passes, long lastPassMillis, double progress, long bytes, long violations) {}

  /** Stops reading. */
  @Override
  public void close() {
    pace.stop();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
