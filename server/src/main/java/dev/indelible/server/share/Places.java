package dev.indelible.server.share;

import dev.indelible.server.share.BusyException.Share;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A number of places for everybody, of which each holder may have a share. Thread-safe. */
public final class Places {

  /**
   * Holder of places.
   *
   * @param name such as {@code tenant:acme}; of all kinds of holders in one name space
   * @param share the share that is used up when the holder has its most
   * @param most places that it may have at once
   */
  public record Holder(String name, Share share, int most) {}

  private final int all;
  private final Semaphore free;
  private final ConcurrentHashMap<String, Integer> held = new ConcurrentHashMap<>();
  private final Map<Share, LongAdder> refused = new EnumMap<>(Share.class);

  /** Creates that many places, all of them free. */
  public Places(int all) {
    this.all = all;
    this.free = new Semaphore(all);
    for (Share share : Share.values()) {
      refused.put(share, new LongAdder());
    }
  }

  /**
   * The most that one holder may have: a part of all, but not less than {@code least} where there
   * are so many.
   */
  public static int part(int all, int divisor, int least) {
    return Math.max(all / divisor, Math.min(all, least));
  }

  /**
   * Takes a place.
   *
   * @return null when it is taken; else whose share is used up, and nothing is
   */
  public @Nullable Share take(List<Holder> holders) {
    if (!free.tryAcquire()) {
      return count(Share.ALL);
    }
    Share full = takeShares(holders);
    if (full != null) {
      free.release();
    }
    return full;
  }

  /** Takes a place for each of the holders, waiting a while for one of everybody's. */
  public @Nullable Share takeWithin(long nanos, List<Holder> holders) throws InterruptedException {
    if (!free.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
      return count(Share.ALL);
    }
    Share full = takeShares(holders);
    if (full != null) {
      free.release();
    }
    return full;
  }

  /** Gives a place back. */
  public void give(List<Holder> holders) {
    giveShares(holders);
    free.release();
  }

  /**
   * Counts a place that is taken for other holders, once more is known of who has it.
   *
   * @return null when it is theirs; else whose share is used up, and it stays as it was
   */
  public @Nullable Share pass(List<Holder> from, List<Holder> to) {
    Share full = takeShares(to);
    if (full == null) {
      giveShares(from);
    }
    return full;
  }

  private @Nullable Share takeShares(List<Holder> holders) {
    for (int i = 0; i < holders.size(); i++) {
      Holder holder = holders.get(i);
      if (held.merge(holder.name(), 1, Integer::sum) > holder.most()) {
        giveShares(holders.subList(0, i + 1));
        return count(holder.share());
      }
    }
    return null;
  }

  private void giveShares(List<Holder> holders) {
    for (Holder holder : holders) {
      held.computeIfPresent(holder.name(), (_, count) -> count == 1 ? null : count - 1);
    }
  }

  private Share count(Share share) {
    LongAdder adder = refused.get(share);
    if (adder != null) {
      adder.increment();
    }
    return share;
  }

  /** Places that are taken. */
  public int taken() {
    return all - free.availablePermits();
  }

  /** Number of refusals because of that share. */
  public long refused(Share share) {
    LongAdder adder = refused.get(share);
    return adder == null ? 0 : adder.sum();
  }
}
