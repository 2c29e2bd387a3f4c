package dev.indelible.server.witness;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.follow.Follower;
import dev.indelible.server.proof.TenantLogs;
import java.io.IOException;
import java.time.Duration;

/**
 * Does something with every log's newest checkpoint; a {@link Follower} that is told of logs by
 * whoever publishes their checkpoints. What a log showed in between is left out. It has no cursor:
 * what a witness has, the log knows, and everything else begins anew at a start.
 */
abstract class HeadFollower implements AutoCloseable {

  /** How soon a log is looked at that has a new checkpoint, where that is to be soon. */
  static final Duration SOON = Duration.ofMillis(100);

  final TenantLogs logs;
  private final Follower follower;

  /** A follower that has not started. */
  HeadFollower(TenantLogs logs, Follower.Terms terms) {
    this.logs = logs;
    this.follower = new Follower(terms, this::follow);
  }

  /** Does it for one log; a log that is done already is no work. */
  abstract void follow(TenantId tenant) throws IOException, InterruptedException;

  /** Queues a log again, behind the others. */
  final void again(TenantId tenant) {
    follower.grown(tenant);
  }

  /** Begins with every log. */
  void start() {
    logs.follow(follower::grown);
    logs.published().forEach(follower::grown);
    follower.start();
  }

  /** How long the log that waits longest has waited, in nanoseconds. */
  long lagNanos() {
    return follower.lagNanos();
  }

  /** Whether the last attempt failed. */
  boolean isFailing() {
    return follower.isFailing();
  }

  /** Ends what is under way with somebody outside. */
  abstract void breakOff();

  /** Stops, without waiting for others. */
  @Override
  public final void close() {
    follower.askToStop();
    breakOff();
    follower.close();
  }
}
