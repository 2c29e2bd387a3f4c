package dev.indelible.server;

import dev.indelible.ports.journal.Position;
import dev.indelible.server.access.Scopes;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.index.EventIndex;
import dev.indelible.server.index.IndexHome;
import dev.indelible.server.index.IndexOpening;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.log.IdIndex;
import dev.indelible.server.search.IndexFold;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The search index as it was found, or an empty one beside it where that could not be used: the log
 * has everything that it needs to be built again.
 */
final class SearchIndex {

  private static final Logger LOG = LoggerFactory.getLogger(SearchIndex.class);

  private final IndexHome home;
  private final EventIndex index;
  private final IndexHome.@Nullable Building building;

  private SearchIndex(IndexHome home, EventIndex index, IndexHome.@Nullable Building building) {
    this.home = home;
    this.index = index;
    this.building = building;
  }

  /**
   * Opens the index, or starts a new one when it is missing, damaged, or lacks entries that are
   * sealed.
   */
  static SearchIndex open(Path directory, Position sealedThrough) throws IOException {
    IndexHome home = new IndexHome(directory);
    switch (home.open(false)) {
      case IndexOpening.Opened(EventIndex index) -> {
        if (index.committed().compareTo(sealedThrough) >= 0) {
          home.deleteUnused();
          return new SearchIndex(home, index, null);
        }
        LOG.warn("the search index lacks sealed entries and is built again");
        index.close();
      }
      case IndexOpening.Unusable(IndexOpening.Reason reason, String detail) -> {
        if (reason != IndexOpening.Reason.MISSING) {
          LOG.warn("the search index cannot be used and is built again: {}", detail);
        }
      }
    }
    return startNew(home);
  }

  /** Starts a new index beside the one that is there. */
  static SearchIndex startNew(Path directory) throws IOException {
    return startNew(new IndexHome(directory));
  }

  private static SearchIndex startNew(IndexHome home) throws IOException {
    IndexHome.Building building = home.build();
    return new SearchIndex(home, building.index(), building);
  }

  /**
   * Reads the index's files from the disk. An index that is damaged is built again at the next
   * start.
   *
   * @param read is told how many bytes were read, every so often
   * @throws IOException when it is damaged, with the file's name; or when that could not be found
   *     out, because there were too many open files, say
   */
  void check(LongConsumer read) throws IOException {
    try {
      index.checkIntegrity(read);
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException | InternalError e) {
      condemn();
      throw new IOException(e.getMessage() + "; it is built again at the next start", e);
    }
  }

  /** Finds out whether it was damage that something could not be indexed for. */
  void examine(Throwable failure) {
    try {
      check(_ -> {});
    } catch (IOException | RuntimeException e) {
      LOG.error("what the index failed for", failure);
      LOG.error("THE SEARCH INDEX: {}", e.getMessage(), e);
    }
  }

  private synchronized void condemn() throws IOException {
    home.condemn();
  }

  /** Index by id for the log, which reports when an answer was wrong. */
  IdIndex ids() {
    return new IdIndex() {
      private final AtomicBoolean condemned = new AtomicBoolean();

      @Override
      public OptionalLong find(TenantId tenant, String id) throws IOException {
        return index.find(Scopes.ofTheProgram(tenant), id);
      }

      @Override
      public void contradicted(String how, @Nullable Throwable cause) {
        if (condemned.getAndSet(true)) {
          return;
        }
        LOG.error(
            "THE SEARCH INDEX IS DAMAGED and is built again at the next start; until then searches"
                + " may miss entries, and known ids are looked up slowly: {}",
            how,
            cause);
        try {
          condemn();
        } catch (IOException e) {
          LOG.error("the damaged search index could not be taken out of use", e);
        }
      }
    };
  }

  EventIndex index() {
    return index;
  }

  /** Fills a new index with everything that is sealed and puts it in the place of the old one. */
  void complete(EventLog log) throws IOException {
    if (building != null) {
      IndexFold.rebuild(index, log);
      home.promote(building);
      home.deleteUnused();
    }
    index.refresh();
  }
}
