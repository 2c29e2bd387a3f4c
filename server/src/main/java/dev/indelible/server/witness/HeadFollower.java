package dev.indelible.server.witness;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.proof.PendingTenants;
import dev.indelible.server.proof.TenantLogs;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
  private static final long ROUND_MILLIS = 100;
  private static final long MAX_REST_MILLIS = 60_000;

  final TenantLogs logs;
  private final String name;
  private final PendingTenants pending = new PendingTenants();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean failing;

  HeadFollower(TenantLogs logs, String name) {
    this.logs = logs;
    this.name = name;
    this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::run);
  }

  /** Does it for one log; a log that is done already is no work. */
  abstract void follow(TenantId tenant) throws IOException, InterruptedException;

  /** Begins with every log. */
  void start() {
    logs.follow(pending::add);
    logs.publishedTenants().forEach(pending::add);
    thread.start();
  }

  /** How long the log that waits longest has waited, in nanoseconds. */
  long lagNanos() {
    return pending.oldestNanos();
  }

  /** Whether the last attempt failed. */
  boolean isFailing() {
    return failing;
  }

  private void run() {
    long restMillis = ROUND_MILLIS;
    try {
      while (!stopped.await(restMillis, TimeUnit.MILLISECONDS)) {
        restMillis = round() ? ROUND_MILLIS : Math.min(MAX_REST_MILLIS, restMillis * 2);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether all went well. */
  private boolean round() throws InterruptedException {
    @Nullable TenantId tenant;
    while (stopped.getCount() > 0 && (tenant = pending.poll()) != null) {
      try {
        pending.settled(tenant);
        follow(tenant);
        failing = false;
      } catch (IOException | RuntimeException e) {
        if (!failing) {
          LOG.warn("{}: not possible now, trying again: {}", name, String.valueOf(e.getMessage()));
        }
        failing = true;
        pending.add(tenant);
        return false;
      }
    }
    return true;
  }

  /** Stops, at once: what is under way is broken off. */
  @Override
  public void close() {
    stopped.countDown();
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
