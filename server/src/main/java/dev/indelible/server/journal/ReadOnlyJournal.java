package dev.indelible.server.journal;

import dev.indelible.ports.journal.Journal;
import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.ports.journal.Position;
import dev.indelible.server.disk.Disk;
import dev.indelible.server.disk.ReadOnlyDisk;
import dev.indelible.server.disk.ReadableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A journal's directory as it is when it is opened, read without changing or locking anything:
 * decided on like a start would ({@link Recovery}), and never written to.
 *
 * <p>Another process may be appending meanwhile; what it appends is not seen, and what it forgets
 * may be reported as damage. Thread-safe, its cursors are not.
 */
public final class ReadOnlyJournal implements Journal {

  private final Disk disk;
  private final Path directory;
  private final List<Segment> segments;
  private final long end;
  private final @Nullable Remnant remnant;
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * Bytes behind the journal's end that are not zero: what a crash tore, what a recycled file held
   * before, or something that was damaged so that it no longer reads as part of the journal.
   *
   * @param file the segment
   * @param offset where the journal ends in it
   */
  public record Remnant(Path file, long offset) {}

  private ReadOnlyJournal(
      Disk disk, Path directory, List<Segment> segments, long end, @Nullable Remnant remnant) {
    this.disk = disk;
    this.directory = directory;
    this.segments = List.copyOf(segments);
    this.end = end;
    this.remnant = remnant;
  }

  /**
   * Opens the journal in a directory.
   *
   * @throws JournalCorruptException when something that was durable is damaged
   * @throws JournalFormatException when a file is no segment, or of an unknown version
   */
  public static ReadOnlyJournal open(Path directory) throws IOException {
    Disk disk = new ReadOnlyDisk();
    Recovery.Recovered found = Recovery.run(disk, directory);
    if (found.current() != null) {
      found.current().close();
    }
    for (SegmentSupply.Open ready : found.ready()) {
      ready.file().close();
    }
    List<Segment> segments = found.segments();
    Remnant remnant = null;
    if (!segments.isEmpty()) {
      Segment last = segments.getLast();
      long offset = last.offsetOf(found.end());
      last.end = found.end();
      remnant = isZero(disk, last, offset) ? null : new Remnant(last.path, offset);
    }
    return new ReadOnlyJournal(disk, directory, segments, found.end(), remnant);
  }

  private static boolean isZero(Disk disk, Segment segment, long from) throws IOException {
    try (ReadableFile file = disk.open(segment.path)) {
      ByteBuffer buffer = ByteBuffer.allocate(FrameReader.BUFFER_BYTES);
      for (long offset = from; offset < segment.sizeBytes; offset += buffer.capacity()) {
        buffer.clear();
        int count = file.read(buffer, offset);
        for (int i = 0; i < count; i++) {
          if (buffer.get(i) != 0) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /** Remnant behind the end, or null when there is nothing. */
  public @Nullable Remnant remnant() {
    return remnant;
  }

  @Override
  public CompletableFuture<Appended> append(byte[] payload) {
    return CompletableFuture.failedFuture(
        new JournalUnavailableException(
            JournalUnavailableException.Cause.CLOSED, directory + ": opened for reading"));
  }

  @Override
  public Cursor read(Position from) throws IOException {
    if (from.compareTo(begin()) < 0 || from.compareTo(end()) > 0) {
      throw new JournalCorruptException(
          directory,
          0,
          "position "
              + from.value()
              + " is needed, the journal has "
              + begin().value()
              + " to "
              + end);
    }
    return new SegmentCursor(from.value());
  }

  @Override
  public Position end() {
    return new Position(end);
  }

  @Override
  public Position begin() {
    return segments.isEmpty() ? Position.START : new Position(segments.getFirst().base);
  }

  @Override
  public void forget(Position before) {}

  @Override
  public void close() {
    closed.countDown();
  }

  /** Reads every frame from a segment's first on. */
  private final class SegmentCursor implements Cursor {
    private final long from;
    private long position;
    private int next;
    private @Nullable Segment segment;
    private @Nullable FrameReader reader;

    SegmentCursor(long from) {
      this.from = from;
      while (next + 1 < segments.size() && segments.get(next + 1).base <= from) {
        next++;
      }
      position = segments.isEmpty() ? end : segments.get(next).base;
    }

    @Override
    public @Nullable Batch next(Duration timeout) throws IOException, InterruptedException {
      while (position < end) {
        Batch batch = readOne();
        if (batch != null && batch.position().value() >= from) {
          return batch;
        }
      }
      // Nothing comes any more; whoever waits does so until this is closed.
      boolean _ = closed.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return null;
    }

    private @Nullable Batch readOne() throws IOException {
      Segment at = segment;
      FrameReader frames = reader;
      if (at == null || frames == null || position == at.end) {
        close();
        at = segments.get(next++);
        frames = new FrameReader(disk.open(at.path), at.id, at.sizeBytes);
        segment = at;
        reader = frames;
      }
      long offset = at.offsetOf(position);
      Frame frame = frames.head(offset, at.sizeBytes);
      byte[] payload = frame == null ? null : frames.payload(frame, offset, at.sizeBytes);
      if (frame == null || payload == null || frame.position() != position) {
        throw new JournalCorruptException(at.path, offset, "a durable frame cannot be read");
      }
      position += frame.sizeBytes();
      return frame.batch(payload);
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
}
