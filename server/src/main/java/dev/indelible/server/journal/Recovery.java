package dev.indelible.server.journal;

import dev.indelible.server.disk.Disk;
import dev.indelible.server.disk.DiskFile;
import dev.indelible.server.disk.ReadableFile;
import dev.indelible.server.journal.Segment.Prepared;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decisions about the files found at start. Every frame of every segment is read and checked.
 *
 * <table>
 * <caption>Decisions</caption>
 * <tr><th>found</th><th>because</th><th>decision</th></tr>
 * <tr><td>1. no segment</td><td>new</td><td>a journal at position 0</td></tr>
 * <tr><td>2. {@code .tmp} files</td><td>crash while one was made or recycled</td><td>deleted</td></tr>
 * <tr><td>3. a segment with another magic, or an unknown version</td><td>not ours, or newer</td>
 *     <td>{@link JournalFormatException}</td></tr>
 * <tr><td>4. a header cut short, with a wrong checksum or another number</td><td>damage: it was
 *     durable before the file got its name</td><td>{@link JournalCorruptException}</td></tr>
 * <tr><td>5. a number missing between two segments</td><td>a file was removed; forgetting goes
 *     oldest first, durably</td><td>corrupt</td></tr>
 * <tr><td>6. frames after a segment without any</td><td>damage: segments are used in order</td>
 *     <td>corrupt</td></tr>
 * <tr><td>7. no frame at all, and the first segment is not number 1</td><td>damage: the segment
 *     before is only forgotten once this one has a durable frame</td><td>corrupt</td></tr>
 * <tr><td>8. a segment that does not end where the next one begins</td><td>damage: it was forced
 *     before the next was written</td><td>corrupt, at its first bad frame</td></tr>
 * <tr><td>9. last segment, a bad frame, and after it a valid one whose group began after it</td>
 *     <td>damage: the bad one was durable by then</td><td>corrupt, at the bad frame</td></tr>
 * <tr><td>10. last segment, a bad frame, and after it valid ones of its own group only, or heads
 *     without their payloads</td><td>torn: power was lost before the group's force</td><td>cut:
 *     the rest is overwritten with zeros and forced; logged with file and offset</td></tr>
 * <tr><td>11. last segment, a bad frame and nothing of this segment after it</td><td>the end, or
 *     torn</td><td>the end is there; logged when the journal was not closed</td></tr>
 * <tr><td>12. segments without frames after the last one with frames</td><td>prepared</td>
 *     <td>used next</td></tr>
 * </table>
 *
 * <p>What is kept is forced before it is read by anybody: a killed process may have left frames
 * that are in the page cache alone. A crash during recovery leaves what recovery decides the same
 * way again.
 */
final class Recovery {

  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private final Disk disk;
  private final Path directory;

  /**
   * Result of a recovery.
   *
   * @param segments those with frames, in order; all but the last are ended
   * @param current the last one's open file, if there is one
   * @param ready prepared ones, in order
   * @param nextNumber of the next segment to be made
   * @param end the position after the last frame
   * @param lastAppendedAtMillis of the last frame, 0 if there is none
   * @param closed whether there is nothing, or a marker at the end
   */
  record Recovered(
      List<Segment> segments,
      @Nullable DiskFile current,
      List<SegmentSupply.Open> ready,
      long nextNumber,
      long end,
      long lastAppendedAtMillis,
      boolean closed) {}

  private Recovery(Disk disk, Path directory) {
    this.disk = disk;
    this.directory = directory;
  }

  static Recovered run(Disk disk, Path directory) throws IOException {
    return new Recovery(disk, directory).run();
  }

  private Recovered run() throws IOException {
    List<Long> numbers = new ArrayList<>();
    for (Disk.Item item : disk.list(directory)) {
      Long number = SegmentHeader.numberIn(item.name());
      if (number != null) {
        numbers.add(number);
      } else if (item.name().endsWith(SegmentSupply.TEMPORARY_SUFFIX)) {
        disk.delete(item.path());
      }
    }
    List<Scan> scans = new ArrayList<>();
    for (long number : numbers) {
      Path path = SegmentHeader.file(directory, number);
      if (!scans.isEmpty() && number != scans.getLast().segment.number() + 1) {
        Path missing = SegmentHeader.file(directory, scans.getLast().segment.number() + 1);
        throw new JournalCorruptException(missing, 0, "the file is missing, later ones are there");
      }
      try (ReadableFile file = disk.open(path)) {
        scans.add(Scan.of(file, number));
      }
    }
    checkChain(scans);
    return adopt(scans);
  }

  /** Rows 6 to 8. */
  private static void checkChain(List<Scan> scans) throws IOException {
    Scan previous = null;
    for (Scan scan : scans) {
      if (scan.hasFrames() && previous != null) {
        if (!previous.hasFrames()) {
          throw new JournalCorruptException(
              previous.segment.path(), SegmentHeader.BYTES, "no frame, but later segments have");
        }
        if (previous.end() != scan.base) {
          throw new JournalCorruptException(
              previous.segment.path(),
              previous.endOffset,
              "ends at position " + previous.end() + ", the next segment begins at " + scan.base);
        }
      }
      previous = scan;
    }
    if (!scans.isEmpty()) {
      Scan first = scans.getFirst();
      if (!first.hasFrames() && first.segment.number() != 1) {
        throw new JournalCorruptException(
            first.segment.path(),
            SegmentHeader.BYTES,
            "no frame, and the segments before are gone");
      }
    }
  }

  private Recovered adopt(List<Scan> scans) throws IOException {
    List<Segment> segments = new ArrayList<>();
    List<SegmentSupply.Open> ready = new ArrayList<>();
    DiskFile current = null;
    Scan last = null;
    for (int i = 0; i < scans.size(); i++) {
      Scan scan = scans.get(i);
      boolean used = i + 1 < scans.size() && scans.get(i + 1).hasFrames();
      if (used) {
        Segment segment = new Segment(scan.segment, scan.base);
        segment.end = scan.end();
        segments.add(segment);
        continue;
      }
      DiskFile file = disk.open(scan.segment.path());
      settle(file, scan);
      if (scan.hasFrames()) {
        segments.add(new Segment(scan.segment, scan.base));
        current = file;
        last = scan;
      } else {
        ready.add(new SegmentSupply.Open(scan.segment, file));
      }
    }
    disk.forceDirectory(directory);
    long nextNumber = scans.isEmpty() ? 1 : scans.getLast().segment.number() + 1;
    return last == null
        ? new Recovered(segments, null, ready, nextNumber, 0, 0, true)
        : new Recovered(
            segments,
            current,
            ready,
            nextNumber,
            last.end(),
            last.lastAppendedAtMillis,
            last.closed);
  }

  /** Rows 10 and 11: makes what is kept durable and leaves nothing valid after it. */
  private static void settle(DiskFile file, Scan scan) throws IOException {
    if (scan.remnantOffset >= 0) {
      LOG.warn(
          "{}: torn tail cut at offset {}: batches after it were never acknowledged",
          file.path(),
          scan.endOffset);
      file.writeZeros(scan.endOffset, scan.segment.sizeBytes() - scan.endOffset);
    } else if (scan.hasFrames() && !scan.closed) {
      LOG.info("{}: not closed; the journal ends at offset {}", file.path(), scan.endOffset);
    }
    if (scan.hasFrames() || scan.remnantOffset >= 0) {
      file.force();
    }
  }

  /** One segment, read from its first frame to its first bad one, and searched from there on. */
  static final class Scan {
    final Prepared segment;
    long base = -1;
    long endOffset = SegmentHeader.BYTES;
    long lastAppendedAtMillis;

    /** Whether the last frame is a marker, which is how a journal is closed. */
    boolean closed;

    /** Offset of the first head after the end, or -1. */
    long remnantOffset = -1;

    private Scan(Prepared segment) {
      this.segment = segment;
    }

    boolean hasFrames() {
      return endOffset > SegmentHeader.BYTES;
    }

    /** The position where it ends. */
    long end() {
      return base + endOffset - SegmentHeader.BYTES;
    }

    static Scan of(ReadableFile file, long number) throws IOException {
      SegmentHeader header = SegmentHeader.read(file, number);
      long sizeBytes = file.sizeBytes();
      Scan scan = new Scan(new Prepared(number, header.id(), file.path(), sizeBytes));
      // Not closed here: the file is the caller's.
      FrameReader reader = new FrameReader(file, header.id(), sizeBytes);
      scan.readFrames(reader);
      scan.searchRest(reader);
      return scan;
    }

    private void readFrames(FrameReader reader) throws IOException {
      long size = segment.sizeBytes();
      while (true) {
        Frame frame = reader.head(endOffset, size);
        if (frame == null || reader.payload(frame, endOffset, size) == null) {
          return;
        }
        if (hasFrames() && frame.position() != end()) {
          throw new JournalCorruptException(
              segment.path(), endOffset, "frame of position " + frame.position());
        }
        if (frame.appendedAtMillis() < lastAppendedAtMillis) {
          throw new JournalCorruptException(segment.path(), endOffset, "time runs backwards");
        }
        if (!hasFrames()) {
          base = frame.position();
        }
        lastAppendedAtMillis = frame.appendedAtMillis();
        closed = frame.isMarker();
        endOffset += frame.sizeBytes();
      }
    }

    /** Row 9, and what rows 10 and 11 differ by. */
    private void searchRest(FrameReader reader) throws IOException {
      long size = segment.sizeBytes();
      long offset = endOffset;
      while (true) {
        offset = reader.findHead(offset);
        Frame frame = offset < 0 ? null : reader.head(offset, size);
        if (frame == null) {
          return;
        }
        if (remnantOffset < 0) {
          remnantOffset = offset;
        }
        if (reader.payload(frame, offset, size) == null) {
          offset += Frame.ALIGNMENT;
        } else if (frame.groupOffset() > endOffset) {
          throw new JournalCorruptException(
              segment.path(),
              endOffset,
              "a frame that was durable cannot be read; a valid one follows at " + offset);
        } else {
          offset += frame.sizeBytes();
        }
      }
    }
  }
}
