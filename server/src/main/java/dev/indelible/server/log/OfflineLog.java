package dev.indelible.server.log;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.ports.journal.Journal;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.RunCache;
import dev.indelible.server.run.RunReader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The log of a data directory as it is: its runs, and the entries that a start would make of the
 * rest of the events journal. Nothing is written, sealed or merged.
 *
 * <p>Holds the entries of the journal's rest in memory, as a server does. Not thread-safe.
 */
public final class OfflineLog implements AutoCloseable {

  /** Configuration under which nothing is ever due to be sealed. */
  private static final LogConfig NEVER_SEALING =
      new LogConfig(
          Long.MAX_VALUE, Duration.ofDays(365_000), Long.MAX_VALUE, Integer.MAX_VALUE, 0, 1L << 20);

  /** The runs are read instead. */
  private static final IdIndex NO_INDEX = (_, _) -> OptionalLong.empty();

  private final RunCache cache;
  private final LogState state;

  private OfflineLog(RunCache cache, LogState state) {
    this.cache = cache;
    this.state = state;
  }

  /**
   * Opens the log and sequences the rest of the journal.
   *
   * @param underWay deletions that a crash left under way
   * @throws IOException when a run or the manifest cannot be opened
   * @throws JournalReplayException when the rest of the journal cannot be sequenced
   */
  public static OfflineLog open(
      BlobStore blobs,
      Journal journal,
      EntryIds ids,
      ContentComparison comparison,
      List<ReleasedIds.UnderWay> underWay)
      throws IOException, InterruptedException {
    InstantSource clock = InstantSource.fixed(Instant.EPOCH);
    RunCache cache = new RunCache(NEVER_SEALING.blockCacheBytes());
    BlobStore named = new NamedRuns(blobs);
    LogState state = LogState.open(named, new SealedRun.Opener(named, cache), clock.millis());
    OfflineLog log = new OfflineLog(cache, state);
    Tickets tickets = new Tickets(0, NEVER_SEALING.maxInFlightBytes());
    ReleasedIds released = new ReleasedIds();
    for (ReleasedIds.UnderWay deletion : underWay) {
      boolean sealed = log.scan(deletion.tenant(), deletion.recordId(), ids).isPresent();
      released.expect(deletion, sealed);
    }
    Sequencer sequencer =
        new Sequencer(
            journal,
            state,
            new DuplicateCheck(state, NO_INDEX, ids, comparison, released),
            List.of(),
            new Growth(),
            NEVER_SEALING,
            clock,
            tickets,
            released);
    sequencer.start();
    sequencer.stop();
    Throwable failure = sequencer.failure();
    if (failure != null) {
      log.close();
      throw new JournalReplayException(failure);
    }
    return log;
  }

  private OptionalLong scan(TenantId tenant, String id, EntryIds ids) throws IOException {
    View view = state.acquire();
    try {
      return view.scanForId(tenant, id, ids, _ -> false);
    } finally {
      view.release();
    }
  }

  /** The rest of the journal cannot be sequenced. */
  public static final class JournalReplayException extends IOException {
    private static final long serialVersionUID = 1L;

    JournalReplayException(Throwable cause) {
      super(String.valueOf(cause.getMessage()), cause);
    }
  }

  /** The runs, oldest first; open until this is closed. */
  public List<RunReader> runs() {
    View view = state.acquire();
    try {
      List<RunReader> readers = new ArrayList<>();
      for (SealedRun run : view.runs) {
        readers.add(run.reader());
      }
      return readers;
    } finally {
      view.release();
    }
  }

  /** The entries that are in the journal alone, by tenant, each tenant's in order. */
  public SortedMap<TenantId, List<FreshEntry>> rest() {
    SortedMap<TenantId, List<FreshEntry>> rest = new TreeMap<>();
    state.current().sorted().forEach((tenant, slice) -> rest.put(tenant, slice.toList()));
    return rest;
  }

  @Override
  public void close() {
    state.close();
    cache.close();
  }

  /** A store in which there is no blob but those that the manifest names, and nothing changes. */
  private record NamedRuns(BlobStore store) implements BlobStore {

    @Override
    public Blob open(String name) throws IOException {
      return store.open(name);
    }

    @Override
    public Optional<State> state(String name) throws IOException {
      return store.state(name);
    }

    @Override
    public List<String> list(String prefix) {
      return List.of();
    }

    @Override
    public boolean putIfAbsent(String name, Content content) throws IOException {
      throw new IOException(name + ": nothing is written here");
    }

    @Override
    public void delete(String name) throws IOException {
      throw new IOException(name + ": nothing is deleted here");
    }

    @Override
    public boolean compareAndSetState(String name, long expectedVersion, byte[] bytes)
        throws IOException {
      throw new IOException(name + ": nothing is written here");
    }

    @Override
    public void close() {}
  }
}
