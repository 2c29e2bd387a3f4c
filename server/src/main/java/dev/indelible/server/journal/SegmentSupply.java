package dev.indelible.server.journal;

import dev.indelible.server.disk.Disk;
import dev.indelible.server.disk.DiskFile;
import dev.indelible.server.disk.DiskFullException;
import dev.indelible.server.journal.Segment.Prepared;
import dev.indelible.server.thread.OwnThread;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes segment files before they are needed, on its own thread, and recycles forgotten ones.
 *
 * <p>A file is made under a {@code .tmp} name, filled with zeros (or, recycled, left with its old
 * frames, which another segment id makes invalid), given its header, forced, renamed and the
 * directory forced: a segment's name never stands for a half-made file. A forgotten file first
 * loses its segment name, durably, and only then its header. A crash leaves {@code .tmp} files,
 * which are deleted at start.
 */
final class SegmentSupply implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SegmentSupply.class);

  /** Segments kept ready ahead of the one that is written. */
  static final int READY_SEGMENTS = 2;

  /** Forgotten files kept for reuse; further ones are deleted. */
  static final int MAX_RECYCLABLE_SEGMENTS = 4;

  /** How long after a full disk room is looked for again. */
  static final long DISK_FULL_RETRY_MILLIS = 500;

  static final String TEMPORARY_SUFFIX = ".tmp";

  private final Disk disk;
  private final Path directory;
  private final long segmentBytes;
  private final RandomGenerator random;
  private final OwnThread worker;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Under the lock.
  private final ArrayDeque<Open> ready = new ArrayDeque<>();
  private final ArrayDeque<Segment> retired = new ArrayDeque<>();
  private @Nullable IOException failure;

  /** Set when the worker has ended for good. */
  private @Nullable IOException broken;

  private long diskFullUntilNanos;
  private boolean closed;
  private long heldBytes;
  private boolean recycling;
  private boolean scrubWanted;

  /** Files of segments below this number are deleted, not recycled. */
  private long deleteBelow;

  // The worker's alone.
  private final ArrayDeque<Path> recyclable = new ArrayDeque<>();
  private long nextNumber;

  /** A prepared segment and its open file. */
  record Open(Prepared segment, DiskFile file) {}

  SegmentSupply(
      Disk disk, Path directory, FileJournal.Options options, long nextNumber, List<Open> ready) {
    this.disk = disk;
    this.directory = directory;
    this.segmentBytes = options.segmentBytes();
    this.random = options.random();
    this.nextNumber = nextNumber;
    this.ready.addAll(ready);
    for (Open open : ready) {
      heldBytes += open.segment().sizeBytes();
    }
    this.worker = new OwnThread("journal-segments", _ -> work());
  }

  void start() {
    worker.start();
  }

  /**
   * The next segment, with room for a frame of {@code frameBytes}.
   *
   * @throws DiskFullException when there is no room for one; later there may be
   */
  Open take(int frameBytes) throws IOException, InterruptedException {
    Open next;
    lock.lock();
    try {
      while (ready.isEmpty()) {
        if (failure != null) {
          throw failure;
        }
        if (closed) {
          throw new IOException(directory + ": closed");
        }
        changed.await();
      }
      next = ready.peek();
    } finally {
      lock.unlock();
    }
    Open roomy = extend(next, SegmentHeader.BYTES + (long) frameBytes);
    lock.lock();
    try {
      ready.remove();
      heldBytes -= next.segment().sizeBytes();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return roomy;
  }

  /** Makes room for a batch that is larger than a segment. A crash leaves a longer empty one. */
  private static Open extend(Open open, long neededBytes) throws IOException {
    Prepared segment = open.segment();
    if (neededBytes <= segment.sizeBytes()) {
      return open;
    }
    open.file().writeZeros(segment.sizeBytes(), neededBytes - segment.sizeBytes());
    return new Open(
        new Prepared(segment.number(), segment.id(), segment.path(), neededBytes), open.file());
  }

  /** Whether the next segment is there. */
  boolean isReady() {
    lock.lock();
    try {
      return !ready.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Takes back a segment that nobody needs any more; oldest first. */
  void retire(Segment segment) {
    lock.lock();
    try {
      retired.add(segment);
      heldBytes += segment.sizeBytes;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns when neither the segments that are ready nor any file kept for reuse holds old frames.
   * Files that are in use now will be deleted, not recycled. A crash on the way leaves files that
   * were safe to use before: nothing valid is in them.
   */
  void scrub() throws IOException, InterruptedException {
    lock.lock();
    try {
      scrubWanted = true;
      changed.signalAll();
      while (scrubWanted) {
        requireWorker();
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Fails, under the lock, where the worker changes nothing any more. */
  private void requireWorker() throws IOException {
    if (closed) {
      throw new IOException(directory + ": closed");
    }
    if (broken != null) {
      throw broken;
    }
  }

  /** Returns when no file waits to be recycled or deleted. */
  void awaitRetired() throws IOException, InterruptedException {
    lock.lock();
    try {
      while (!retired.isEmpty() || recycling) {
        requireWorker();
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Bytes of the files that are ready, or wait to be recycled. */
  long heldBytes() {
    lock.lock();
    try {
      return heldBytes;
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    try {
      while (true) {
        switch (awaitWork()) {
          case Work.Recycle(Segment old) -> recycle(old);
          case Work.Prepare() -> prepareOne();
          case Work.Scrub() -> scrubFiles();
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    } catch (IOException | RuntimeException e) {
      LOG.error("{}: no further segments can be made", directory, e);
      fail(e instanceof IOException io ? io : new IOException(e));
    }
  }

  /** Next task of the worker. */
  private sealed interface Work {
    record Recycle(Segment old) implements Work {}

    record Prepare() implements Work {}

    record Scrub() implements Work {}
  }

  private Work awaitWork() throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        if (closed) {
          throw new InterruptedException();
        }
        if (!retired.isEmpty()) {
          recycling = true;
          return new Work.Recycle(retired.remove());
        }
        if (scrubWanted) {
          return new Work.Scrub();
        }
        if (ready.size() < READY_SEGMENTS) {
          long wait = failure == null ? 0 : diskFullUntilNanos - System.nanoTime();
          if (wait <= 0) {
            return new Work.Prepare();
          }
          changed.await(wait, TimeUnit.NANOSECONDS);
        } else {
          changed.await();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void recycle(Segment old) throws IOException {
    Path spare = directory.resolve("recycled-" + old.number + TEMPORARY_SUFFIX);
    boolean reuse =
        old.number >= deleteBelow
            && old.sizeBytes == segmentBytes
            && recyclable.size() < MAX_RECYCLABLE_SEGMENTS;
    if (reuse) {
      disk.rename(old.path, spare);
    } else {
      disk.delete(old.path);
    }
    // One by one and in order, so that a crash never leaves a gap between segments.
    disk.forceDirectory(directory);
    lock.lock();
    try {
      if (reuse) {
        recyclable.add(spare);
      } else {
        heldBytes -= old.sizeBytes;
      }
      recycling = false;
      changed.signalAll();
      diskFullUntilNanos = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Deletes what is kept for reuse, and fills what is ready with zeros. Meanwhile nobody can take a
   * segment: appends wait when they need one.
   */
  private void scrubFiles() throws IOException {
    long freed = 0;
    for (Path file = recyclable.poll(); file != null; file = recyclable.poll()) {
      disk.delete(file);
      freed += segmentBytes;
    }
    List<Open> held;
    lock.lock();
    try {
      held = new ArrayList<>(ready);
      ready.clear();
      deleteBelow = nextNumber;
    } finally {
      lock.unlock();
    }
    for (Open open : held) {
      long size = open.segment().sizeBytes();
      open.file().writeZeros(SegmentHeader.BYTES, size - SegmentHeader.BYTES);
      open.file().force();
    }
    disk.forceDirectory(directory);
    lock.lock();
    try {
      for (Open open : held.reversed()) {
        ready.addFirst(open);
      }
      heldBytes -= freed;
      scrubWanted = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void prepareOne() throws IOException {
    Open made;
    boolean fromRecycled = !recyclable.isEmpty();
    try {
      made = make();
    } catch (DiskFullException e) {
      LOG.warn("{}: no room for a segment of {} bytes", directory, segmentBytes);
      lock.lock();
      try {
        failure = e;
        diskFullUntilNanos =
            System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DISK_FULL_RETRY_MILLIS);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
      return;
    }
    lock.lock();
    try {
      failure = null;
      ready.add(made);
      if (!fromRecycled) {
        heldBytes += segmentBytes;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private Open make() throws IOException {
    SegmentHeader header = new SegmentHeader(nextNumber, random.nextLong());
    Path recycled = recyclable.poll();
    Path temporary =
        recycled == null
            ? directory.resolve("new-" + header.number() + TEMPORARY_SUFFIX)
            : recycled;
    DiskFile file = recycled == null ? createZeroed(temporary) : disk.open(temporary);
    Path path = SegmentHeader.file(directory, header.number());
    boolean made = false;
    try (file) {
      file.write(header.encode(), 0);
      file.force();
      disk.rename(temporary, path);
      disk.forceDirectory(directory);
      made = true;
    } finally {
      if (!made) {
        disk.delete(temporary);
      }
    }
    nextNumber++;
    // Opened anew, so that errors name it as it is called now.
    return new Open(
        new Prepared(header.number(), header.id(), path, segmentBytes), disk.open(path));
  }

  private DiskFile createZeroed(Path temporary) throws IOException {
    if (disk.freeBytes(directory) < segmentBytes) {
      throw new DiskFullException(temporary, new IOException("fewer than " + segmentBytes));
    }
    DiskFile file = disk.create(temporary);
    try {
      file.writeZeros(0, segmentBytes);
      return file;
    } catch (IOException e) {
      file.close();
      disk.delete(temporary);
      throw e;
    }
  }

  private void fail(IOException e) {
    lock.lock();
    try {
      failure = e;
      broken = e;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Stops the worker after what it is doing, and closes the files that are ready. */
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    worker.join();
    for (Open open : ready) {
      open.file().close();
    }
  }
}
