package dev.indelible.server.proof;

import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.follow.PendingTenants;
import dev.indelible.server.thread.OwnThread;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives every log that has grown a new head, at most once a second each, many of them with one
 * fsync.
 *
 * <p>In rounds: tenants are taken in the order in which they began to wait, their heads compared
 * with what was signed before, made durable together, and only then shown. A crash in a round
 * leaves heads that nobody was shown, or none; the next growth makes others. One thread.
 */
final class CheckpointPublisher {

  /** A log gets a new head after this time at the earliest. */
  static final Duration INTERVAL = Duration.ofSeconds(1);

  /** Heads that are made durable together at most. */
  static final int MAX_ROUND = 256;

  private static final Logger LOG = LoggerFactory.getLogger(CheckpointPublisher.class);
  private static final Duration ROUND = Duration.ofMillis(100);
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** A tenant that was published, and is not again before then. */
  private record Resting(TenantId tenant, long untilNanos) {}

  private final PendingTenants pending;
  private final Heads heads;
  private final LogComparison comparison;
  private final SigningBudget budget;
  private final Map<TenantId, Long> restingUntilNanos =
      new LinkedHashMap<>(); // the thread's, the first to end first
  private final Deque<Resting> deferred = new ArrayDeque<>(); // the thread's
  private final List<Consumer<TenantId>> followers = new CopyOnWriteArrayList<>();
  private final AtomicLong published = new AtomicLong();
  private final OwnThread thread = new OwnThread("checkpoints", this::run);
  private volatile boolean failing;
  private long rounds; // guarded by this

  CheckpointPublisher(
      PendingTenants pending, Heads heads, LogComparison comparison, SigningBudget budget) {
    this.pending = pending;
    this.heads = heads;
    this.comparison = comparison;
    this.budget = budget;
  }

  /**
   * Adds a follower, which is told of every tenant that has a new head, on the publisher's thread.
   */
  void follow(Consumer<TenantId> follower) {
    followers.add(follower);
  }

  void start() {
    thread.start();
  }

  void stop() {
    thread.stop();
  }

  /** Heads published since the start. */
  long published() {
    return published.get();
  }

  /** Whether heads cannot be made durable now. */
  boolean isFailing() {
    return failing;
  }

  /** Waits until the tenant's head has at least that size; false when it has not in time. */
  synchronized boolean await(TenantId tenant, long size, Duration timeout)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (heads.get(tenant).orElse(Head.EMPTY).size() < size) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  private void run(OwnThread self) throws InterruptedException {
    try {
      while (self.rest(round() ? ROUND : RETRY)) {
        // Until it is told to stop.
      }
    } catch (RuntimeException e) {
      failing = true;
      LOG.error("checkpoints are no longer made; restart the server", e);
    }
  }

  /** Whether all went well. */
  private boolean round() throws InterruptedException {
    boolean well = true;
    Map<TenantId, Head> next = new LinkedHashMap<>();
    TenantId tenant;
    while (next.size() < MAX_ROUND && !thread.isStopping() && (tenant = takeDue()) != null) {
      pending.settled(tenant);
      try {
        TenantId taken = tenant;
        Head signed = heads.get(taken).orElse(Head.EMPTY);
        Optional<Head> head = budget.spend(() -> comparison.next(taken, signed));
        if (head.isPresent()) {
          next.put(taken, head.get());
          rest(taken);
        }
      } catch (IOException | RuntimeException e) {
        // Whatever is wrong with one log, the others go on.
        LOG.warn("no checkpoint for tenant {} yet; trying again", tenant, e);
        pending.add(tenant);
        rest(tenant);
        well = false;
      }
    }
    return publish(next) && well;
  }

  private boolean publish(Map<TenantId, Head> next) {
    if (next.isEmpty()) {
      return true;
    }
    try {
      heads.publish(next);
      published.addAndGet(next.size());
      failing = false;
    } catch (JournalUnavailableException e) {
      if (!failing) {
        LOG.error("heads cannot be made durable; no checkpoint is signed until they can", e);
      }
      failing = true;
      next.keySet().forEach(pending::add);
      return false;
    }
    for (Consumer<TenantId> follower : followers) {
      next.keySet().forEach(follower);
    }
    synchronized (this) {
      rounds++;
      notifyAll();
    }
    return true;
  }

  /** How many rounds published something. */
  synchronized long rounds() {
    return rounds;
  }

  private void rest(TenantId tenant) {
    restingUntilNanos.remove(tenant); // so that it is the last one
    restingUntilNanos.put(tenant, System.nanoTime() + INTERVAL.toNanos());
  }

  private @Nullable TenantId takeDue() {
    long now = System.nanoTime();
    Iterator<Long> inOrder = restingUntilNanos.values().iterator();
    while (inOrder.hasNext() && inOrder.next() - now <= 0) {
      inOrder.remove();
    }
    Resting first = deferred.peek();
    if (first != null && first.untilNanos() - now <= 0) {
      deferred.remove();
      return first.tenant();
    }
    TenantId tenant;
    while ((tenant = pending.poll()) != null) {
      Long until = restingUntilNanos.get(tenant);
      if (until == null) {
        return tenant;
      }
      deferred.add(new Resting(tenant, until));
    }
    return null;
  }
}
