package dev.indelible.server;

import dev.indelible.server.disk.Disk;
import dev.indelible.server.journal.FileJournal;
import dev.indelible.server.journal.JournalListener;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Opens journals, and knows the newest time that was in any of them. Not thread-safe. */
final class Journals {

  private final Disk disk;
  private final InstantSource clock;
  private final SecureRandom random;
  private final StartedParts started;
  private Optional<Instant> newest = Optional.empty();

  Journals(Disk disk, InstantSource clock, SecureRandom random, StartedParts started) {
    this.disk = disk;
    this.clock = clock;
    this.random = random;
    this.started = started;
  }

  /** Opens the journal in a directory, which is closed with the other parts. */
  FileJournal open(Path directory, int segmentBytes, JournalListener listener) throws IOException {
    FileJournal opened =
        started.keep(
            directory.toString(),
            FileJournal.open(
                disk,
                directory,
                FileJournal.Options.of(clock, random)
                    .withSegmentBytes(segmentBytes)
                    .withListener(listener)));
    opened
        .newestAtStart()
        .filter(found -> newest.isEmpty() || found.isAfter(newest.get()))
        .ifPresent(found -> newest = Optional.of(found));
    return opened;
  }

  /** The newest time that any of them had when it was opened. */
  Optional<Instant> newest() {
    return newest;
  }
}
