package dev.indelible.server.log;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.ports.journal.Journal;
import dev.indelible.server.run.RunCache;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;

/**
 * Opens an {@link EventLog}.
 *
 * @param journal the events journal
 * @param blobs where runs and the manifest are
 * @param config bounds
 * @param clock the system clock, or a test's
 * @param firstTicket a number that no earlier process is likely to have used, such as a random one
 * @param ids how ids are read back from entries
 * @param comparison how a repeated event is told from another one with the same id
 */
public record EventLogBuilder(
    Journal journal,
    BlobStore blobs,
    LogConfig config,
    InstantSource clock,
    long firstTicket,
    EntryIds ids,
    ContentComparison comparison) {

  /**
   * Opens the log as the manifest describes it; nothing is sequenced before {@link EventLog#start}.
   *
   * @param index finds sealed entries by id
   * @param followers are given what is sequenced
   */
  public EventLog open(IdIndex index, List<LogFollower> followers) throws IOException {
    RunCache cache = new RunCache(config.blockCacheBytes());
    LogState state = LogState.open(blobs, new SealedRun.Opener(blobs, cache), clock.millis());
    Tickets tickets = new Tickets(firstTicket, config.maxInFlightBytes());
    ReleasedIds released = new ReleasedIds();
    DuplicateCheck duplicates = new DuplicateCheck(state, index, ids, comparison, released);
    Growth growth = new Growth();
    Sequencer sequencer =
        new Sequencer(
            journal, state, duplicates, followers, growth, config, clock, tickets, released);
    Sealer sealer = new Sealer(journal, state, new SealedRun.Writer(blobs), followers);
    return new EventLog(
        new EventLog.LogParts(
            journal,
            state,
            tickets,
            sequencer,
            sealer,
            new Merger(blobs, state, config),
            new Rewriting(blobs, state, ids),
            released,
            ids,
            growth,
            clock));
  }
}
