package dev.indelible.server.log;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.server.run.RunMerger;
import dev.indelible.server.run.RunReader;
import dev.indelible.server.thread.OwnThread;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merges runs in the background, so that there are few of them however often they are sealed.
 *
 * <p>A crash before the manifest names the merged run leaves a run that nobody names; a crash after
 * it leaves the sources, which nobody names any more. Both are deleted at the next start. One
 * thread.
 */
final class Merger {

  private static final Logger LOG = LoggerFactory.getLogger(Merger.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration RETRY = Duration.ofSeconds(30);

  private final BlobStore blobs;
  private final LogState state;
  private final LogConfig config;
  private final OwnThread thread;

  Merger(BlobStore blobs, LogState state, LogConfig config) {
    this.blobs = blobs;
    this.state = state;
    this.config = config;
    this.thread = new OwnThread("merger", this::run);
  }

  void start() {
    thread.start();
  }

  /** Ends after the merge that is under way. */
  void stop() {
    thread.stop();
  }

  private void run(OwnThread self) throws InterruptedException {
    boolean goOn = !self.isStopping();
    while (goOn) {
      try {
        goOn = mergeOnce() ? !self.isStopping() : self.rest(POLL);
      } catch (IOException | RuntimeException e) {
        LOG.error("runs could not be merged; trying again later", e);
        goOn = self.rest(RETRY);
      }
    }
  }

  private boolean mergeOnce() throws IOException {
    state.changingRuns().lock();
    try {
      return mergeOnceLocked();
    } finally {
      state.changingRuns().unlock();
    }
  }

  private boolean mergeOnceLocked() throws IOException {
    View view = state.acquire();
    try {
      List<SealedRun> sources = choose(view);
      if (sources == null) {
        return false;
      }
      long start = System.nanoTime();
      String name = state.nextRunName();
      List<RunReader> readers = sources.stream().map(SealedRun::reader).toList();
      RunMerger.merge(blobs, name, readers);
      state.merged(sources, name);
      LOG.info(
          "merged {} runs into {} in {} ms",
          sources.size(),
          name,
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
      return true;
    } finally {
      view.release();
    }
  }

  private @Nullable List<SealedRun> choose(View view) {
    List<SealedRun> runs = view.runs;
    int count =
        MergePolicy.runsToMerge(
            runs.stream().map(SealedRun::sizeBytes).toList(),
            config.mergeFactor(),
            config.maxMergedBytes());
    return count == 0 ? null : runs.subList(runs.size() - count, runs.size());
  }
}
