package dev.indelible.server;

import dev.indelible.server.access.KeyRing;
import dev.indelible.server.blob.BlobStore;
import dev.indelible.server.blob.DirectoryBlobStore;
import dev.indelible.server.disk.SystemDisk;
import dev.indelible.server.index.EventIndex;
import dev.indelible.server.index.IndexStats;
import dev.indelible.server.index.LuceneIndex;
import dev.indelible.server.journal.FileJournal;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.log.EventLogBuilder;
import dev.indelible.server.search.EntryReader;
import dev.indelible.server.search.IndexFold;
import dev.indelible.server.search.StoredComparison;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;

/**
 * Builds the search index anew from runs and journal, while no server runs.
 *
 * <p>The old index is deleted first. A rebuild that is broken off leaves an index that the next
 * start finds unusable and builds again.
 */
public final class IndexRebuild {

  private IndexRebuild() {}

  /**
   * Builds it.
   *
   * @return what was built
   * @throws IOException when a file cannot be used, or a server has the data directory
   */
  public static IndexStats run(ServerConfig config) throws IOException {
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
      deleteTree(data.index());
      EntryReader reader = new EntryReader();
      try (EventIndex index = LuceneIndex.create(data.index())) {
        IndexFold fold = new IndexFold(index, reader, config.indexRefresh());
        EventLogBuilder builder =
            new EventLogBuilder(
                journal,
                blobs,
                config.log(),
                clock,
                random.nextLong(),
                reader,
                new StoredComparison(reader));
        EventLog log = builder.open((tenant, id) -> find(index, tenant, id), List.of(fold));
        IndexFold.rebuild(index, reader, log);
        fold.start();
        log.start();
        // Closing reads the rest of the journal, seals and indexes it.
        log.close();
        fold.close();
        index.refresh();
        return index.stats();
      }
    }
  }

  private static OptionalLong find(
      EventIndex index, dev.indelible.server.event.TenantId tenant, String id) throws IOException {
    return index.find(KeyRing.ofTheProgram(tenant), id);
  }

  private static void deleteTree(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path visited, @org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
