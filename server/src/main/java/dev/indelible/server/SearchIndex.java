package dev.indelible.server;

import dev.indelible.server.index.EventIndex;
import dev.indelible.server.index.IndexOpening;
import dev.indelible.server.index.LuceneIndex;
import dev.indelible.server.journal.Position;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The search index as it was found, or an empty one where none could be used: the log has
 * everything that it needs to be built again.
 *
 * @param index the index
 * @param empty whether it was just made
 */
record SearchIndex(EventIndex index, boolean empty) {

  private static final Logger LOG = LoggerFactory.getLogger(SearchIndex.class);

  static SearchIndex open(Path directory) throws IOException {
    return switch (LuceneIndex.open(directory, false)) {
      case IndexOpening.Opened(EventIndex index) -> new SearchIndex(index, false);
      case IndexOpening.Unusable(IndexOpening.Reason reason, String detail) -> {
        if (reason != IndexOpening.Reason.MISSING) {
          LOG.warn("the search index cannot be used and is built again: {}", detail);
        }
        yield new SearchIndex(LuceneIndex.create(directory), true);
      }
    };
  }

  /** Whether it lacks entries that are sealed: it was just made, or was put back from a backup. */
  boolean mustBeBuilt(Position sealedThrough) {
    return index.committed().compareTo(sealedThrough) < 0;
  }
}
