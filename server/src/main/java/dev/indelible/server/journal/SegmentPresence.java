package dev.indelible.server.journal;

import dev.indelible.server.disk.Disk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Checks that the segment files still have their names. A file that was deleted, moved or replaced
 * takes every write and every force, and no start would ever find what is in it.
 *
 * <p>One look asks the file system once for each segment. Not thread-safe: the committer's.
 */
final class SegmentPresence {

  /** How long acknowledgements go on without a look, at most. */
  static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Disk disk;
  private Map<Long, Object> identities = new HashMap<>();
  private long lookedAtNanos = System.nanoTime();

  SegmentPresence(Disk disk) {
    this.disk = disk;
  }

  /** Takes note of which files those are; to be called as soon as they are opened. */
  void note(Segment segment) throws IOException {
    identities.put(segment.number, disk.identity(segment.path));
  }

  /**
   * Checks the files, if the last check is long enough ago.
   *
   * @throws IOException when a file is not there any more, or is another one
   */
  void lookIfDue(Collection<Segment> segments) throws IOException {
    long now = System.nanoTime();
    if (now - lookedAtNanos >= EVERY_NANOS) {
      look(segments);
      lookedAtNanos = now;
    }
  }

  private void look(Collection<Segment> segments) throws IOException {
    Map<Long, Object> seen = new HashMap<>();
    for (Segment segment : segments) {
      Object known = identities.get(segment.number);
      Object found = null;
      try {
        found = disk.identity(segment.path);
      } catch (NoSuchFileException e) {
        if (!segment.forgotten) {
          throw new IOException(
              segment.path + ": the file was deleted or moved under the running server", e);
        }
      }
      // Forgotten in this moment: its name is another file's soon.
      if (found == null || segment.forgotten) {
        continue;
      }
      if (known != null && !known.equals(found)) {
        throw new IOException(segment.path + ": another file has taken the place of this one");
      }
      seen.put(segment.number, found);
    }
    identities = seen;
  }
}
