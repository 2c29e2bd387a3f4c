package dev.indelible.server.journal;

import dev.indelible.ports.journal.ErasableJournal;
import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.ports.journal.JournalUnavailableException.Cause;
import dev.indelible.ports.journal.Position;
import dev.indelible.server.disk.Disk;
import dev.indelible.server.journal.AppendQueue.Pending;
import dev.indelible.server.thread.OwnThread;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A journal in preallocated, recycled segment files of one directory. The format is in {@code
 * docs/formats/journal.md}; what is done with what a crash leaves, in {@link Recovery}.
 *
 * <p>Three threads of its own: the committer writes and forces groups of batches ({@link
 * Committer}), one completes futures in order, one makes segments ahead of need and recycles
 * forgotten ones ({@link SegmentSupply}). A dependant that is not asynchronous runs on the
 * completing thread, and holds up the completion of other appends, never the committing.
 *
 * <p>A position counts the bytes of all frames before it. One process at a time may have the
 * directory open.
 */
public final class FileJournal implements ErasableJournal {

  /** How large a segment is unless told otherwise: 64 MiB. */
  public static final int DEFAULT_SEGMENT_BYTES = 64 * 1024 * 1024;

  /** The smallest segment. */
  public static final int MIN_SEGMENT_BYTES = 4 * SegmentHeader.BYTES;

  private static final String LOCK_FILE = "LOCK";

  /** How long closing waits for dependants of completed appends. */
  private static final long CLOSE_WAIT_SECONDS = 5;

  private final Disk disk;
  private final Path directory;
  private final Disk.Lock processLock;
  private final AppendQueue queue = new AppendQueue();
  private final SegmentSupply supply;
  private final DurableEnd durable;
  private final ExecutorService completions;
  private final OwnThread committer;

  /** Segments by base. Added to by the committer, removed from under {@link #forgetting}. */
  private final ConcurrentSkipListMap<Long, Segment> segments = new ConcurrentSkipListMap<>();

  private final long recoveredAtMillis;

  private final ReentrantLock forgetting = new ReentrantLock();

  /** Whether the next group begins a new segment. */
  private volatile boolean rotation;

  /**
   * How a journal works.
   *
   * @param segmentBytes the size of a segment file; a batch that does not fit into one gets a
   *     larger one
   * @param clock stamps the batches
   * @param random makes segment ids
   * @param listener hears how it is doing
   */
  public record Options(
      int segmentBytes, InstantSource clock, RandomGenerator random, JournalListener listener) {

    public Options {
      if (segmentBytes < MIN_SEGMENT_BYTES || segmentBytes % SegmentHeader.BYTES != 0) {
        throw new IllegalArgumentException(
            "a segment of " + segmentBytes + " bytes is too small, or not a multiple of 4096");
      }
    }

    /** Segments of {@link #DEFAULT_SEGMENT_BYTES}, no listener. */
    public static Options of(InstantSource clock, RandomGenerator random) {
      return new Options(DEFAULT_SEGMENT_BYTES, clock, random, JournalListener.NONE);
    }

    /** Returns these options with another segment size. */
    public Options withSegmentBytes(int bytes) {
      return new Options(bytes, clock, random, listener);
    }

    /** Returns these options with another listener. */
    public Options withListener(JournalListener other) {
      return new Options(segmentBytes, clock, random, other);
    }
  }

  private volatile JournalUnavailableException.@Nullable Cause impairment; // the committer's

  private FileJournal(
      Disk disk,
      Path directory,
      Options options,
      Disk.Lock processLock,
      Recovery.Recovered recovered) {
    this.disk = disk;
    this.directory = directory;
    this.processLock = processLock;
    this.durable = new DurableEnd(recovered.end());
    this.recoveredAtMillis = recovered.lastAppendedAtMillis();
    for (Segment segment : recovered.segments()) {
      segments.put(segment.base, segment);
    }
    this.supply =
        new SegmentSupply(disk, directory, options, recovered.nextNumber(), recovered.ready());
    this.completions =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("journal-completions").factory());
    Committer committing =
        new Committer(this, queue, supply, durable, options, completions, recovered);
    this.committer = new OwnThread("journal-committer", _ -> committing.run());
  }

  /**
   * Opens the journal in a directory, which is made if need be, after recovering what is there.
   *
   * @throws dev.indelible.server.disk.FileLockedException when another process has it open
   * @throws JournalCorruptException when something that was durable is damaged
   * @throws JournalFormatException when a file is no segment, or of an unknown version
   */
  public static FileJournal open(Disk disk, Path directory, Options options) throws IOException {
    disk.createDirectories(directory);
    Disk.Lock lock = disk.lock(directory.resolve(LOCK_FILE));
    FileJournal journal = null;
    try {
      journal = new FileJournal(disk, directory, options, lock, Recovery.run(disk, directory));
    } finally {
      if (journal == null) {
        lock.close();
      }
    }
    journal.supply.start();
    journal.committer.start();
    return journal;
  }

  @Override
  public CompletableFuture<Appended> append(byte[] payload) {
    if (payload.length == 0 || payload.length > MAX_BATCH_BYTES) {
      throw new IllegalArgumentException("a batch of " + payload.length + " bytes");
    }
    Pending pending = new Pending(payload);
    JournalUnavailableException refusal = queue.offer(pending);
    return refusal == null ? pending.future : CompletableFuture.failedFuture(refusal);
  }

  @Override
  public Cursor read(Position from) throws IOException {
    if (from.compareTo(end()) > 0) {
      throw new IOException(
          directory + ": position " + from.value() + " is beyond the end, " + end().value());
    }
    return FileCursor.at(this, from.value());
  }

  @Override
  public Position end() {
    return new Position(durable.position());
  }

  @Override
  public Position begin() {
    Map.Entry<Long, Segment> first = segments.firstEntry();
    return first == null ? Position.START : new Position(first.getKey());
  }

  /**
   * Forgets whole segments. The last one with a durable batch always stays: the position and the
   * time go on from it.
   */
  @Override
  public void forget(Position before) {
    forgetting.lock();
    try {
      for (Map.Entry<Long, Segment> first = segments.firstEntry();
          first != null;
          first = segments.firstEntry()) {
        Segment segment = first.getValue();
        long end = segment.end;
        if (end == Segment.OPEN || end > before.value() || end >= durable.position()) {
          return;
        }
        segment.forgotten = true;
        segments.remove(first.getKey());
        supply.retire(segment);
      }
    } finally {
      forgetting.unlock();
    }
  }

  @Override
  public void rotate() throws IOException, InterruptedException {
    supply.scrub();
    rotation = true;
  }

  /** Whether the next group is to begin a new segment; asking uses it up. The committer's. */
  boolean takeRotation() {
    boolean wanted = rotation;
    if (wanted) {
      rotation = false;
    }
    return wanted;
  }

  @Override
  public void awaitGone(Position before) throws IOException, InterruptedException {
    if (begin().compareTo(before) < 0) {
      throw new IOException(
          directory
              + ": still holds what was appended at "
              + begin().value()
              + ", before "
              + before.value());
    }
    supply.awaitRetired();
  }

  @Override
  public long sizeBytes() {
    long total = supply.heldBytes();
    for (Segment segment : segments.values()) {
      total += segment.sizeBytes;
    }
    return total;
  }

  /** Makes durable what was appended, then closes. A failed journal forces nothing any more. */
  @Override
  public void close() throws IOException {
    queue.close(
        new JournalUnavailableException(Cause.CLOSED, directory + ": the journal is closed"));
    committer.join();
    durable.close();
    completions.shutdown();
    try {
      completions.awaitTermination(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      supply.close();
    } finally {
      processLock.close();
    }
  }

  /**
   * Reason why batches are refused now: {@code DISK_FULL} until there is room again, {@code FAILED}
   * for good; empty while they are taken.
   */
  public Optional<JournalUnavailableException.Cause> impairment() {
    JournalUnavailableException.Cause cause = impairment;
    return cause == JournalUnavailableException.Cause.DISK_FULL && supply.isReady()
        ? Optional.empty()
        : Optional.ofNullable(cause);
  }

  /** Time of append of the newest batch that was found at the start. */
  public Optional<Instant> newestAtStart() {
    return recoveredAtMillis == 0
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(recoveredAtMillis));
  }

  /** Records why batches are refused; null when they are taken again. Called by the committer. */
  void impaired(JournalUnavailableException.@Nullable Cause cause) {
    impairment = cause;
  }

  /** Adds a segment. Called by the committer before it writes to it. */
  void addSegment(Segment segment) {
    segments.put(segment.base, segment);
  }

  /** The segments that are not forgotten; a view that follows them. */
  Collection<Segment> segments() {
    return segments.values();
  }

  /** The segment that holds a position, or null when it is forgotten. */
  @Nullable Segment segmentAt(long position) {
    Map.Entry<Long, Segment> entry = segments.floorEntry(position);
    return entry == null ? null : entry.getValue();
  }

  DurableEnd durable() {
    return durable;
  }

  Disk disk() {
    return disk;
  }

  @Override
  public String toString() {
    return directory.toString();
  }
}
