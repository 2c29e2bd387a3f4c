package dev.indelible.server.journal;

import java.nio.file.Path;

/**
 * A segment file that holds frames. Positions count frame bytes over all segments: one segment's
 * end is the next one's base.
 */
final class Segment {

  /** Value of {@link #end} while the committer still writes to the segment. */
  static final long OPEN = -1;

  final long number;
  final long id;
  final Path path;
  final long sizeBytes;

  /** The position of its first frame. */
  final long base;

  /** End position, or {@link #OPEN}. Set once, by the committer, before it goes on elsewhere. */
  volatile long end = OPEN;

  /** Set when its file may be recycled; what is read afterwards is not to be trusted. */
  volatile boolean forgotten;

  Segment(Prepared file, long base) {
    this.number = file.number();
    this.id = file.id();
    this.path = file.path();
    this.sizeBytes = file.sizeBytes();
    this.base = base;
  }

  /** Offset in the file of a position. */
  long offsetOf(long position) {
    return position - base + SegmentHeader.BYTES;
  }

  /** A segment file without frames. */
  record Prepared(long number, long id, Path path, long sizeBytes) {}
}
