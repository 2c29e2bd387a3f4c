package dev.indelible.server.audit;

import dev.indelible.server.blob.BlobStore;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.Journal;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.retention.EntryRecorder;
import dev.indelible.verify.Leaf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads everything that is stored again and again while the server runs, slowly, and says so when
 * it does not hold: in the program's log, in the metrics, in the answer of {@code /health/ready},
 * and by an entry {@value #ACTION} in the log of the tenant whose it is.
 *
 * <p>It repairs nothing and stops nothing: the log goes on recording, so that what is done next is
 * on record as well. Thread-safe.
 */
public final class Scrubber implements AutoCloseable {

  /** The action of the entry that says that a log no longer holds. */
  public static final String ACTION = "audit.log.verification_failed";

  /** Violations that are remembered of a pass; further ones are counted. */
  static final int MAX_VIOLATIONS = 1_000;

  /** Entries that tell one tenant of violations, from start to start; the program's log has all. */
  static final int MAX_ALERTS = 10;

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
  private final EntryRecorder recorder;
  private final InstantSource clock;
  private final Pace pace;
  private final Thread thread;
  private final AtomicLong passes = new AtomicLong();
  private final Set<Violation> alerted = new HashSet<>(); // the thread's
  private final Map<TenantId, Integer> alerts = new HashMap<>(); // the thread's
  private volatile Set<Violation> standing = Set.of();
  private volatile long furtherViolations;
  private volatile long lastPassMillis;
  private volatile double progress;

  /**
   * A scrubber that has not started.
   *
   * @param recorder takes the entries that tell of violations
   */
  public Scrubber(Sources sources, Effort effort, EntryRecorder recorder, InstantSource clock) {
    this.sources = sources;
    this.effort = effort;
    this.recorder = recorder;
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
    alerted.retainAll(found);
    passes.incrementAndGet();
    lastPassMillis = clock.millis();
    LOG.debug("everything was read and verified; {} violations", found.size() + further[0]);
  }

  private void tell(Violation violation) {
    if (!standing.contains(violation)) {
      LOG.error("VERIFICATION FAILED: {}", violation.line());
      Set<Violation> more = new LinkedHashSet<>(standing);
      more.add(violation);
      standing = Set.copyOf(more);
    }
    TenantId tenant = violation.tenant();
    if (tenant == null
        || alerted.contains(violation)
        || alerts.getOrDefault(tenant, 0) >= MAX_ALERTS) {
      return;
    }
    try {
      long seq = recorder.recordDurably(event(tenant, violation));
      LOG.info("entry {} of tenant {} tells of it", seq, tenant);
      alerted.add(violation);
      alerts.merge(tenant, 1, Integer::sum);
    } catch (IOException e) {
      LOG.warn("no entry of tenant {} tells of it yet: {}", tenant, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Pace.StoppedException();
    }
  }

  /** Its id follows from what was found, so that a later pass does not say it again. */
  private static Event event(TenantId tenant, Violation violation) {
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    details.put("finding", violation.code());
    details.put("detail", violation.sentence());
    String digest =
        Leaf.digest(new byte[Leaf.SALT_BYTES], violation.line().getBytes(StandardCharsets.UTF_8))
            .toString();
    return new Event(
        "verification-failed-" + digest,
        tenant,
        null,
        null,
        ACTION,
        new Event.Actor(Event.ActorType.SYSTEM, null, null, null, List.of(), List.of(), null),
        List.of(),
        Event.Outcome.FAILURE,
        violation.code(),
        List.of(),
        null,
        Event.Context.NONE,
        details);
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
