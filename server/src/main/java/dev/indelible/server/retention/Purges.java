package dev.indelible.server.retention;

import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.thread.OwnThread;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what retention no longer keeps: on demand, and of every tenant on schedule. Thread-safe.
 *
 * <p>One thread of its own. It first carries out what an earlier process left under way.
 */
public final class Purges implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Purges.class);

  /** Tenants whose entries are deleted together, so that a run is written again once for all. */
  private static final int MAX_TENANTS_AT_ONCE = 1_000;

  /** Ranges that are deleted together: what is under way is one bounded state. */
  private static final int MAX_RANGES_AT_ONCE = 100_000;

  /** Time from the start, or from a failure, to the beginning of the schedule. */
  private static final Duration FIRST = Duration.ofMinutes(10);

  private static final Duration STOP_TIMEOUT = Duration.ofMinutes(1);
  private static final Duration RETRY = Duration.ofSeconds(5);

  /** Number of attempts at what was left before the schedule begins, which tries it too. */
  private static final int RESUME_TRIES = 60;

  private final Dependencies dependencies;

  /**
   * Selections that are being purged; an entry that is left by a failure is replaced by the next
   * decision.
   */
  private final Map<TenantId, Selection> selections = new ConcurrentHashMap<>();

  private final OwnThread thread = new OwnThread("retention", this::run);

  record Dependencies(
      Configuration configuration,
      Retentions retentions,
      Erasures erasures,
      Closures closures,
      EventLog log,
      Deletions deletions,
      BeforePurge before,
      Supplier<String> ids,
      InstantSource clock,
      BooleanSupplier clockIsTrusted,
      Duration every) {}

  Purges(Dependencies dependencies) {
    this.dependencies = dependencies;
  }

  /**
   * A purge that is done.
   *
   * @param tenant the tenant of the entries
   * @param recordId the id of the entry that records it
   * @param recordSeq where that entry is
   * @param entries how many entries were deleted
   * @param cutOff they were recorded before this
   */
  public record Purged(
      TenantId tenant, String recordId, long recordSeq, long entries, Instant cutOff) {}

  /**
   * Deletes what is due of one tenant; returns when no file holds it any more.
   *
   * @param by the person or key that asks for it
   * @param reason why, beside that it is due
   * @return one purge, several where holds cut the entries into many ranges, or none
   * @throws IOException when it cannot be done now; it then is at the next start at the latest
   */
  public List<Purged> purge(Tenant tenant, ChangedBy by, String reason)
      throws IOException, InterruptedException {
    List<Purged> all = new ArrayList<>();
    while (true) {
      List<Purged> some =
          done(
              dependencies
                  .deletions()
                  .carryOut(() -> decide(tenant, by, reason).map(List::of).orElse(List.of())));
      all.addAll(some);
      if (some.isEmpty()) {
        return all;
      }
    }
  }

  /** Deletes what is due of every tenant. */
  public List<Purged> purgeAll() throws IOException, InterruptedException {
    List<Purged> all = new ArrayList<>();
    @Nullable TenantId after = null;
    while (true) {
      List<Tenant> page = dependencies.configuration().tenants(after, MAX_TENANTS_AT_ONCE);
      if (page.isEmpty()) {
        return all;
      }
      after = page.getLast().tenant();
      List<Purged> some;
      do {
        some = done(dependencies.deletions().carryOut(() -> decide(page)));
        all.addAll(some);
      } while (!some.isEmpty() && !thread.isStopping());
    }
  }

  private List<Deletion> decide(List<Tenant> tenants) throws IOException, InterruptedException {
    List<Deletion> deletions = new ArrayList<>();
    int ranges = 0;
    for (Tenant tenant : tenants) {
      Optional<Deletion> deletion = decide(tenant, ChangedBy.SYSTEM, "retention");
      if (deletion.isPresent()) {
        deletions.add(deletion.get());
        ranges += deletion.get().entries().ranges().size();
      }
      if (ranges > MAX_RANGES_AT_ONCE || thread.isStopping()) {
        break;
      }
    }
    // Asked last: a clock that jumped before it was read is doubted from then on.
    return dependencies.clockIsTrusted().getAsBoolean() ? deletions : List.of();
  }

  private Optional<Deletion> decide(Tenant tenant, ChangedBy by, String reason)
      throws IOException, InterruptedException {
    TenantId id = tenant.tenant();
    Instant now = Instant.ofEpochMilli(dependencies.clock().millis());
    RetentionTerms terms = dependencies.retentions().terms(tenant);
    Optional<Instant> cutOff = terms.cutOff(terms.period(), now);
    if (cutOff.isEmpty() || dependencies.log().stoppedBecause(id).isPresent()) {
      return Optional.empty();
    }
    Selection selection = dependencies.retentions().due(tenant, cutOff.get(), now);
    if (selection.ranges().isEmpty()) {
      dependencies.retentions().settle(id, selection);
      return Optional.empty();
    }
    selections.put(id, selection);
    String recordId = "purge-" + dependencies.ids().get();
    Integer left = dependencies.before().carryOver(id, selection.ranges(), recordId);
    return Optional.of(
        new Deletion(
            id,
            Deletion.Kind.PURGE,
            recordId,
            now,
            by,
            reason,
            terms.period().jsonName(),
            null,
            List.of(),
            cutOff.get(),
            Deletions.setDigest(dependencies.log(), id, selection.ranges()),
            selection.ranges(),
            left));
  }

  private List<Purged> done(List<Deletions.Done> done) {
    List<Purged> result = new ArrayList<>();
    for (Deletions.Done one : done) {
      Deletion deletion = one.deletion();
      Selection selection = selections.remove(deletion.tenant());
      if (selection != null) {
        dependencies.retentions().settle(deletion.tenant(), selection);
      }
      Instant cutOff = deletion.cutOff();
      if (deletion.kind() == Deletion.Kind.PURGE && cutOff != null) {
        result.add(
            new Purged(
                deletion.tenant(),
                deletion.recordId(),
                one.recordSeq(),
                deletion.entries().count(),
                cutOff));
      }
    }
    return result;
  }

  /** Starts the schedule. */
  public void start() {
    thread.start();
  }

  private void run(OwnThread self) throws InterruptedException {
    for (int tries = 0; tries < RESUME_TRIES && !resumed(); tries++) {
      if (!self.rest(RETRY)) {
        return;
      }
    }
    Duration again = dependencies.every().compareTo(FIRST) < 0 ? dependencies.every() : FIRST;
    Duration wait = again;
    while (self.rest(wait)) {
      wait = purgedAll() ? dependencies.every() : again;
    }
  }

  private boolean resumed() throws InterruptedException {
    try {
      dependencies.deletions().resume();
      dependencies.erasures().goOn();
      dependencies.closures().goOn();
      return true;
    } catch (IOException | RuntimeException e) {
      LOG.warn("a deletion that is under way cannot go on; trying again", e);
      return false;
    }
  }

  private boolean purgedAll() throws InterruptedException {
    // Each by itself: a request that cannot be carried out keeps nothing else from being deleted.
    boolean erased = wentOn(dependencies.erasures()::goOn);
    boolean closed = wentOn(dependencies.closures()::goOn);
    return purgedDue() && erased && closed;
  }

  @FunctionalInterface
  private interface Going {
    void on() throws IOException, InterruptedException;
  }

  private static boolean wentOn(Going going) throws InterruptedException {
    try {
      going.on();
      return true;
    } catch (IOException | RuntimeException e) {
      LOG.error("a deletion that was asked for could not be finished; trying again later", e);
      return false;
    }
  }

  private boolean purgedDue() throws InterruptedException {
    try {
      if (!dependencies.clockIsTrusted().getAsBoolean()) {
        LOG.warn("nothing is deleted by schedule while the clock is doubted");
        return false;
      }
      List<Purged> purged = purgeAll();
      LOG.info(
          "retention: {} entries of {} tenants were due and are deleted",
          purged.stream().mapToLong(Purged::entries).sum(),
          purged.stream().map(Purged::tenant).distinct().count());
      return true;
    } catch (IOException | RuntimeException e) {
      LOG.error("what is due could not be deleted; trying again later", e);
      return false;
    }
  }

  /** Stops the schedule after the deletion that is under way. */
  @Override
  public void close() {
    thread.askToStop();
    boolean _ = thread.join(STOP_TIMEOUT);
  }
}
