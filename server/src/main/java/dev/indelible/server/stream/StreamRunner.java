package dev.indelible.server.stream;

import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.EventStream;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.follow.Cursors;
import dev.indelible.server.thread.OwnThread;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives streams their turns, on a few threads that they share: one thread looks which logs have
 * grown and which waits are over, and puts streams behind those that wait for a turn.
 *
 * <p>A stream whose receiver is slow or fails has its turns beside others of the kind, on no more
 * than half of the threads, and one tenant's streams have a quarter of them at most: whatever a
 * receiver does, the others go on. Thread-safe.
 */
final class StreamRunner implements AutoCloseable {

  /** Streams that have their turn at once. */
  static final int MAX_AT_ONCE = 16;

  /** Those whose receiver is slow or fails among them. */
  static final int MAX_SLOW = 8;

  /** Those of one tenant among them, and as many of either kind. */
  static final int MAX_OF_TENANT = 4;

  /** How long a way to a receiver stays open without being used. */
  static final Duration IDLE = Duration.ofSeconds(60);

  /** How often all logs are compared, those without entries in memory too. */
  static final Duration ALL_EVERY = Duration.ofSeconds(5);

  /** How often lines of ledgers that are too old are looked for. */
  private static final Duration TRIM_EVERY = Duration.ofHours(1);

  private static final Duration PACE = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(40);
  private static final Logger LOG = LoggerFactory.getLogger(StreamRunner.class);

  private final StreamParts parts;
  private final StreamLedger ledger;
  private final Cursors cursors;
  private final StreamTelling telling;
  private final Map<String, StreamRun> runs = new ConcurrentHashMap<>();
  private final Map<String, EventStream> known = new HashMap<>(); // the thread's
  private Map<TenantId, List<StreamRun>> ofTenants = Map.of(); // the thread's
  private final OwnThread thread = new OwnThread("streams", this::run);
  private final ThreadPoolExecutor workers;

  // Guarded by this.
  private final LinkedHashSet<StreamRun> ready = new LinkedHashSet<>();
  private final Map<StreamRun, Boolean> inFlight = new HashMap<>(); // whether each is a slow one
  private boolean stopping;

  private long seenGrowth = -1; // the thread's
  private long allNanos; // the thread's
  private long trimmedNanos = System.nanoTime(); // the thread's
  private boolean isFirst = true; // the thread's
  private volatile boolean changed = true;

  StreamRunner(StreamParts parts, StreamLedger ledger, Cursors cursors) {
    this.parts = parts;
    this.ledger = ledger;
    this.cursors = cursors;
    this.telling = new StreamTelling(parts, ledger);
    this.workers =
        new ThreadPoolExecutor(
            MAX_AT_ONCE,
            MAX_AT_ONCE,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("stream-", 0).factory());
    workers.allowCoreThreadTimeOut(true);
  }

  void start() {
    thread.start();
  }

  /** Notes that streams were changed, or are to be looked at now. */
  void changed() {
    changed = true;
    thread.wake();
    parts.feed().growth().wake();
  }

  /** The work on a stream. */
  StreamRun of(EventStream stream) {
    return runs.computeIfAbsent(stream.id(), _ -> new StreamRun(stream, parts, ledger, cursors));
  }

  /** The number of threads that work now; none while all streams rest. */
  int threads() {
    return workers.getPoolSize();
  }

  private void run(OwnThread self) throws InterruptedException {
    while (self.rest(PACE)) {
      try {
        look();
      } catch (IOException | RuntimeException e) {
        LOG.warn("streams cannot be looked at now: {}", String.valueOf(e.getMessage()));
        if (!self.rest(PATIENCE)) {
          return;
        }
      }
    }
  }

  private void look() throws IOException, InterruptedException {
    if (!changed && !isFirst) {
      parts.feed().growth().await(seenGrowth, PATIENCE);
    }
    long now = System.nanoTime();
    boolean all = changed || isFirst || now - allNanos >= ALL_EVERY.toNanos();
    isFirst = false;
    if (all) {
      changed = false;
      allNanos = now;
      learn();
      closeIdle();
      tell();
      trim(now);
    }
    seenGrowth = parts.feed().growth().count();
    for (Map.Entry<TenantId, List<StreamRun>> tenant : ofTenants.entrySet()) {
      boolean fresh = all || parts.feed().hasFresh(tenant.getKey());
      if (fresh || tenant.getValue().stream().anyMatch(StreamRun::isSlow)) {
        long end = parts.feed().end(tenant.getKey());
        for (StreamRun one : tenant.getValue()) {
          EventStream stream = known.get(one.id());
          if (stream != null && one.isDue(stream, end)) {
            enqueue(one);
          }
        }
      }
    }
    dispatch();
  }

  private void learn() throws IOException {
    Configuration configuration = parts.control().configuration();
    Map<TenantId, List<StreamRun>> tenants = new HashMap<>();
    Set<String> ids = new HashSet<>();
    for (EventStream stream : configuration.eventStreams()) {
      ids.add(stream.id());
      StreamRun one = of(stream);
      if (!stream.equals(known.put(stream.id(), stream))) {
        one.hurry();
      }
      tenants.computeIfAbsent(stream.tenant(), _ -> new ArrayList<>()).add(one);
    }
    ofTenants = tenants;
    known.keySet().retainAll(ids);
    for (StreamRun one : List.copyOf(runs.values())) {
      if (configuration.get(EventStream.class, one.id()).isEmpty()) {
        forget(one);
      }
    }
    ledger.retain(id -> configuration.get(EventStream.class, id).isPresent() || isInFlight(id));
  }

  private void forget(StreamRun one) {
    synchronized (this) {
      if (inFlight.containsKey(one)) {
        return; // the next look does
      }
      ready.remove(one);
    }
    one.close();
    runs.remove(one.id());
    one.forgetCursor();
  }

  private synchronized boolean isInFlight(String id) {
    return inFlight.keySet().stream().anyMatch(one -> one.id().equals(id));
  }

  private synchronized void closeIdle() {
    for (StreamRun one : runs.values()) {
      if (!inFlight.containsKey(one)) {
        one.rest(IDLE);
      }
    }
  }

  private void tell() {
    for (EventStream stream : known.values()) {
      try {
        telling.tell(stream);
      } catch (JournalUnavailableException e) {
        LOG.warn("a stream cannot be recorded now: {}", String.valueOf(e.getMessage()));
        return;
      }
    }
  }

  private void trim(long now) throws IOException {
    if (now - trimmedNanos >= TRIM_EVERY.toNanos()) {
      trimmedNanos = now;
      ledger.trim(parts.chance().clock().instant().minus(parts.terms().ledger()).toEpochMilli());
    }
  }

  private synchronized void enqueue(StreamRun one) {
    if (!stopping && !inFlight.containsKey(one)) {
      ready.add(one);
    }
  }

  private synchronized void dispatch() {
    Iterator<StreamRun> waiting = ready.iterator();
    while (inFlight.size() < MAX_AT_ONCE && waiting.hasNext()) {
      StreamRun one = waiting.next();
      boolean slow = one.isSlow();
      if (mayBegin(one, slow)) {
        waiting.remove();
        inFlight.put(one, slow);
        workers.execute(() -> turn(one));
      }
    }
  }

  private boolean mayBegin(StreamRun one, boolean slow) {
    long alike = inFlight.values().stream().filter(other -> other == slow).count();
    long ofTenant =
        inFlight.entrySet().stream()
            .filter(
                other -> other.getValue() == slow && other.getKey().tenant().equals(one.tenant()))
            .count();
    return ofTenant < MAX_OF_TENANT && (!slow || alike < MAX_SLOW);
  }

  private void turn(StreamRun one) {
    try {
      one.turn();
    } catch (InterruptedException e) {
      LOG.debug("a stream's turn ends with the server");
    } finally {
      ended(one);
    }
  }

  private void ended(StreamRun one) {
    boolean due = false;
    try {
      Optional<EventStream> stream =
          parts.control().configuration().get(EventStream.class, one.id());
      due = stream.isPresent() && one.isDue(stream.get(), parts.feed().end(one.tenant()));
    } catch (IOException | RuntimeException e) {
      LOG.debug("a stream is looked at later", e);
    }
    synchronized (this) {
      inFlight.remove(one);
      if (due && !stopping) {
        ready.add(one);
      }
    }
    dispatch();
    telling.dead(one.id());
  }

  /** All streams that work. */
  List<StreamRun> all() {
    return List.copyOf(runs.values());
  }

  @Override
  public void close() {
    synchronized (this) {
      stopping = true;
      ready.clear();
    }
    thread.askToStop();
    parts.feed().growth().wake();
    thread.stop();
    runs.values().forEach(StreamRun::stop);
    workers.shutdown();
    try {
      if (!workers.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("streams did not end within {}", STOP_TIMEOUT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    runs.values().forEach(StreamRun::close);
  }
}
