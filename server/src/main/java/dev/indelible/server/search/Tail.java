package dev.indelible.server.search;

import dev.indelible.server.event.Entry;
import dev.indelible.server.journal.Position;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.log.FreshEntry;
import dev.indelible.server.log.LogFollower;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.FilterEvaluator;
import dev.indelible.server.query.TenantScope;
import dev.indelible.server.share.ReadPool;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
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

  /** Bytes of matching entries that are kept at once, and one more. */
  static final long CHUNK_BYTES = 1L << 20;

  /** Entries at a log's end that are read at once, without waiting for a turn. */
  static final int NEW = 100;

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

  /** Number of entries of the scope's tenant: where a tail of only new entries begins. */
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
    follow(scope, filter, fromSeq, consumer, stop, new Pace(patience, ReadPool.Reading::read));
  }

  /** Reads in its turn; false when it was not the turn of whoever follows. */
  @FunctionalInterface
  public interface Turns {
    boolean read(ReadPool.Reading<Boolean> reading) throws IOException;
  }

  /**
   * Pace of a tail.
   *
   * @param patience how often it looks whether it is to stop, at least
   * @param turns has what was recorded a while ago read
   */
  public record Pace(Duration patience, Turns turns) {}

  /** Follows the log likewise, and waits for its turn to read what is not new. */
  public void follow(
      TenantScope scope,
      Filter filter,
      long fromSeq,
      Consumer consumer,
      BooleanSupplier stop,
      Pace pace)
      throws IOException, InterruptedException {
    FilterEvaluator matcher = new FilterEvaluator(scope.restrict(filter));
    long next = fromSeq;
    while (!stop.getAsBoolean()) {
      long seen = waker.generation();
      long size = log.size(scope.tenant());
      if (size <= next) {
        waker.awaitChange(seen, pace.patience());
        continue;
      }
      Chunk chunk = new Chunk(scope, matcher, next);
      long end = Math.min(size, next + CHUNK);
      if (size - next <= NEW) {
        chunk.read(end);
      } else if (!pace.turns().read(() -> chunk.read(end))) {
        waker.awaitChange(waker.generation(), pace.patience());
        continue;
      }
      for (Found entry : chunk.found) {
        if (!consumer.accept(entry)) {
          return;
        }
      }
      next = chunk.next;
    }
  }

  /** Chunk of matching entries, read first and given away then, which may take its time. */
  private final class Chunk {
    private final TenantScope scope;
    private final FilterEvaluator matcher;
    private final List<Found> found = new ArrayList<>();
    private long next;
    private long bytes;

    Chunk(TenantScope scope, FilterEvaluator matcher, long next) {
      this.scope = scope;
      this.matcher = matcher;
      this.next = next;
    }

    /** Reads until before {@code end}, or until there is enough. */
    boolean read(long end) throws IOException {
      log.forEach(
          scope.tenant(),
          next,
          end,
          stored -> {
            next = stored.seq() + 1;
            Entry entry = reader.read(stored).orElse(null);
            if (entry != null && matcher.matches(entry)) {
              Entry shown = scope.seesPersonal() ? entry : reader.readFacts(stored).orElse(entry);
              found.add(new Found(shown, entry, scope.seesPersonal()));
              bytes += stored.sizeBytes();
            }
            return bytes < CHUNK_BYTES;
          });
      return true;
    }
  }
}
