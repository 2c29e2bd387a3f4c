package dev.indelible.server.search;

import dev.indelible.server.event.Entry;
import dev.indelible.server.follow.EntryFeed;
import dev.indelible.server.follow.FollowedEntry;
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
 * Follows logs live: each reader reads the log itself, from a sequence number on, and waits where
 * it ends.
 *
 * <p>Nothing is queued for anybody, so that nothing can be dropped: a slow reader is behind, and
 * catches up. Thread-safe.
 */
public final class Tail {

  private final EntryFeed feed;

  /** A tail of the logs that {@code feed} reads. */
  public Tail(EntryFeed feed) {
    this.feed = feed;
  }

  /** Takes matching entries; returns whether to go on. */
  @FunctionalInterface
  public interface Consumer {
    boolean accept(Found entry) throws IOException;
  }

  /** Number of entries of the scope's tenant: where a tail of only new entries begins. */
  public long end(TenantScope scope) throws IOException {
    return feed.end(scope.tenant());
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

  /** Follows likewise, and waits for its turn where it reads what is not new. */
  public void follow(
      TenantScope scope,
      Filter filter,
      long fromSeq,
      Consumer consumer,
      BooleanSupplier stop,
      Pace pace)
      throws IOException, InterruptedException {
    Matches matches = new Matches(scope, new FilterEvaluator(scope.restrict(filter)), fromSeq);
    while (!stop.getAsBoolean()) {
      long seen = feed.growth().count();
      long end = feed.end(scope.tenant());
      if (end <= matches.next) {
        feed.growth().await(seen, pace.patience());
        continue;
      }
      if (EntryFeed.isNew(matches.next, end)) {
        matches.read(end);
      } else if (!pace.turns().read(() -> matches.read(end))) {
        feed.growth().await(feed.growth().count(), pace.patience());
        continue;
      }
      for (Found entry : matches.found) {
        if (!consumer.accept(entry)) {
          return;
        }
      }
    }
  }

  /** Matching entries of a chunk, read first and given away then, which may take its time. */
  private final class Matches {
    private final TenantScope scope;
    private final FilterEvaluator matcher;
    private final List<Found> found = new ArrayList<>();
    private long next;

    Matches(TenantScope scope, FilterEvaluator matcher, long next) {
      this.scope = scope;
      this.matcher = matcher;
      this.next = next;
    }

    /** Reads the next chunk, which ends before {@code end}. */
    boolean read(long end) throws IOException {
      found.clear();
      EntryFeed.Chunk chunk = feed.read(scope.tenant(), next, end);
      for (FollowedEntry followed : chunk.entries()) {
        Entry entry = followed.entry().orElse(null);
        if (entry != null && matcher.matches(entry)) {
          Entry shown = scope.seesPersonal() ? entry : followed.facts().orElse(entry);
          found.add(new Found(shown, entry, scope.seesPersonal()));
        }
      }
      next = chunk.next();
      return true;
    }
  }
}
