package dev.indelible.server.log;

import dev.indelible.ports.journal.Journal;
import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.ports.journal.Position;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.thread.OwnThread;
import dev.indelible.verify.Hash;
import dev.indelible.verify.LeafHasher;
import dev.indelible.verify.TreeHasher;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first fold: it reads the journal in order and gives each event its place in its tenant's log,
 * or finds that it was there before.
 *
 * <p>One thread. It owns the current generation and every frontier in it. All that it decides
 * follows from the journal's order, from the runs, and from the events themselves: after a crash it
 * starts where the manifest says that the runs end, reads the rest of the journal again, and
 * decides the same.
 */
final class Sequencer {

  private static final Logger LOG = LoggerFactory.getLogger(Sequencer.class);
  private static final Duration POLL = Duration.ofMillis(200);

  private final Journal journal;
  private final LogState state;
  private final DuplicateCheck duplicates;
  private final List<LogFollower> followers;
  private final Growth growth;
  private final LogConfig config;
  private final InstantSource clock;
  private final Tickets tickets;
  private final ReleasedIds released;
  private final LeafHasher leafHasher = new LeafHasher();
  private final TreeHasher treeHasher = new TreeHasher();
  private final OwnThread thread;
  private volatile @Nullable Throwable failure;
  private volatile Position reached;
  private final CountDownLatch caughtUp = new CountDownLatch(1);
  private final AtomicReference<Position> sealWanted = new AtomicReference<>(Position.START);
  private long nextOrdinal;

  Sequencer(
      Journal journal,
      LogState state,
      DuplicateCheck duplicates,
      List<LogFollower> followers,
      Growth growth,
      LogConfig config,
      InstantSource clock,
      Tickets tickets,
      ReleasedIds released) {
    this.released = released;
    this.journal = journal;
    this.state = state;
    this.duplicates = duplicates;
    this.followers = List.copyOf(followers);
    this.growth = growth;
    this.config = config;
    this.clock = clock;
    this.tickets = tickets;
    this.reached = state.sealedThrough();
    this.thread = new OwnThread("sequencer", this::run);
  }

  void start() {
    thread.start();
  }

  /** How far the journal has been sequenced. */
  Position reached() {
    return reached;
  }

  /** Waits until what was in the journal at the start is sequenced, or sequencing has failed. */
  void awaitCaughtUp() throws InterruptedException {
    caughtUp.await();
  }

  /** Reason why sequencing stopped, or null while it goes on. */
  @Nullable Throwable failure() {
    return failure;
  }

  /**
   * Waits until what the journal held at the start is sequenced.
   *
   * @return false when sequencing stopped before
   */
  boolean awaitReplayed() throws InterruptedException {
    caughtUp.await();
    return failure == null;
  }

  /** Sequences what is durable, then ends; entries in memory stay there. */
  void stop() {
    thread.stop();
  }

  private void run(OwnThread self) {
    try (Journal.Cursor cursor = journal.read(reached)) {
      while (true) {
        boolean last = self.isStopping();
        boolean wait = !last && caughtUp.getCount() == 0;
        Journal.Batch batch = cursor.next(wait ? POLL : Duration.ZERO);
        if (batch != null) {
          sequence(batch);
        } else if (last) {
          // When it is stopped during the start, whoever waits for that would wait for ever.
          caughtUp.countDown();
          return;
        } else {
          caughtUp.countDown();
        }
        sealWhenDue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(e);
    } catch (IOException | RuntimeException | Error e) {
      LOG.error("the sequencer stopped; events are refused until a restart", e);
      fail(e);
    }
  }

  private void fail(Throwable cause) {
    failure = cause;
    caughtUp.countDown();
    tickets.failAll(
        new JournalUnavailableException(
            JournalUnavailableException.Cause.FAILED, "the sequencer has stopped", cause));
  }

  private void sequence(Journal.Batch batch) throws IOException, InterruptedException {
    JournalBatchCodec.Decoded decoded = JournalBatchCodec.decode(batch.payload());
    List<Outcome> outcomes = new ArrayList<>(decoded.entries().size());
    List<FreshEntry> fresh = new ArrayList<>(decoded.entries().size());
    Generation generation = state.current();
    for (NewEntry entry : decoded.entries()) {
      Outcome seen = duplicates.check(entry);
      if (seen != null) {
        outcomes.add(seen);
        continue;
      }
      FreshEntry recorded = record(generation, entry, batch.appendedAtMillis());
      fresh.add(recorded);
      outcomes.add(new Outcome.Recorded(recorded.seq(), recorded.recordedAtMillis()));
    }
    generation.advance(batch.next());
    reached = batch.next();
    tickets.complete(decoded.ticket(), outcomes);
    if (!fresh.isEmpty()) {
      growth.grown();
    }
    for (LogFollower follower : followers) {
      follower.sequenced(fresh, batch.next());
    }
  }

  private FreshEntry record(Generation generation, NewEntry entry, long appendedAtMillis)
      throws IOException {
    TenantId tenant = entry.tenant();
    TenantSlice slice = generation.slice(tenant);
    if (slice == null) {
      TenantHead head = state.head(tenant);
      slice = new TenantSlice(head.frontier(), head.lastRecordedAtMillis());
      generation.addSlice(tenant, slice);
    }
    long recordedAtMillis = Math.max(appendedAtMillis, slice.lastRecordedAtMillis());
    EntryParts parts = entry.parts();
    Hash leafHash =
        leafHasher.hash(
            recordedAtMillis,
            parts.factsSalt(),
            parts.facts(),
            parts.personalSalt(),
            parts.personal());
    FreshEntry recorded =
        new FreshEntry(
            tenant, slice.nextSeq(), entry.id(), recordedAtMillis, parts, leafHash, nextOrdinal++);
    slice.append(recorded, treeHasher);
    generation.index(recorded);
    released.sequenced(entry);
    return recorded;
  }

  /** Seals everything before {@code position} soon, however young it is. Any thread. */
  void sealThrough(Position position) {
    sealWanted.accumulateAndGet(position, (a, b) -> a.compareTo(b) < 0 ? b : a);
  }

  private void sealWhenDue() throws InterruptedException {
    Generation generation = state.current();
    Position wanted = sealWanted.get();
    if (generation.from().compareTo(wanted) < 0 && generation.through().compareTo(wanted) >= 0) {
      state.freeze(clock.millis());
      return;
    }
    if (generation.isEmpty()) {
      return;
    }
    boolean old = clock.millis() - generation.startedAtMillis() >= config.sealAge().toMillis();
    if (old || generation.memoryBytes() >= config.sealBytes()) {
      state.freeze(clock.millis());
    }
  }
}
