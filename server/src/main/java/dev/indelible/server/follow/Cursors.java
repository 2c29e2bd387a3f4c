package dev.indelible.server.follow;

import dev.indelible.ports.journal.Journal;
import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.follow.CursorCodec.Moved;
import dev.indelible.server.journal.KeyedJournal;
import dev.indelible.server.thread.OwnThread;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Durable places of followers: of each log that it follows, the sequence number of the entry that a
 * follower takes next. One compacted journal for all of them ({@code docs/formats/cursors.md}).
 *
 * <p>A cursor that advances is durable within {@link #DURABLE_WITHIN}, many in one batch, so that
 * followers do not compete with the events for the disk: a crash puts a follower back by that much,
 * never forward. Setting and removing are durable when they return. Thread-safe.
 */
public final class Cursors implements AutoCloseable {

  /** The most cursors, all followers together. */
  public static final int MAX_CURSORS = 200_000;

  /** How long an advance may stay in memory alone. */
  static final Duration DURABLE_WITHIN = Duration.ofSeconds(1);

  /** Limits of the journal's compaction, and of the cursors in a batch. */
  static final KeyedJournal.Bounds BOUNDS = new KeyedJournal.Bounds(4L << 20, 4, 10_000);

  private static final Logger LOG = LoggerFactory.getLogger(Cursors.class);
  private static final Duration IDLE = Duration.ofDays(1);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private final KeyedJournal<Moved> journal; // guarded by this
  private final Map<String, Map<TenantId, Long>> cursors = new TreeMap<>(); // guarded by this
  private final Map<CursorCodec.Key, Long> advanced = new LinkedHashMap<>(); // guarded by this
  private final OwnThread keeper = new OwnThread("cursors", this::keep);
  private int count; // guarded by this
  private boolean failing; // guarded by this

  private Cursors(Journal journal, KeyedJournal.Bounds bounds)
      throws IOException, InterruptedException {
    this.journal = KeyedJournal.open(journal, CursorCodec.FORM, bounds, this::fold);
  }

  /** Folds the journal, which it does not close, and begins to keep it. */
  public static Cursors open(Journal journal) throws IOException, InterruptedException {
    return open(journal, BOUNDS);
  }

  static Cursors open(Journal journal, KeyedJournal.Bounds bounds)
      throws IOException, InterruptedException {
    Cursors opened = new Cursors(journal, bounds);
    opened.keeper.start();
    return opened;
  }

  /**
   * Checks the name of a follower.
   *
   * @throws IllegalArgumentException when it is none
   */
  static String checkedName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("no name of a follower: " + name);
    }
    return name;
  }

  private synchronized void fold(Moved moved) {
    CursorCodec.Key key = moved.key();
    if (moved.next() == Moved.GONE) {
      Map<TenantId, Long> own = cursors.get(key.follower());
      if (own != null && own.remove(key.tenant()) != null) {
        count--;
        if (own.isEmpty()) {
          cursors.remove(key.follower());
        }
      }
    } else if (cursors
            .computeIfAbsent(key.follower(), _ -> new TreeMap<>())
            .put(key.tenant(), moved.next())
        == null) {
      count++;
    }
  }

  /** The place of a follower in a log, if it follows it. */
  public synchronized OptionalLong get(String follower, TenantId tenant) {
    Long next = cursors.getOrDefault(follower, Map.of()).get(tenant);
    return next == null ? OptionalLong.empty() : OptionalLong.of(next);
  }

  /** The tenants whose logs a follower follows. */
  public synchronized List<TenantId> tenants(String follower) {
    return List.copyOf(cursors.getOrDefault(follower, Map.of()).keySet());
  }

  /**
   * Puts a follower at a place of a log; durable when this returns.
   *
   * @throws IllegalStateException when there are too many cursors
   * @throws JournalUnavailableException when it cannot be made durable now
   */
  public synchronized void set(String follower, TenantId tenant, long next) {
    if (next < 0) {
      throw new IllegalArgumentException("a cursor at " + next);
    }
    if (count >= MAX_CURSORS && get(follower, tenant).isEmpty()) {
      throw new IllegalStateException("there are " + count + " cursors already");
    }
    record(new Moved(new CursorCodec.Key(checkedName(follower), tenant), next));
  }

  /**
   * Has a follower follow a log no more; durable when this returns.
   *
   * @throws JournalUnavailableException when it cannot be made durable now
   */
  public synchronized void remove(String follower, TenantId tenant) {
    if (get(follower, tenant).isPresent()) {
      record(new Moved(new CursorCodec.Key(follower, tenant), Moved.GONE));
    }
  }

  private synchronized void record(Moved moved) {
    KeyedJournal.await(journal.append(List.of(moved)));
    advanced.remove(moved.key());
    fold(moved);
  }

  /**
   * Moves a cursor on that is at {@code from}; durable soon.
   *
   * @return false when it is somewhere else, or not there, and stays so
   */
  public boolean advance(String follower, TenantId tenant, long from, long next) {
    if (next < from) {
      throw new IllegalArgumentException("a cursor that advances from " + from + " to " + next);
    }
    boolean first;
    synchronized (this) {
      Map<TenantId, Long> own = cursors.getOrDefault(follower, Map.of());
      Long known = own.get(tenant);
      if (known == null || known != from) {
        return false;
      }
      own.put(tenant, next);
      first = advanced.isEmpty();
      advanced.put(new CursorCodec.Key(follower, tenant), next);
    }
    if (first) {
      keeper.wake();
    }
    return true;
  }

  private void keep(OwnThread self) throws InterruptedException {
    boolean goOn = self.rest(IDLE);
    while (goOn) {
      goOn = self.rest(DURABLE_WITHIN); // so that what comes meanwhile is in the same batch
      goOn = flush() ? goOn && self.rest(IDLE) : goOn;
    }
  }

  /** Makes every advance durable; returns whether that went well. */
  synchronized boolean flush() {
    if (advanced.isEmpty()) {
      return true;
    }
    try {
      List<Moved> moved = new ArrayList<>(advanced.size());
      advanced.forEach((key, next) -> moved.add(new Moved(key, next)));
      KeyedJournal.await(journal.append(moved));
      advanced.clear();
      failing = false;
      if (journal.hasGrown(0)) {
        journal.compact(state());
      }
    } catch (IOException | JournalUnavailableException e) {
      if (!failing) {
        LOG.warn(
            "followers' cursors cannot be made durable; trying again: {}",
            String.valueOf(e.getMessage()));
      }
      failing = true;
    }
    return !failing;
  }

  private List<Moved> state() {
    List<Moved> state = new ArrayList<>(count);
    cursors.forEach(
        (follower, own) ->
            own.forEach(
                (tenant, next) ->
                    state.add(new Moved(new CursorCodec.Key(follower, tenant), next))));
    return state;
  }

  /** Makes every advance durable, then stops to keep them. */
  @Override
  public void close() {
    keeper.stop();
    boolean _ = flush();
  }
}
