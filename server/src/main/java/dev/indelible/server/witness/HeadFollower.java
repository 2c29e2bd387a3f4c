package dev.indelible.server.witness;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.proof.PendingTenants;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.server.thread.OwnThread;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does something with every log's newest checkpoint, one log after the other, in the order in which
 * they began to wait; again and again while it fails, ever more slowly. What a log showed in
 * between is left out. One thread.
 */
abstract class HeadFollower implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HeadFollower.class);

  /** How soon a log is looked at that has a new checkpoint, where that is to be soon. */
  static final long SOON_MILLIS = 100;

  /** A round ends after so many failures in a row: nobody may be there. */
  private static final int MAX_FAILURES = 3;

  private static final long FIRST_REST_MILLIS = 200;
  private static final long PART_REST_MILLIS = 5_000;
  private static final long MAX_REST_MILLIS = 60_000;

  final TenantLogs logs;
  private final String name;
  private final long roundMillis;
  private final PendingTenants pending = new PendingTenants();
  private final OwnThread thread;
  private volatile boolean failing;
  private volatile long failingSinceNanos;

  /**
   * A follower that has not started.
   *
   * @param roundMillis how long it rests between two looks at which logs have a new checkpoint
   */
  HeadFollower(TenantLogs logs, String name, long roundMillis) {
    this.logs = logs;
    this.name = name;
    this.roundMillis = roundMillis;
    this.thread = new OwnThread(name, this::run);
  }

  /** Does it for one log; a log that is done already is no work. */
  abstract void follow(TenantId tenant) throws IOException, InterruptedException;

  /** There is more to do for that log, after the others. */
  final void again(TenantId tenant) {
    pending.add(tenant);
  }

  /** Begins with every log. */
  void start() {
    logs.follow(pending::add);
    logs.published().forEach(pending::add);
    thread.start();
  }

  /** How long the log that waits longest has waited, in nanoseconds. */
  long lagNanos() {
    return failing ? System.nanoTime() - failingSinceNanos : pending.oldestNanos();
  }

  /** Whether the last attempt failed. */
  boolean isFailing() {
    return failing;
  }

  private void run(OwnThread self) throws InterruptedException {
    long failedRestMillis = FIRST_REST_MILLIS;
    long restMillis = roundMillis;
    while (self.rest(Duration.ofMillis(restMillis))) {
      switch (round()) {
        case WELL -> {
          failedRestMillis = FIRST_REST_MILLIS;
          restMillis = roundMillis;
        }
        case IN_PART -> {
          failedRestMillis = FIRST_REST_MILLIS;
          restMillis = Math.max(roundMillis, PART_REST_MILLIS);
        }
        case FAILED -> {
          restMillis = failedRestMillis;
          failedRestMillis = Math.min(MAX_REST_MILLIS, 2 * failedRestMillis);
        }
      }
    }
  }

  /** How a round went. */
  private enum Went {
    WELL,
    /** For some logs it did, so that the others' troubles are their own. */
    IN_PART,
    FAILED
  }

  private Went round() throws InterruptedException {
    @Nullable TenantId tenant;
    int waiting = pending.size(); // what is new meanwhile is for the next round
    int failures = 0;
    int inARow = 0;
    boolean any = false;
    while (waiting-- > 0 && !thread.isStopping() && (tenant = pending.poll()) != null) {
      try {
        pending.settled(tenant);
        follow(tenant);
        any = true;
        inARow = 0;
      } catch (IOException | RuntimeException e) {
        if (!failing && failures == 0) {
          LOG.warn("{}: not possible now, trying again: {}", name, String.valueOf(e.getMessage()));
          failingSinceNanos = System.nanoTime();
        }
        failures++;
        pending.add(tenant);
        if (++inARow == MAX_FAILURES) {
          break;
        }
      }
    }
    if (any || failures > 0) {
      failing = failures > 0;
    }
    return failures == 0 ? Went.WELL : any ? Went.IN_PART : Went.FAILED;
  }

  /** Ends what is under way with somebody outside. */
  abstract void breakOff();

  /**
   * Stops, without waiting for others. The thread is not interrupted, which would close the files
   * of runs that it reads.
   */
  @Override
  public final void close() {
    thread.askToStop();
    breakOff();
    thread.join();
  }
}
