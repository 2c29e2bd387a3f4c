package dev.indelible.server.log;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.ports.journal.Journal;
import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.ports.journal.Position;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.RunRewriter;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.share.ReadPool;
import dev.indelible.verify.Hash;
import dev.indelible.verify.TreeHasher;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every tenant's log: events go in and are acknowledged when they are durable and sequenced;
 * entries come out by sequence number.
 *
 * <p>Thread-safe. A read sees every entry whose append was acknowledged before it began.
 */
public final class EventLog implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

  /** Readers that are not in a hurry let others read after every so many entries. */
  private static final long PASS_MASK = 63;

  private final Journal journal;
  private final LogState state;
  private final Tickets tickets;
  private final Sequencer sequencer;
  private final Sealer sealer;
  private final Merger merger;
  private final Rewriting rewriting;
  private final ReleasedIds released;
  private final EntryIds ids;
  private final Growth growth;
  private final java.time.InstantSource clock;
  private final Map<TenantId, String> stopped = new ConcurrentHashMap<>();

  EventLog(LogParts parts) {
    this.journal = parts.journal();
    this.state = parts.state();
    this.tickets = parts.tickets();
    this.sequencer = parts.sequencer();
    this.sealer = parts.sealer();
    this.merger = parts.merger();
    this.rewriting = parts.rewriting();
    this.released = parts.released();
    this.ids = parts.ids();
    this.growth = parts.growth();
    this.clock = parts.clock();
  }

  /** Services that a log works with. */
  record LogParts(
      Journal journal,
      LogState state,
      Tickets tickets,
      Sequencer sequencer,
      Sealer sealer,
      Merger merger,
      Rewriting rewriting,
      ReleasedIds released,
      EntryIds ids,
      Growth growth,
      java.time.InstantSource clock) {}

  /**
   * Starts to sequence, from where the runs end, and to seal; returns when all that was in the
   * journal is sequenced again. Before that a read would miss entries that an earlier process
   * acknowledged, and the search index may know entries that the log does not have yet.
   */
  public void start() throws IOException, InterruptedException {
    start(List.of());
  }

  /**
   * Starts likewise, with deletions that an earlier process left under way: the ids of what they
   * delete are free behind their records.
   */
  public void start(List<ReleasedIds.UnderWay> underWay) throws IOException, InterruptedException {
    for (ReleasedIds.UnderWay deletion : underWay) {
      released.expect(deletion, isSealed(deletion));
    }
    try {
      state.own();
    } catch (IOException e) {
      // A full disk keeps no log from starting; whoever writes a run tries again.
      LOG.warn("the log cannot be taken over yet; trying again before anything is sealed", e);
    }
    sequencer.start();
    sealer.start();
    merger.start();
    sequencer.awaitCaughtUp();
  }

  private boolean isSealed(ReleasedIds.UnderWay deletion) throws IOException {
    return scanForId(deletion.tenant(), deletion.recordId()).isPresent();
  }

  /**
   * Appends events, all or none of them. The future completes when they are durable and sequenced,
   * with an outcome for each in their order, or exceptionally with {@link
   * JournalUnavailableException}.
   *
   * @throws JournalUnavailableException when they are refused at once
   */
  public CompletableFuture<List<Outcome>> append(List<NewEntry> entries) {
    long ticket = tickets.next();
    byte[] payload = JournalBatchCodec.encode(ticket, entries);
    CompletableFuture<List<Outcome>> outcomes =
        tickets.open(ticket, entries.size(), payload.length);
    Throwable failure = sequencer.failure();
    if (failure != null) {
      tickets.fail(
          ticket,
          new JournalUnavailableException(
              JournalUnavailableException.Cause.FAILED, "the sequencer has stopped", failure));
      return outcomes;
    }
    CompletableFuture<Journal.Appended> _ =
        journal
            .append(payload)
            .whenComplete(
                (appended, refused) -> {
                  if (refused != null) {
                    tickets.fail(ticket, refused);
                  }
                });
    return outcomes;
  }

  /** Tells when logs have grown. */
  public Growth growth() {
    return growth;
  }

  /** How many entries the tenant's log has. */
  public long size(TenantId tenant) throws IOException {
    View view = state.acquire();
    try {
      return view.size(tenant);
    } finally {
      view.release();
    }
  }

  /** End of the tenant's log: its size and tree belong together. */
  public TenantHead head(TenantId tenant) throws IOException {
    return state.head(tenant);
  }

  /**
   * The hashes of the tenant's leaves from {@code from} to before {@code to}.
   *
   * @throws IllegalArgumentException when the log has not got all of them
   */
  public List<Hash> leafHashes(TenantId tenant, long from, long to) throws IOException {
    View view = state.acquire();
    try {
      return view.leafHashes(tenant, from, to);
    } finally {
      view.release();
    }
  }

  /**
   * The roots of the tenant's complete subtrees of 256 leaves from {@code from} to before {@code
   * to}: the hashes of level 1 of its tiles.
   *
   * @throws IllegalArgumentException when the log has not got all of them
   */
  public List<Hash> subtrees(TenantId tenant, long from, long to) throws IOException {
    View view = state.acquire();
    try {
      return view.subtrees(tenant, from, to);
    } finally {
      view.release();
    }
  }

  /** Whether entries of the tenant are still in memory. */
  public boolean hasFresh(TenantId tenant) {
    View view = state.acquire();
    try {
      return view.hasFresh(tenant);
    } finally {
      view.release();
    }
  }

  /**
   * Stops one tenant's log until the program is started again: events for it are to be refused. The
   * others go on.
   */
  public void stop(TenantId tenant, String reason) {
    if (stopped.putIfAbsent(tenant, reason) == null) {
      LOG.error("THE LOG OF TENANT {} IS STOPPED, nothing is recorded in it: {}", tenant, reason);
    }
  }

  /** Reason why the tenant's log is stopped, or empty when it is not. */
  public Optional<String> stoppedBecause(TenantId tenant) {
    return Optional.ofNullable(stopped.get(tenant));
  }

  /** How many tenants' logs are stopped. */
  public int stoppedLogs() {
    return stopped.size();
  }

  /**
   * Lets entries have their places from now on although nothing can be sealed, as on a full disk:
   * they stay in memory. For a log that is about to be closed, so that nobody waits for them.
   */
  public void stopWaiting() {
    state.stopWaiting();
  }

  /**
   * Waits until what was durable at the start is sequenced again.
   *
   * @return false when the sequencer stopped before
   */
  public boolean awaitReplayed() throws InterruptedException {
    return sequencer.awaitReplayed();
  }

  /**
   * The root of the tenant's tree as it is when no event is being appended; of the empty tree when
   * it has no entry.
   */
  public Hash root(TenantId tenant) throws IOException {
    return state.head(tenant).frontier().root(new TreeHasher());
  }

  /**
   * The entries at {@code seqs}, in that order.
   *
   * @throws IllegalArgumentException when the log has not got one of them
   */
  public List<StoredEntry> get(TenantId tenant, long[] seqs) throws IOException {
    View view = state.acquire();
    try {
      return view.get(tenant, seqs);
    } finally {
      view.release();
    }
  }

  /**
   * Number of times that parts of entries were removed since the start. What is stored of an entry
   * changes with it alone: whatever was {@linkplain #read read} of this edition is what is stored.
   */
  public long edition() {
    return state.edition();
  }

  /**
   * Entries as they were stored at one moment.
   *
   * @param edition the edition of that moment
   * @param entries the entries, in the order asked for
   */
  public record Read(long edition, List<StoredEntry> entries) {}

  /**
   * Reads the entries at {@code seqs}, in that order, of one edition.
   *
   * @throws IllegalArgumentException when the log has not got one of them
   */
  public Read read(TenantId tenant, long[] seqs) throws IOException {
    View view = state.acquire();
    try {
      return new Read(view.edition, view.get(tenant, seqs));
    } finally {
      view.release();
    }
  }

  /**
   * Gives {@code consumer} the entries from {@code fromSeq} to before {@code toSeq}, in order,
   * until it has enough.
   */
  public void forEach(TenantId tenant, long fromSeq, long toSeq, EntryConsumer consumer)
      throws IOException {
    View view = state.acquire();
    try {
      view.forEach(
          tenant,
          fromSeq,
          toSeq,
          entry -> {
            if ((entry.seq() & PASS_MASK) == 0) {
              ReadPool.pass();
            }
            return consumer.accept(entry);
          });
    } finally {
      view.release();
    }
  }

  /** The sequence number of the entry of that id, if it is among those still in memory. */
  public OptionalLong findFresh(TenantId tenant, String id) {
    View view = state.acquire();
    try {
      FreshEntry found = view.findFresh(tenant, id);
      return found == null ? OptionalLong.empty() : OptionalLong.of(found.seq());
    } finally {
      view.release();
    }
  }

  /**
   * The sequence number of the sealed entry of that id, found by reading the tenant's entries: for
   * when there is no index.
   */
  public OptionalLong scanForId(TenantId tenant, String id) throws IOException {
    View view = state.acquire();
    try {
      return view.scanForId(tenant, id, ids, _ -> false);
    } finally {
      view.release();
    }
  }

  /**
   * Gives {@code consumer} every sealed entry, tenant by tenant within each run, oldest run first.
   */
  public void forEachSealed(SealedConsumer consumer) throws IOException {
    View view = state.acquire();
    try {
      for (SealedRun run : view.runs) {
        run.forEach(consumer);
      }
    } finally {
      view.release();
    }
  }

  /** The names of the runs, in the blob store, that are the log now; oldest first. */
  public List<String> runNames() {
    View view = state.acquire();
    try {
      return view.runs.stream().map(SealedRun::name).toList();
    } finally {
      view.release();
    }
  }

  /** Takes the sealed entries of every tenant. */
  @FunctionalInterface
  public interface SealedConsumer {
    /** Takes an entry. */
    void accept(TenantId tenant, StoredEntry entry) throws IOException;
  }

  /** Position of the journal before which everything is in runs. */
  public Position sealedThrough() {
    return state.sealedThrough();
  }

  /** Position likewise, of the log in {@code blobs}, without opening it. */
  public static Position sealedThrough(BlobStore blobs) throws IOException {
    return blobs
        .state(Manifest.STATE)
        .map(state -> Manifest.decode(state.bytes()).sealedThrough())
        .orElse(Position.START);
  }

  /** Entries whose ids are free although they are not gone yet. */
  public ReleasedIds releasedIds() {
    return released;
  }

  /**
   * Seals everything that is sequenced, however young it is, and cuts the journal behind it.
   *
   * @throws IOException when that takes longer than {@code timeout}
   */
  public void sealAll(Duration timeout) throws IOException, InterruptedException {
    Position through = sequencer.reached();
    sequencer.sealThrough(through);
    if (!state.awaitSealed(through, timeout.toMillis())) {
      throw new IOException("what is in memory was not sealed within " + timeout);
    }
    journal.forget(through);
  }

  /**
   * Removes parts of sealed entries: writes the runs that hold them again. Nothing else of the log
   * changes, its trees least of all.
   *
   * @param treatments the treatment of the entries of a tenant; only sealed ones may be meant
   * @return how many runs were written again
   */
  public int rewrite(Map<TenantId, RunRewriter.Treatments> treatments) throws IOException {
    return rewriting.rewrite(treatments);
  }

  /** How far the journal has been sequenced. */
  public Position sequencedThrough() {
    return sequencer.reached();
  }

  /** Whether events are sequenced; once false, only a restart helps. */
  public boolean isHealthy() {
    return sequencer.failure() == null;
  }

  /** Figures for metrics. */
  public LogStatistics statistics() {
    View view = state.acquire();
    try {
      long sealedEntries = 0;
      long sealedBytes = 0;
      for (SealedRun run : view.runs) {
        sealedEntries += run.entryCount();
        sealedBytes += run.sizeBytes();
      }
      long freshEntries = view.current.entryCount();
      for (Generation generation : view.frozen) {
        freshEntries += generation.entryCount();
      }
      return new LogStatistics(
          view.runs.size(),
          sealedEntries,
          sealedBytes,
          freshEntries,
          tickets.inFlightBytes(),
          tickets.inFlightEvents(),
          tickets.oldestNanos());
    } finally {
      view.release();
    }
  }

  /**
   * Figures of the log.
   *
   * @param runs how many runs there are
   * @param sealedEntries entries in them
   * @param sealedBytes their size
   * @param freshEntries entries in memory
   * @param inFlightBytes events appended and not yet sequenced
   * @param inFlightEvents how many these are
   * @param inFlightNanos how long the oldest of them has waited
   */
  public record LogStatistics(
      int runs,
      long sealedEntries,
      long sealedBytes,
      long freshEntries,
      long inFlightBytes,
      long inFlightEvents,
      long inFlightNanos) {}

  /**
   * Sequences and seals what is durable, then stops. The journal is to refuse appends before; it is
   * not closed here. A log that is not closed loses nothing: the next start reads the journal
   * again.
   */
  @Override
  public void close() {
    try {
      stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stop() throws InterruptedException {
    state.stopWaiting();
    sequencer.stop();
    merger.stop();
    if (sealer.stop() && sequencer.failure() == null && !state.current().isEmpty()) {
      state.freeze(clock.millis());
      sealer.sealRest();
    }
    state.close();
  }
}
