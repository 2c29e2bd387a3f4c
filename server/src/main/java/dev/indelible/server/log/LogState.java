package dev.indelible.server.log;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.ports.journal.Position;
import dev.indelible.server.event.TenantId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs and generations that make up the log, and the manifest that makes a change of the runs
 * durable.
 *
 * <p>Any thread reads, through a {@link View}. The sequencer freezes generations; the sealer turns
 * the oldest frozen one into a run; the merger turns adjacent runs into one. Each change swaps the
 * view under this object's lock.
 */
final class LogState implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LogState.class);

  private final BlobStore blobs;
  private final ReentrantLock changingRuns = new ReentrantLock();
  private final SealedRun.Opener opener;
  private volatile Manifest manifest; // written under this
  private long manifestVersion; // guarded by this
  private @Nullable RunNames names; // once it is owned; guarded by this
  private boolean leftoversAreGone; // guarded by this
  private boolean ending; // guarded by this
  private volatile View view;

  private LogState(
      BlobStore blobs,
      SealedRun.Opener opener,
      Manifest manifest,
      long manifestVersion,
      List<SealedRun> runs,
      long nowMillis) {
    this.blobs = blobs;
    this.opener = opener;
    this.manifest = manifest;
    this.manifestVersion = manifestVersion;
    this.view = new View(runs, List.of(), new Generation(manifest.sealedThrough(), nowMillis), 0);
    runs.forEach(SealedRun::release); // the view holds them now
  }

  /** Opens what the manifest names, to be read; {@link #own} is for whoever changes it. */
  static LogState open(BlobStore blobs, SealedRun.Opener opener, long nowMillis)
      throws IOException {
    Optional<BlobStore.State> state = blobs.state(Manifest.STATE);
    Manifest manifest = state.isPresent() ? Manifest.decode(state.get().bytes()) : Manifest.EMPTY;
    List<SealedRun> runs = new ArrayList<>();
    for (String name : manifest.runs()) {
      runs.add(opener.open(name));
    }
    return new LogState(
        blobs, opener, manifest, state.map(BlobStore.State::version).orElse(0L), runs, nowMillis);
  }

  /**
   * Takes the log over, unless that was done: from now on no earlier owner can change the manifest.
   * Then deletes the runs of earlier owners that it does not name, which nobody can name any more:
   * what a crash between writing and naming left, or between naming and deleting. Runs of later
   * owners are theirs.
   *
   * @throws IOException when it cannot be taken over now, or another has
   */
  synchronized void own() throws IOException {
    if (leftoversAreGone) {
      return;
    }
    if (names == null) {
      long owner = manifest.owner() + 1;
      commit(manifest.ownedBy(owner));
      names = new RunNames(owner);
    }
    Set<String> named = new HashSet<>(manifest.runs());
    for (String name : blobs.list(RunNames.PREFIX)) {
      if (!named.contains(name) && RunNames.ownerOf(name) < manifest.owner()) {
        LOG.info("deleting {}: no manifest names it", name);
        blobs.delete(name);
      }
    }
    leftoversAreGone = true;
  }

  /** The present view, retained for the caller, who releases it. */
  View acquire() {
    while (true) {
      View seen = view;
      if (seen.retain()) {
        return seen;
      }
    }
  }

  /** The edition of the present view. */
  long edition() {
    return view.edition;
  }

  Generation current() {
    return view.current;
  }

  TenantHead head(TenantId tenant) throws IOException {
    View seen = acquire();
    try {
      return seen.head(tenant);
    } finally {
      seen.release();
    }
  }

  Position sealedThrough() {
    return manifest.sealedThrough();
  }

  /**
   * Ends the current generation and begins another; waits while too many are waiting to be sealed.
   * Does nothing when that wait is ended by {@link #stopWaiting}. The sequencer's.
   */
  synchronized void freeze(long nowMillis) throws InterruptedException {
    while (view.frozen.size() >= LogConfig.MAX_FROZEN_GENERATIONS) {
      if (ending) {
        return;
      }
      wait();
    }
    View old = view;
    List<Generation> frozen = new ArrayList<>(old.frozen);
    frozen.add(old.current);
    swap(new View(old.runs, frozen, old.current.next(nowMillis), old.edition));
  }

  /** Stops all waits for a run to be sealed: on a full disk that may never be. */
  synchronized void stopWaiting() {
    ending = true;
    notifyAll();
  }

  /** Wakes waiting threads so that they check their condition again. */
  synchronized void wake() {
    notifyAll();
  }

  /**
   * The oldest frozen generation; waits for one for at most {@code timeoutMillis}, and not once
   * {@code ended} says so and {@link #wake} was called. The sealer's.
   */
  synchronized Optional<Generation> oldestFrozen(long timeoutMillis, BooleanSupplier ended)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeoutMillis * 1_000_000;
    long left;
    while (view.frozen.isEmpty()
        && !ended.getAsBoolean()
        && (left = (deadline - System.nanoTime()) / 1_000_000) > 0) {
      wait(left);
    }
    return view.frozen.isEmpty() ? Optional.empty() : Optional.of(view.frozen.getFirst());
  }

  /**
   * A name that no run has had.
   *
   * @throws IOException when the log could not be taken over yet
   */
  synchronized String nextRunName() throws IOException {
    own();
    return Objects.requireNonNull(names).next();
  }

  /**
   * Puts a run, written under {@code name}, in the place of the oldest frozen generation. The
   * sealer's.
   */
  synchronized void sealed(Generation generation, String name) throws IOException {
    View old = view;
    if (old.frozen.getFirst() != generation) {
      throw new IllegalStateException("generations are sealed in order");
    }
    List<String> runNames = new ArrayList<>(manifest.runs());
    runNames.add(name);
    SealedRun run = opener.open(name);
    try {
      commit(new Manifest(runNames, generation.through(), manifest.owner()));
      List<SealedRun> runs = new ArrayList<>(old.runs);
      runs.add(run);
      swap(new View(runs, old.frozen.subList(1, old.frozen.size()), old.current, old.edition));
    } finally {
      run.release();
    }
  }

  /** Takes note that the oldest frozen generation has nothing to seal. The sealer's. */
  synchronized void sealedEmpty(Generation generation) throws IOException {
    View old = view;
    if (old.frozen.getFirst() != generation || !generation.isEmpty()) {
      throw new IllegalStateException("generations are sealed in order, and not without a run");
    }
    own();
    commit(new Manifest(manifest.runs(), generation.through(), manifest.owner()));
    swap(new View(old.runs, old.frozen.subList(1, old.frozen.size()), old.current, old.edition));
  }

  /** Waits until everything before {@code position} is sealed; false when that takes too long. */
  synchronized boolean awaitSealed(Position position, long timeoutMillis)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeoutMillis * 1_000_000;
    while (manifest.sealedThrough().compareTo(position) < 0) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0 || ending) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  /** Held by whoever puts other runs in the place of runs: the merger and rewriting. */
  ReentrantLock changingRuns() {
    return changingRuns;
  }

  /**
   * Puts a merged run, written under {@code name}, in the place of the adjacent runs that it was
   * made from. The merger's.
   */
  void merged(List<SealedRun> sources, String name) throws IOException {
    replace(sources, name, 0);
  }

  /**
   * Puts a run without some parts of its source, written under {@code name}, in the place of that.
   * What was read of the log before is of an earlier edition from then on.
   */
  void rewritten(SealedRun source, String name) throws IOException {
    replace(List.of(source), name, 1);
  }

  private synchronized void replace(List<SealedRun> sources, String name, int editions)
      throws IOException {
    View old = view;
    int at = old.runs.indexOf(sources.getFirst());
    if (at < 0 || !old.runs.subList(at, at + sources.size()).equals(sources)) {
      throw new IllegalStateException("merged runs are no longer adjacent");
    }
    List<String> runNames = new ArrayList<>(manifest.runs());
    runNames.subList(at, at + sources.size()).clear();
    runNames.add(at, name);
    SealedRun run = opener.open(name);
    try {
      commit(new Manifest(runNames, manifest.sealedThrough(), manifest.owner()));
      List<SealedRun> runs = new ArrayList<>(old.runs);
      runs.subList(at, at + sources.size()).clear();
      runs.add(at, run);
      swap(new View(runs, old.frozen, old.current, old.edition + editions));
    } finally {
      run.release();
    }
    for (SealedRun source : sources) {
      blobs.delete(source.name());
    }
  }

  private void commit(Manifest changed) throws IOException {
    if (!blobs.compareAndSetState(Manifest.STATE, manifestVersion, changed.encode())) {
      throw new IOException("state " + Manifest.STATE + " was changed by another process");
    }
    manifest = changed;
    manifestVersion++;
  }

  private synchronized void swap(View next) {
    View old = view;
    view = next;
    old.release();
    notifyAll();
  }

  @Override
  public void close() {
    view.release();
  }
}
