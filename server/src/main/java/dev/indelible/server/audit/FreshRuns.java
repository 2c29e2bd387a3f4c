package dev.indelible.server.audit;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.server.run.RunCache;
import dev.indelible.server.run.RunReader;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of a log that is in use, opened anew: what is in the files now is read, not what the
 * server opened or keeps in memory. A run that the log has no longer is closed at the next look.
 * Not thread-safe.
 */
final class FreshRuns implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FreshRuns.class);

  /** Directory pages are worth keeping from one tenant to the next; blocks are not kept. */
  private static final long CACHE_BYTES = 4L << 20;

  /** Most times that runs may be replaced by others while they are opened. */
  private static final int MAX_TRIES = 100;

  private final BlobStore blobs;
  private final Supplier<List<String>> names;
  private final RunCache cache = new RunCache(CACHE_BYTES);
  private final Map<String, RunReader> open = new LinkedHashMap<>();
  private List<String> opened = List.of();

  FreshRuns(BlobStore blobs, Supplier<List<String>> names) {
    this.blobs = blobs;
    this.names = names;
  }

  /** The runs as they are now, oldest first; open until the next call. */
  List<RunReader> now() throws IOException {
    for (int tried = 1; ; tried++) {
      List<String> wanted = names.get();
      if (wanted.equals(opened)) {
        return List.copyOf(open.values());
      }
      try {
        reopen(wanted);
        return List.copyOf(open.values());
      } catch (NoSuchFileException e) {
        if (tried == MAX_TRIES || names.get().equals(wanted)) {
          throw e;
        }
      }
    }
  }

  private void reopen(List<String> wanted) throws IOException {
    opened = List.of();
    for (Iterator<RunReader> known = open.values().iterator(); known.hasNext(); ) {
      RunReader run = known.next();
      if (!wanted.contains(run.info().name())) {
        known.remove();
        close(run);
      }
    }
    Map<String, RunReader> next = new LinkedHashMap<>();
    for (String name : wanted) {
      RunReader known = open.get(name);
      if (known == null) {
        known = RunReader.open(blobs, name, cache);
        open.put(name, known);
      }
      next.put(name, known);
    }
    open.clear();
    open.putAll(next);
    opened = wanted;
  }

  private static void close(RunReader reader) {
    try {
      reader.close();
    } catch (IOException e) {
      LOG.warn("run {} could not be closed", reader.info().name(), e);
    }
  }

  @Override
  public void close() {
    open.values().forEach(FreshRuns::close);
    open.clear();
    opened = List.of();
    cache.close();
  }
}
