package dev.indelible.server;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.event.Decoding;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.ingest.Ingest;
import dev.indelible.server.ingest.ItemResult;
import dev.indelible.server.thread.OwnThread;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Watches the clock that says which entries are due: while it is doubted ({@link ClockReckoning})
 * nothing is deleted by schedule, until it is put right or somebody vouches for it.
 *
 * <p>The time that is believed is made durable every {@link #STORE_EVERY} and at the stop. That
 * somebody vouched is durable first, then puts waiting times off and is an entry of every tenant's
 * log, and only then counts for the schedule; a crash in between is made up for by the next start.
 * One thread of its own; thread-safe.
 */
final class ClockWatch implements AutoCloseable {

  /** The action of the entry by which somebody vouched; reserved to the program. */
  static final String ACTION = "audit.clock.accept";

  /** How often the clock is looked at. */
  static final Duration LOOK_EVERY = Duration.ofSeconds(10);

  /** How often the time that is believed is made durable. */
  static final Duration STORE_EVERY = Duration.ofMinutes(10);

  /** Tenants whose logs get their entries in one go. */
  static final int MAX_TENANTS_AT_ONCE = 500;

  private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);

  private record Way(Ingest ingest, Configuration configuration, Jump jump) {}

  /**
   * Listener that is told that somebody vouched for a clock that had jumped, before that counts.
   */
  @FunctionalInterface
  interface Jump {
    /**
     * Puts off what would be due by the jump alone. May be told of one jump more than once.
     *
     * @param believed the time that was believed until then
     * @param at the time that is believed from now on
     */
    void accepted(Instant believed, Instant at) throws IOException;
  }

  private final BlobStore blobs;
  private final ClockReckoning reckoning;
  private final ReentrantLock lock = new ReentrantLock();
  private long version; // guarded by lock
  private ClockRecord.@Nullable Acceptance unrecorded; // guarded by lock
  private volatile @Nullable OwnThread thread;

  /**
   * A watch over {@code clock}, which goes on from what is stored.
   *
   * @param newest the newest time in the journals, if there is any
   * @param nanos the monotonic clock
   */
  ClockWatch(BlobStore blobs, Optional<Instant> newest, InstantSource clock, LongSupplier nanos)
      throws IOException {
    this.blobs = blobs;
    ClockRecord.Stored stored = ClockRecord.read(blobs);
    this.version = stored.version();
    this.unrecorded = stored.record().map(ClockRecord::accepted).orElse(null);
    this.reckoning =
        new ClockReckoning(
            stored.record().map(ClockRecord::seenAt).orElse(null),
            newest.orElse(null),
            clock,
            nanos);
  }

  /**
   * Starts to look, and to record in the tenants' logs what somebody vouched for.
   *
   * @param jump is told before a clock that was vouched for counts
   */
  void start(Ingest ingest, Configuration configuration, Jump jump) {
    tryStore(); // a full disk keeps no server from starting
    OwnThread looking =
        new OwnThread("clock-watch", self -> look(new Way(ingest, configuration, jump), self));
    thread = looking;
    looking.start();
  }

  /** Whether what is due may be deleted without anybody asking. */
  boolean isTrusted() {
    lock.lock();
    try {
      return unrecorded == null && !reckoning.isDoubted();
    } finally {
      lock.unlock();
    }
  }

  /** How far the clock is ahead of what it can be. */
  Duration ahead() {
    return reckoning.ahead();
  }

  /** The time that is believed. */
  Instant believed() {
    return reckoning.believed();
  }

  /** Whether the clock says what it cannot. */
  boolean isDoubted() {
    return reckoning.isDoubted();
  }

  /** Warning about the clock, if there is one. */
  Optional<String> warning() {
    return reckoning.isDoubted()
        ? Optional.of(
            "The clock is "
                + ClockReckoning.words(reckoning.ahead())
                + " ahead of when this server last ran: it was set, or the server was off. Nothing"
                + " is deleted by schedule until the clock is put right, or somebody vouches for"
                + " it: on the console's page System, or `indelible doctor --accept-clock`.")
        : Optional.empty();
  }

  /**
   * Vouches for the clock; durable when this returns.
   *
   * @return false when it is not doubted
   * @throws IOException when it cannot be made durable now; then nothing has changed
   */
  boolean accept(ChangedBy by) throws IOException {
    lock.lock();
    try {
      if (!reckoning.isDoubted()) {
        return false;
      }
      Instant believed = reckoning.believed();
      Instant now = believed.plus(reckoning.ahead());
      ClockRecord.Acceptance given = new ClockRecord.Acceptance(now, believed, by);
      version = new ClockRecord(now, given).write(blobs, version);
      unrecorded = given;
      Instant at = reckoning.accept();
      LOG.warn("the clock is believed again: {}; before it was {}", at, believed);
      OwnThread looking = thread;
      if (looking != null) {
        looking.wake();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void store() throws IOException {
    lock.lock();
    try {
      version = new ClockRecord(reckoning.believed(), unrecorded).write(blobs, version);
    } finally {
      lock.unlock();
    }
  }

  private void look(Way way, OwnThread self) throws InterruptedException {
    boolean told = false;
    long storedNanos = System.nanoTime();
    do {
      reckoning.follow();
      boolean doubted = reckoning.isDoubted();
      if (doubted != told) {
        told = doubted;
        warning().ifPresentOrElse(LOG::warn, () -> LOG.info("the clock is believed again"));
      }
      record(way);
      if (System.nanoTime() - storedNanos > STORE_EVERY.toNanos()) {
        storedNanos = System.nanoTime();
        tryStore();
      }
    } while (self.rest(LOOK_EVERY));
  }

  private void tryStore() {
    try {
      store();
    } catch (IOException e) {
      LOG.warn("the time cannot be made durable; trying again", e);
    }
  }

  /** Records what was vouched for, once in every tenant's log. */
  private void record(Way way) {
    ClockRecord.Acceptance given;
    lock.lock();
    try {
      given = unrecorded;
    } finally {
      lock.unlock();
    }
    if (given == null) {
      return;
    }
    try {
      way.jump().accepted(given.believed(), given.at());
      @Nullable TenantId after = null;
      List<Tenant> page = way.configuration().tenants(null, MAX_TENANTS_AT_ONCE);
      while (!page.isEmpty()) {
        record(way, given, page);
        after = page.getLast().tenant();
        page = way.configuration().tenants(after, MAX_TENANTS_AT_ONCE);
      }
      lock.lock();
      try {
        version = new ClockRecord(reckoning.believed(), null).write(blobs, version);
        unrecorded = null;
      } finally {
        lock.unlock();
      }
    } catch (IOException | JournalUnavailableException e) {
      LOG.warn("that the clock is vouched for has no entries yet; trying again", e);
    }
  }

  private static void record(Way way, ClockRecord.Acceptance given, List<Tenant> tenants) {
    List<Decoding> events = new ArrayList<>(tenants.size());
    for (Tenant tenant : tenants) {
      events.add(new Decoding.Decoded(event(tenant.tenant(), given)));
    }
    for (ItemResult result : way.ingest().recordOwn(events)) {
      if (result instanceof ItemResult.Rejected rejected) {
        // A log that is stopped takes nothing, and nothing of it is deleted either.
        LOG.warn("that the clock is vouched for was refused as an entry: {}", rejected.detail());
      }
    }
  }

  private static Event event(TenantId tenant, ClockRecord.Acceptance given) {
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    details.put("clock", given.at().toString());
    details.put("believed", given.believed().toString());
    details.put("ahead_seconds", Duration.between(given.believed(), given.at()).toSeconds());
    return new Event(
        "clock-" + given.at().toEpochMilli(),
        tenant,
        null,
        given.at(),
        ACTION,
        given.by().actor(),
        List.of(new Event.Target("clock", "server", null, null)),
        Event.Outcome.SUCCESS,
        null,
        List.of(),
        null,
        Event.Context.NONE,
        details);
  }

  /** Makes the time durable that is believed, as the last of this server. */
  @Override
  public void close() {
    OwnThread running = thread;
    if (running != null) {
      running.stop();
      tryStore();
    }
  }
}
