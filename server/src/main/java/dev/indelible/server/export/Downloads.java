package dev.indelible.server.export;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.indelible.server.access.Standing;
import java.time.Duration;
import java.time.InstantSource;

/** Downloads that were begun and recorded: a further part of one is not another. Thread-safe. */
final class Downloads {

  /** Time within which a part has to follow the one before. */
  static final Duration WITHIN = Duration.ofHours(1);

  /** The most downloads that are remembered; one more is recorded again. */
  static final int MAX_REMEMBERED = 10_000;

  private final Cache<Download, Boolean> begun;

  /**
   * Download of a file.
   *
   * @param job the export
   * @param file hash of its file
   * @param kind kind of whoever takes it
   * @param who their id
   * @param user the user where a key speaks for several, or the id again
   */
  private record Download(String job, String file, ExportMaker.Kind kind, String who, String user) {
    static Download of(ExportJob job, ExportMaker by) {
      Standing standing = by.standing();
      return new Download(
          job.tenant().value() + "/" + job.id(),
          job.available().map(ExportJob.FileOf::sha256).orElse(""),
          by.kind(),
          by.id(),
          standing == null ? by.id() : standing.user().id());
    }
  }

  Downloads(InstantSource clock) {
    begun =
        Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .expireAfterAccess(WITHIN)
            .ticker(() -> Duration.ofMillis(clock.millis()).toNanos())
            .build();
  }

  /** Remembers one that was recorded. */
  void began(ExportJob job, ExportMaker by) {
    begun.put(Download.of(job, by), true);
  }

  /** Whether they began to take the file, or went on with it, not long ago. */
  boolean isUnderWay(ExportJob job, ExportMaker by) {
    return begun.getIfPresent(Download.of(job, by)) != null;
  }
}
