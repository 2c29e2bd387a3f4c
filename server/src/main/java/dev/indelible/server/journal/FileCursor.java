package dev.indelible.server.journal;

import dev.indelible.ports.journal.Journal;
import dev.indelible.server.disk.ReadableFile;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads batches of a {@link FileJournal} from its files, up to the durable end. Has a file open and
 * a buffer of its own. Not thread-safe.
 */
final class FileCursor implements Journal.Cursor {

  private final FileJournal journal;
  private long position;
  private @Nullable Segment segment;
  private @Nullable FrameReader reader;

  private FileCursor(FileJournal journal, long position) {
    this.journal = journal;
    this.position = position;
  }

  /** A cursor whose first batch is the one at {@code from}, or the next. */
  static FileCursor at(FileJournal journal, long from) throws IOException {
    if (from < journal.begin().value()) {
      throw forgotten(journal, from);
    }
    FileCursor cursor = new FileCursor(journal, from);
    if (from == journal.durable().position()) {
      return cursor;
    }
    try {
      cursor.seek(from);
      return cursor;
    } catch (IOException e) {
      cursor.close();
      throw e;
    }
  }

  /** Goes to the first frame at or after {@code from}, which need not be a frame's position. */
  private void seek(long from) throws IOException {
    Segment at = open(from);
    FrameReader frames = reader(at);
    long limit = at.offsetOf(journal.durable().position());
    if (at.offsetOf(from) % Frame.ALIGNMENT == 0) {
      Frame exact = frames.head(at.offsetOf(from), limit);
      if (exact != null && exact.position() == from) {
        return;
      }
    }
    position = at.base;
    while (position < from) {
      Frame frame = frames.head(at.offsetOf(position), limit);
      if (frame == null) {
        throw unreadable(at);
      }
      position += frame.sizeBytes();
    }
  }

  @Override
  public Journal.@Nullable Batch next(Duration timeout) throws IOException, InterruptedException {
    long deadlineNanos = System.nanoTime() + timeout.toNanos();
    DurableEnd durable = journal.durable();
    try {
      while (!durable.isClosed()) {
        // The durable end first: a segment's end is set before anything after it is durable.
        long end = durable.position();
        if (position < end) {
          Journal.Batch batch = readOne(end);
          if (batch != null) {
            return batch;
          }
        } else if (!durable.awaitBeyond(position, deadlineNanos)) {
          return null;
        }
      }
      return null;
    } catch (ClosedByInterruptException e) {
      close();
      Thread.interrupted();
      InterruptedException interrupted = new InterruptedException("while reading a segment");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  /** The batch at the position, or null when there is a marker. Moves on behind it. */
  private Journal.@Nullable Batch readOne(long durableEnd) throws IOException {
    Segment at = open(position);
    FrameReader frames = reader(at);
    long offset = at.offsetOf(position);
    long limit = at.offsetOf(durableEnd);
    Frame frame = frames.head(offset, Math.min(limit, at.sizeBytes));
    if (frame == null || frame.position() != position) {
      throw unreadable(at);
    }
    byte[] payload = frames.payload(frame, offset, Math.min(limit, at.sizeBytes));
    if (payload == null) {
      throw unreadable(at);
    }
    position += frame.sizeBytes();
    return frame.batch(payload);
  }

  /** The segment that holds a position, with its file open. */
  private Segment open(long wanted) throws IOException {
    Segment now = segment;
    if (now != null && reader != null && (now.end == Segment.OPEN || wanted < now.end)) {
      if (now.forgotten) {
        throw forgotten(journal, wanted);
      }
      return now;
    }
    close();
    Segment next = journal.segmentAt(wanted);
    if (next == null) {
      throw forgotten(journal, wanted);
    }
    try {
      ReadableFile file = journal.disk().open(next.path);
      reader = new FrameReader(file, next.id, next.sizeBytes);
    } catch (NoSuchFileException e) {
      if (next.forgotten) {
        throw forgotten(journal, wanted);
      }
      throw e;
    }
    segment = next;
    return next;
  }

  private FrameReader reader(Segment at) {
    FrameReader open = reader;
    if (open == null) {
      throw new IllegalStateException(at.path + ": not open");
    }
    return open;
  }

  private IOException unreadable(Segment at) {
    // A forgotten file may hold other frames by now.
    return at.forgotten
        ? forgotten(journal, position)
        : new JournalCorruptException(
            at.path, at.offsetOf(position), "a durable frame cannot be read");
  }

  private static IOException forgotten(FileJournal journal, long position) {
    return new IOException(
        journal
            + ": position "
            + position
            + " is forgotten, the journal begins at "
            + journal.begin().value());
  }

  @Override
  public void close() {
    FrameReader open = reader;
    reader = null;
    segment = null;
    if (open != null) {
      open.closeUnwritten();
    }
  }
}
