package dev.indelible.server;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.server.blob.DirectoryBlobStore;
import dev.indelible.server.disk.SystemDisk;
import dev.indelible.server.index.EventIndex;
import dev.indelible.server.index.IndexStats;
import dev.indelible.server.journal.FileJournal;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.log.EventLogBuilder;
import dev.indelible.server.retention.DeletionsUnderWay;
import dev.indelible.server.search.EntryReader;
import dev.indelible.server.search.IndexFold;
import dev.indelible.server.search.StoredComparison;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/**
 * Builds the search index anew from runs and journal, while no server runs.
 *
 * <p>The new index is built beside the old one and takes its place when it has everything that is
 * sealed; a rebuild that is broken off leaves the old one.
 */
public final class IndexRebuild {

  private IndexRebuild() {}

  /**
   * Builds it.
   *
   * @return what was built
   * @throws IOException when a file cannot be used, or a server has the data directory
   */
  public static IndexStats run(ServerConfig config) throws IOException, InterruptedException {
    DataDirectory data = new DataDirectory(config.data());
    if (!Files.isDirectory(data.eventsJournal())) {
      throw new IOException(data.root() + " is no data directory: it has no journal");
    }
    InstantSource clock = InstantSource.system();
    SecureRandom random = new SecureRandom();
    SystemDisk disk = new SystemDisk();
    // Opening the journal takes its lock, so that no server can be at work on the directory.
    try (FileJournal journal =
            FileJournal.open(
                disk,
                data.eventsJournal(),
                FileJournal.Options.of(clock, random).withSegmentBytes(config.segmentBytes()));
        BlobStore blobs = DirectoryBlobStore.open(disk, data.blobs())) {
      EntryReader reader = new EntryReader();
      SearchIndex building = SearchIndex.startNew(data.index());
      try (EventIndex index = building.index()) {
        IndexFold fold = new IndexFold(index, config.indexRefresh(), building::examine);
        EventLogBuilder builder =
            new EventLogBuilder(
                journal,
                blobs,
                config.log(),
                clock,
                random.nextLong(),
                reader,
                new StoredComparison(reader));
        EventLog log = builder.open(building.ids(), List.of(fold));
        building.complete(log);
        fold.start();
        log.start(DeletionsUnderWay.purges(blobs));
        // Closing reads the rest of the journal, seals and indexes it.
        log.close();
        fold.close();
        index.refresh();
        return index.stats();
      }
    }
  }
}
