package dev.indelible.server.search;

import dev.indelible.server.event.Entry;
import dev.indelible.server.journal.Position;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.log.FreshEntry;
import dev.indelible.server.log.LogFollower;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.FilterEvaluator;
import dev.indelible.server.query.TenantScope;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Follows logs live: each follower reads the log itself, from a sequence number on, and waits where
 * it ends.
 *
 * <p>Nothing is queued for anybody, so that nothing can be dropped: a slow reader is behind, and
 * catches up. Thread-safe.
 */
public final class Tail {

  /** Entries that are read at once. */
  static final int CHUNK = 500;

  private final EventLog log;
  private final EntryReader reader;
  private final Waker waker;

  /** A tail of {@code log}, which {@code waker} follows. */
  public Tail(EventLog log, EntryReader reader, Waker waker) {
    this.log = log;
    this.reader = reader;
    this.waker = waker;
  }

  /** The follower of the log that wakes tails. Thread-safe. */
  public static final class Waker implements LogFollower {

    private long generation; // guarded by this

    @Override
    public synchronized void sequenced(List<FreshEntry> entries, Position through) {
      if (!entries.isEmpty()) {
        generation++;
        notifyAll();
      }
    }

    @Override
    public void awaitDurable(Position through) {
      // Nothing of a tail is durable.
    }

    synchronized long generation() {
      return generation;
    }

    synchronized void awaitChange(long seen, Duration patience) throws InterruptedException {
      long deadline = System.nanoTime() + patience.toNanos();
      long left;
      while (generation == seen && (left = (deadline - System.nanoTime()) / 1_000_000) > 0) {
        wait(left);
      }
    }
  }

  /** Takes matching entries; returns whether to go on. */
  @FunctionalInterface
  public interface Consumer {
    boolean accept(Found entry) throws IOException;
  }

  /** How many entries the scope's tenant has: where a tail of only new entries begins. */
  public long end(TenantScope scope) throws IOException {
    return log.size(scope.tenant());
  }

  /**
   * Gives {@code consumer} what matches, from {@code fromSeq} on, in order and as it comes, until
   * it or {@code stop} ends it.
   *
   * @param stop asked at least every {@code patience}
   */
  public void follow(
      TenantScope scope,
      Filter filter,
      long fromSeq,
      Consumer consumer,
      BooleanSupplier stop,
      Duration patience)
      throws IOException, InterruptedException {
    FilterEvaluator matcher = new FilterEvaluator(scope.restrict(filter));
    long next = fromSeq;
    while (!stop.getAsBoolean()) {
      long seen = waker.generation();
      long end = Math.min(log.size(scope.tenant()), next + CHUNK);
      if (end <= next) {
        waker.awaitChange(seen, patience);
        continue;
      }
      boolean[] goOn = {true};
      log.forEach(
          scope.tenant(),
          next,
          end,
          stored -> {
            Entry entry = reader.read(stored).orElse(null);
            if (entry != null && matcher.matches(entry)) {
              Entry shown = scope.seesPersonal() ? entry : reader.readFacts(stored).orElse(entry);
              goOn[0] = consumer.accept(new Found(shown, entry));
            }
            return goOn[0];
          });
      if (!goOn[0]) {
        return;
      }
      next = end;
    }
  }
}
