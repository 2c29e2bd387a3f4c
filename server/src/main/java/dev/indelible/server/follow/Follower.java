package dev.indelible.server.follow;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.thread.OwnThread;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does a step for every tenant that has something new, one tenant after the other, in the order in
 * which they began to wait; again and again while it fails, ever more slowly. One thread.
 *
 * <p>Where steps fail for some tenants only, the others go on at their pace.
 */
public final class Follower implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

  /** A round ends after so many failures in a row: nobody may be there. */
  private static final int MAX_FAILURES = 3;

  private static final Duration FIRST_REST = Duration.ofMillis(200);
  private static final Duration PART_REST = Duration.ofSeconds(5);
  private static final Duration MAX_REST = Duration.ofMinutes(1);

  private final Terms terms;
  private final Step step;
  private final Look look;
  private final PendingTenants pending = new PendingTenants();
  private final OwnThread thread;
  private volatile boolean failing;
  private volatile long failingSinceNanos;

  /**
   * Name and pace of a follower.
   *
   * @param name the name of the thread, and of the follower in the program's log
   * @param every how long it rests between two rounds
   */
  public record Terms(String name, Duration every) {}

  /** The work for one tenant. */
  @FunctionalInterface
  public interface Step {
    /**
     * Does it; does nothing when it is done already.
     *
     * @throws IOException when it is to be tried again
     */
    void follow(TenantId tenant) throws IOException, InterruptedException;
  }

  /** Finds, before a round, the tenants that have something new. */
  @FunctionalInterface
  interface Look {
    /**
     * Tells {@link #grown} of them.
     *
     * @param mayWait whether no tenant waits, so that it may wait for a while for one that does
     */
    void look(boolean mayWait) throws InterruptedException;
  }

  /** A follower that has not started, and is told by {@link #grown} of what is new. */
  public Follower(Terms terms, Step step) {
    this(terms, step, _ -> {});
  }

  /** A follower that has not started, and looks for what is new. */
  Follower(Terms terms, Step step, Look look) {
    this.terms = terms;
    this.step = step;
    this.look = look;
    this.thread = new OwnThread(terms.name(), this::run);
  }

  /** Begins. */
  public void start() {
    thread.start();
  }

  /** Adds a tenant with something new, or with more to do, behind those that wait. */
  public void grown(TenantId tenant) {
    pending.add(tenant);
  }

  /** How long the tenant that waits longest has waited, in nanoseconds. */
  public long lagNanos() {
    return failing ? System.nanoTime() - failingSinceNanos : pending.oldestNanos();
  }

  /** Whether the last attempt failed. */
  public boolean isFailing() {
    return failing;
  }

  private void run(OwnThread self) throws InterruptedException {
    Duration failedRest = FIRST_REST;
    Duration rest = terms.every();
    while (self.rest(rest)) {
      look.look(pending.size() == 0);
      switch (round(self)) {
        case WELL -> {
          failedRest = FIRST_REST;
          rest = terms.every();
        }
        case IN_PART -> {
          failedRest = FIRST_REST;
          rest = longer(terms.every(), PART_REST);
        }
        case FAILED -> {
          rest = failedRest;
          Duration doubled = failedRest.multipliedBy(2);
          failedRest = doubled.compareTo(MAX_REST) > 0 ? MAX_REST : doubled;
        }
      }
    }
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /** The outcome of a round. */
  private enum Outcome {
    WELL,
    /** Steps failed for some tenants alone. */
    IN_PART,
    FAILED
  }

  private Outcome round(OwnThread self) throws InterruptedException {
    @Nullable TenantId tenant;
    int waiting = pending.size(); // what is new meanwhile is for the next round
    int failures = 0;
    int inARow = 0;
    boolean any = false;
    while (waiting-- > 0 && !self.isStopping() && (tenant = pending.poll()) != null) {
      try {
        pending.settled(tenant);
        step.follow(tenant);
        any = true;
        inARow = 0;
      } catch (IOException | RuntimeException e) {
        if (!failing && failures == 0) {
          LOG.warn(
              "{}: not possible now, trying again: {}",
              terms.name(),
              String.valueOf(e.getMessage()));
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
    return failures == 0 ? Outcome.WELL : any ? Outcome.IN_PART : Outcome.FAILED;
  }

  /** Asks it to end after the step that is under way; returns at once. */
  public void askToStop() {
    thread.askToStop();
  }

  /** Ends after the step that is under way. */
  @Override
  public void close() {
    thread.stop();
  }
}
