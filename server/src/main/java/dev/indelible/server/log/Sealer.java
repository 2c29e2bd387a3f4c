package dev.indelible.server.log;

import dev.indelible.ports.journal.Journal;
import dev.indelible.server.thread.OwnThread;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns frozen generations into runs, oldest first, and cuts the journal behind them.
 *
 * <p>The steps of a seal, and what a crash after each leaves:
 *
 * <ol>
 *   <li>the run is written and durable: a run that no manifest names, deleted at the next start;
 *       the journal still has its events
 *   <li>every follower is durable through the run's end: the same, and a follower that is ahead of
 *       the manifest
 *   <li>the manifest names the run: the journal holds events that are in a run; the next start
 *       reads past them
 *   <li>the journal is cut
 * </ol>
 *
 * <p>One thread. When a step fails, for lack of room say, it is tried again; meanwhile generations
 * wait, and behind them the sequencer, and behind it whoever appends.
 */
final class Sealer {

  private static final Logger LOG = LoggerFactory.getLogger(Sealer.class);
  private static final long POLL_MILLIS = 500;
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Journal journal;
  private final LogState state;
  private final SealedRun.Writer writer;
  private final List<LogFollower> followers;
  private final OwnThread thread;

  Sealer(Journal journal, LogState state, SealedRun.Writer writer, List<LogFollower> followers) {
    this.journal = journal;
    this.state = state;
    this.writer = writer;
    this.followers = List.copyOf(followers);
    this.thread = new OwnThread("sealer", this::run);
  }

  void start() {
    thread.start();
  }

  /**
   * Seals what is frozen, then ends; what cannot be sealed is not tried again.
   *
   * @return whether all that was frozen is sealed
   */
  boolean stop() throws InterruptedException {
    thread.askToStop();
    state.wake();
    thread.join();
    return state.oldestFrozen(0, () -> true).isEmpty();
  }

  /** Seals on the caller's thread what was frozen since the sealer stopped; tries once. */
  void sealRest() throws InterruptedException {
    Optional<Generation> oldest = state.oldestFrozen(0, () -> true);
    if (oldest.isPresent()) {
      boolean _ = trySeal(oldest.get());
    }
  }

  private void run(OwnThread self) throws InterruptedException {
    while (true) {
      boolean last = self.isStopping();
      Optional<Generation> oldest = state.oldestFrozen(last ? 0 : POLL_MILLIS, self::isStopping);
      if (oldest.isPresent()) {
        if (!trySeal(oldest.get()) && self.isStopping()) {
          return;
        }
      } else if (last) {
        return;
      }
    }
  }

  private boolean trySeal(Generation generation) throws InterruptedException {
    try {
      seal(generation);
      return true;
    } catch (IOException | RuntimeException e) {
      LOG.error("a run could not be sealed; trying again", e);
      boolean _ = thread.rest(RETRY);
      return false;
    }
  }

  private void seal(Generation generation) throws IOException, InterruptedException {
    long start = System.nanoTime();
    if (generation.isEmpty()) {
      // Sealed on request: batches of repeated events alone, or none.
      for (LogFollower follower : followers) {
        follower.awaitDurable(generation.through());
      }
      state.sealedEmpty(generation);
      journal.forget(generation.through());
      return;
    }
    String name = state.nextRunName();
    writer.write(name, generation);
    for (LogFollower follower : followers) {
      follower.awaitDurable(generation.through());
    }
    state.sealed(generation, name);
    journal.forget(generation.through());
    LOG.info(
        "sealed {}: {} entries in {} ms",
        name,
        generation.entryCount(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
  }
}
