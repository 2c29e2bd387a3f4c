package dev.indelible.server.follow;

import dev.indelible.server.event.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * Gives a receiver the entries of the logs that it follows, each log's in order, at least once.
 *
 * <p>It pulls: a receiver that is slow or gone is behind, and costs nobody else anything. Where it
 * is in each log is a durable cursor, moved after the receiver has taken entries: a crash in
 * between gives them again. What is new is seen without anything being told to it ({@link
 * dev.indelible.server.log.Growth}): at each look it compares those of its logs that have entries
 * in memory, and once in a while all of them, for what was sealed between two looks. One thread.
 */
public final class EntryFollower implements AutoCloseable {

  /** How often all logs are compared, those without entries in memory too. */
  static final Duration ALL_EVERY = Duration.ofSeconds(5);

  private static final Duration IDLE = Duration.ofSeconds(1);

  private final String name;
  private final EntryFeed feed;
  private final Cursors cursors;
  private final Receiver receiver;
  private final Follower follower;
  private long seenGrowth = -1; // the thread's
  private long allComparedNanos; // the thread's
  private boolean compared; // whether all were, since the start; the thread's

  /** Takes entries; closing it ends what it waits for. */
  public interface Receiver extends AutoCloseable {

    /**
     * Takes entries that follow each other in the tenant's log; it has them when this returns.
     *
     * @throws IOException when it does not, so that they are given again
     */
    void accept(TenantId tenant, List<FollowedEntry> entries)
        throws IOException, InterruptedException;

    @Override
    void close();
  }

  /**
   * A follower that has not started. It follows the logs of which it has cursors.
   *
   * @param terms its name, by which its cursors are kept, and its pace
   */
  public EntryFollower(Follower.Terms terms, EntryFeed feed, Cursors cursors, Receiver receiver) {
    this.name = Cursors.checkedName(terms.name());
    this.feed = feed;
    this.cursors = cursors;
    this.receiver = receiver;
    this.follower = new Follower(terms, this::step, this::look);
  }

  /** Begins to follow. */
  public void start() {
    follower.start();
  }

  /**
   * Follows a log from {@code fromSeq} on, also where it followed it before: to begin, or to give
   * entries again. Durable when this returns.
   */
  public void follow(TenantId tenant, long fromSeq) {
    cursors.set(name, tenant, fromSeq);
    follower.grown(tenant);
  }

  /** Follows a log no more. Durable when this returns. */
  public void unfollow(TenantId tenant) {
    cursors.remove(name, tenant);
  }

  /** The sequence number of the entry of a log that the receiver gets next, if it is followed. */
  public OptionalLong next(TenantId tenant) {
    return cursors.get(name, tenant);
  }

  /** How long the log that waits longest has waited, in nanoseconds. */
  public long lagNanos() {
    return follower.lagNanos();
  }

  /** Whether the receiver did not take what it was given last. */
  public boolean isFailing() {
    return follower.isFailing();
  }

  private void look(boolean mayWait) throws InterruptedException {
    if (mayWait && compared) {
      feed.growth().await(seenGrowth, IDLE);
    }
    long now = System.nanoTime();
    boolean all = !compared || now - allComparedNanos >= ALL_EVERY.toNanos();
    long growth = feed.growth().count();
    if (growth == seenGrowth && !all) {
      return;
    }
    seenGrowth = growth; // first: what comes while they are compared is for the next look
    for (TenantId tenant : cursors.tenants(name)) {
      if (all || feed.hasFresh(tenant)) {
        follower.grown(tenant);
      }
    }
    if (all) {
      compared = true;
      allComparedNanos = now;
    }
  }

  private void step(TenantId tenant) throws IOException, InterruptedException {
    OptionalLong cursor = cursors.get(name, tenant);
    if (cursor.isEmpty()) {
      return;
    }
    long from = cursor.getAsLong();
    long end = feed.end(tenant);
    if (from >= end) {
      return;
    }
    EntryFeed.Chunk chunk = feed.read(tenant, from, end);
    receiver.accept(tenant, chunk.entries());
    // It was set to another place meanwhile: then it goes on from there.
    boolean _ = cursors.advance(name, tenant, from, chunk.next());
    if (chunk.next() < end) {
      follower.grown(tenant);
    }
  }

  /** Ends what the receiver waits for, and then itself. */
  @Override
  public void close() {
    follower.askToStop();
    receiver.close();
    feed.growth().wake();
    follower.close();
  }
}
