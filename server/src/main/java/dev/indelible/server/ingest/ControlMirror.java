package dev.indelible.server.ingest;

import dev.indelible.server.access.KnownActors;
import dev.indelible.server.blob.BlobStore;
import dev.indelible.server.control.AppliedChange;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.ConfigurationObject;
import dev.indelible.server.control.ConfigurationObject.Access;
import dev.indelible.server.control.ConfigurationObject.ApiKey;
import dev.indelible.server.control.ConfigurationObject.Governance;
import dev.indelible.server.control.ConfigurationObject.LogKey;
import dev.indelible.server.control.ConfigurationObject.ProfileChanges;
import dev.indelible.server.control.ConfigurationObject.Tenant;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.control.SavedView;
import dev.indelible.server.event.Decoding;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.Position;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes an entry of the tenant's own log out of each change of its configuration, under {@code
 * audit.*} actions.
 *
 * <p>A fold of the control log with a committed position of its own: after a crash it goes on
 * behind it, and what it sends twice has the same id, so that each change has exactly one entry.
 * One thread.
 */
public final class ControlMirror implements AutoCloseable {

  /** The state that holds the position it has come to. */
  static final String STATE = MirroredChanges.STATE;

  private static final Logger LOG = LoggerFactory.getLogger(ControlMirror.class);
  private static final int MAX_CHANGES_AT_ONCE = 500;

  /** Switches that a configuration has only while they are on. */
  private static final Set<String> SWITCHES =
      Set.of("support_access", "erasures_take_two", "personal_filter");

  private static final long POLL_MILLIS = 200;
  private static final long RETRY_MILLIS = 1_000;

  private final BlobStore blobs;
  private final LinkedBlockingQueue<AppliedChange> changes = new LinkedBlockingQueue<>();
  private final @Nullable Hash chain;
  private Position mirrored; // guarded by this
  private @Nullable MirroredChanges postponed; // the first change that a stopped log did not take
  private long stateVersion;
  private volatile @Nullable Thread thread;
  private volatile boolean stopping;

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
    thread = Thread.ofPlatform().name("control-mirror").start(() -> run(ingest, actors));
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

  private void run(Ingest ingest, KnownActors actors) {
    List<AppliedChange> batch = new ArrayList<>();
    try {
      while (!(stopping && changes.isEmpty() && batch.isEmpty())) {
        if (batch.isEmpty()) {
          AppliedChange first = changes.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
          if (first == null) {
            continue;
          }
          batch.add(first);
          changes.drainTo(batch, MAX_CHANGES_AT_ONCE - 1);
        }
        if (tryMirror(ingest, actors, batch)) {
          batch.clear();
        } else if (stopping) {
          return;
        } else {
          TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
    for (AppliedChange change : batch) {
      TenantId tenant = change.change().object().tenant();
      if (tenant != null && !isPrivate(change.change().object())) {
        Event.Actor actor = actors.of(tenant, change.change().by());
        events.add(new Decoding.Decoded(event(tenant, change, actor)));
        sent.add(change);
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
   * Whether an object is private: what somebody saves for themselves changes nothing for anybody
   * else.
   */
  private static boolean isPrivate(ConfigurationObject object) {
    return object instanceof SavedView view && !view.isShared();
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

  private static Event event(TenantId tenant, AppliedChange applied, Event.Actor actor) {
    Change change = applied.change();
    Event.Target target =
        switch (change.object()) {
          case Tenant created -> new Event.Target("tenant", created.id(), created.name(), null);
          case ApiKey key -> new Event.Target("api_key", key.id(), key.name(), null);
          case LogKey key -> new Event.Target("log_key", key.keyId(), null, null);
          case Access access -> AccessEntries.target(access);
          case Governance governed -> GovernanceEntries.target(governed);
          case SavedView view -> new Event.Target("saved_view", view.viewId(), view.name(), null);
        };
    return new Event(
        MirroredChanges.ID_PREFIX + applied.position().value(),
        tenant,
        null,
        applied.at(),
        action(applied.before(), change.object()),
        actor,
        List.of(target),
        Event.Outcome.SUCCESS,
        null,
        changes(applied.before(), change.object()),
        change.reason(),
        Event.Context.NONE,
        JsonNodeFactory.instance
            .objectNode()
            .put(MirroredChanges.DETAIL, applied.chain().after().toString()));
  }

  private static String action(@Nullable ConfigurationObject before, ConfigurationObject after) {
    return switch (after) {
      case Tenant _ -> before == null ? "audit.tenant.create" : "audit.tenant.update";
      case ApiKey key ->
          before == null
              ? "audit.key.create"
              : key.revokedAt() != null ? "audit.key.revoke" : "audit.key.update";
      case LogKey _ -> before == null ? "audit.log_key.create" : "audit.log_key.retire";
      case Access access -> AccessEntries.action(before, access);
      case Governance governed -> GovernanceEntries.action(before, governed);
      case SavedView view ->
          before == null
              ? "audit.saved_view.create"
              : view.removedAt() != null ? "audit.saved_view.remove" : "audit.saved_view.update";
    };
  }

  private static List<Event.Change> changes(
      @Nullable ConfigurationObject before, ConfigurationObject after) {
    List<Event.Change> result = new ArrayList<>();
    ObjectNode old = before == null ? null : described(before);
    ObjectNode now = described(after);
    for (Map.Entry<String, JsonNode> field : now.properties()) {
      JsonNode was = old == null ? null : old.get(field.getKey());
      if (!Objects.equals(was, field.getValue())) {
        result.add(
            new Event.Change(
                field.getKey(),
                was == null && old != null ? absent(field.getKey()) : was,
                field.getValue()));
      }
    }
    if (old != null) {
      for (Map.Entry<String, JsonNode> field : old.properties()) {
        if (!now.has(field.getKey())) {
          result.add(new Event.Change(field.getKey(), field.getValue(), absent(field.getKey())));
        }
      }
    }
    return result;
  }

  /** The value of a member that a configuration lacks; a switch is off then. */
  private static JsonNode absent(String field) {
    return SWITCHES.contains(field)
        ? JsonNodeFactory.instance.booleanNode(false)
        : JsonNodeFactory.instance.nullNode();
  }

  private static ObjectNode described(ConfigurationObject object) {
    return object instanceof ProfileChanges changes
        ? GovernanceEntries.described(changes)
        : ControlLog.describe(object);
  }

  /** Mirrors what it was given, then ends. */
  @Override
  public void close() {
    stopping = true;
    Thread running = thread;
    if (running != null) {
      try {
        running.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
