package dev.indelible.server.ingest;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.ports.journal.Position;
import dev.indelible.server.access.KnownActors;
import dev.indelible.server.control.AppliedChange;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.ConfigurationObject;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.control.EntryWords;
import dev.indelible.server.event.Decoding;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.thread.OwnThread;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Makes an entry of the tenant's own log out of each change of its configuration, under {@code
 * audit.*} actions: of changes that were made together one each.
 *
 * <p>A fold of the control log with a committed position of its own, which is always between two
 * records: after a crash it goes on behind it, and what it sends twice has the same id, so that
 * each change has exactly one entry. One thread.
 */
public final class ControlMirror implements AutoCloseable {

  /** The state that holds the position it has come to. */
  static final String STATE = MirroredChanges.STATE;

  private static final Logger LOG = LoggerFactory.getLogger(ControlMirror.class);
  private static final int MAX_CHANGES_AT_ONCE = ControlLog.MAX_TOGETHER;

  private static final long POLL_MILLIS = 200;
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final BlobStore blobs;
  private final LinkedBlockingQueue<AppliedChange> changes = new LinkedBlockingQueue<>();
  private final @Nullable Hash chain;
  private Position mirrored; // guarded by this
  private @Nullable MirroredChanges postponed; // the first change that a stopped log did not take
  private long stateVersion;
  private volatile @Nullable OwnThread thread;

  /** A mirror that goes on where the last one came to. */
  public ControlMirror(BlobStore blobs) throws IOException {
    this.blobs = blobs;
    Optional<BlobStore.State> state = blobs.state(STATE);
    MirroredChanges stored = MirroredChanges.of(state);
    this.mirrored = stored.position();
    this.chain = stored.chain();
    this.stateVersion = state.map(BlobStore.State::version).orElse(0L);
  }

  /** The first position of the control log that is not mirrored. */
  public synchronized Position position() {
    return mirrored;
  }

  /**
   * Holds a control log that was read against what was mirrored of it.
   *
   * @throws IOException when it is not the one whose changes have entries in the tenants' logs
   */
  public void requireSame(ControlLog control) throws IOException {
    Optional<Hash> found = control.chainBeforeFollowed();
    Hash known = chain;
    if (found.isEmpty()) {
      throw new IOException(
          "the control log is not the one whose changes are recorded in the tenants' logs, or its"
              + " newest changes were cut: no record ends at position "
              + position().value()
              + ", up to which they are. Put the right one back; `indelible verify` says more");
    }
    if (known != null && !known.equals(found.get())) {
      throw new IOException(
          "the control log is not the one whose changes are recorded in the tenants' logs: up to"
              + " position "
              + position().value()
              + " its hash is another. Put the right one back; `indelible verify` says more");
    }
    if (known == null && stateVersion > 0) {
      try {
        store(new MirroredChanges(position(), found.get()));
      } catch (IOException e) {
        LOG.warn("the control log's hash is not stored yet; it is with the next change", e);
      }
    }
  }

  private void store(MirroredChanges durable) throws IOException {
    if (!blobs.compareAndSetState(STATE, stateVersion, durable.encode())) {
      throw new IOException("state " + STATE + " was changed by another process");
    }
    stateVersion++;
  }

  /** Takes a change to mirror; given to {@link ControlLog#start}. */
  public void accept(AppliedChange change) {
    changes.add(change);
  }

  /** Starts to record; {@code actors} says who makes changes. */
  public void start(Ingest ingest, KnownActors actors) {
    OwnThread mirroring = new OwnThread("control-mirror", self -> run(ingest, actors, self));
    thread = mirroring;
    mirroring.start();
  }

  /**
   * Waits until the change at {@code position} has its entry.
   *
   * @return whether it has, within {@code timeout}
   */
  public synchronized boolean awaitMirrored(Position position, Duration timeout)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (mirrored.compareTo(position) <= 0) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  private void run(Ingest ingest, KnownActors actors, OwnThread self) throws InterruptedException {
    List<AppliedChange> batch = new ArrayList<>();
    while (!(self.isStopping() && changes.isEmpty() && batch.isEmpty())) {
      if (batch.isEmpty()) {
        AppliedChange first = changes.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        batch.add(first);
        addMore(batch);
      }
      if (tryMirror(ingest, actors, batch)) {
        batch.clear();
      } else if (self.isStopping()) {
        return;
      } else {
        boolean _ = self.rest(RETRY);
      }
    }
  }

  /** Adds the records behind the first one whose changes are not too many together. */
  private void addMore(List<AppliedChange> batch) {
    int count = batch.getFirst().replacements().size();
    AppliedChange next = changes.peek();
    while (next != null && count + next.replacements().size() <= MAX_CHANGES_AT_ONCE) {
      count += next.replacements().size();
      batch.add(changes.remove());
      next = changes.peek();
    }
  }

  private boolean tryMirror(Ingest ingest, KnownActors actors, List<AppliedChange> batch) {
    try {
      mirror(ingest, actors, batch);
      return true;
    } catch (IOException | RuntimeException e) {
      LOG.warn("changes of configuration have no entries yet; trying again", e);
      return false;
    }
  }

  private void mirror(Ingest ingest, KnownActors actors, List<AppliedChange> batch)
      throws IOException {
    List<Decoding> events = new ArrayList<>(batch.size());
    List<AppliedChange> sent = new ArrayList<>(batch.size());
    for (AppliedChange applied : batch) {
      for (int i = 0; i < applied.replacements().size(); i++) {
        AppliedChange.Replacement replacement = applied.replacements().get(i);
        ConfigurationObject object = replacement.change().object();
        TenantId tenant = object.tenant();
        Optional<EntryWords> words = EntryWords.of(replacement.before(), object);
        if (tenant != null && words.isPresent()) {
          Event.Actor actor = actors.of(tenant, replacement.change().by());
          events.add(new Decoding.Decoded(event(applied, i, words.get(), actor)));
          sent.add(applied);
        }
      }
    }
    List<ItemResult> results = ingest.recordOwn(events);
    for (int i = 0; i < results.size(); i++) {
      if (results.get(i) instanceof ItemResult.Rejected rejected) {
        refused(sent.get(i), rejected);
      }
    }
    Position next = batch.getLast().next();
    store(
        postponed == null ? new MirroredChanges(next, batch.getLast().chain().after()) : postponed);
    synchronized (this) {
      mirrored = next;
      notifyAll();
    }
  }

  /**
   * A log that is stopped takes its entry once it goes on, which is after a start: the position
   * stays before it, and what follows it is sent again then, under the same ids.
   */
  private void refused(AppliedChange change, ItemResult.Rejected rejected) {
    if (rejected.code() == ItemResult.Code.LOG_STOPPED) {
      if (postponed == null) {
        postponed = new MirroredChanges(change.position(), change.chain().before());
      }
      LOG.warn("a change of configuration has no entry before the next start: its log is stopped");
    } else if (rejected.code() == ItemResult.Code.ID_CONFLICT) {
      // Sent again after a crash; who made it is described as it is known now.
      LOG.warn("a change of configuration has an entry already, which describes it otherwise");
    } else {
      LOG.error("a change of configuration was refused as an entry: {}", rejected.detail());
    }
  }

  private static Event event(
      AppliedChange applied, int index, EntryWords words, Event.Actor actor) {
    Change change = applied.replacements().get(index).change();
    return new Event(
        MirroredChanges.id(applied, index),
        change.object().tenant(),
        null,
        applied.at(),
        words.action(),
        actor,
        List.of(words.target()),
        Event.Outcome.SUCCESS,
        null,
        words.changes(),
        change.reason(),
        Event.Context.NONE,
        JsonNodeFactory.instance
            .objectNode()
            .put(MirroredChanges.DETAIL, applied.chain().after().toString()));
  }

  /** Mirrors what it was given, then ends. */
  @Override
  public void close() {
    OwnThread running = thread;
    if (running != null) {
      running.stop();
    }
  }
}
