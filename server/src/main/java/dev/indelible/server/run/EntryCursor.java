package dev.indelible.server.run;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Entries one after the other. Not thread-safe; holds nothing that needs closing. */
@FunctionalInterface
public interface EntryCursor {

  /**
   * The next entry, or null after the last.
   *
   * @throws RunException when the run cannot be read
   */
  @Nullable StoredEntry next() throws IOException;
}
