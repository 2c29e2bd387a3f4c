package dev.indelible.server.log;

import dev.indelible.server.run.StoredEntry;
import java.io.IOException;

/** Takes entries one by one. */
@FunctionalInterface
public interface EntryConsumer {

  /** Takes an entry; returns whether it wants more. */
  boolean accept(StoredEntry entry) throws IOException;
}
