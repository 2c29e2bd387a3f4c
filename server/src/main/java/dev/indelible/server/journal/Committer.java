package dev.indelible.server.journal;

import dev.indelible.ports.journal.Journal.Appended;
import dev.indelible.ports.journal.JournalUnavailableException;
import dev.indelible.ports.journal.JournalUnavailableException.Cause;
import dev.indelible.ports.journal.Position;
import dev.indelible.server.disk.DiskFile;
import dev.indelible.server.disk.DiskFullException;
import dev.indelible.server.journal.AppendQueue.Pending;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes frames. It takes what has come while it was busy, writes it with few
 * writes, forces once, moves the durable end and hands the futures to another thread to complete.
 *
 * <p>A group never spans segments: the old one is forced before the new one is written, which is
 * what lets recovery tell a torn tail from damage. After {@link #IDLE_MILLIS} without work, and at
 * the end, a marker is written without a force: that it exists says that everything before it was
 * durable, so that later damage to the last batch is not taken for a torn tail.
 */
final class Committer {

  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

  /** Frames are gathered here before they are written. */
  static final int WRITE_BUFFER_BYTES = 1024 * 1024;

  /** Time without work after which a marker is written. */
  static final long IDLE_MILLIS = 100;

  private final FileJournal journal;
  private final AppendQueue queue;
  private final SegmentSupply supply;
  private final DurableEnd durable;
  private final FileJournal.Options options;
  private final Executor completions;

  // The committer thread's alone.
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(WRITE_BUFFER_BYTES);
  private @Nullable Segment segment;
  private @Nullable DiskFile file;
  private long position;
  private long bufferPosition;
  private long lastMillis;
  private boolean marked;
  private final SegmentPresence presence;
  private final List<Outcome> written = new ArrayList<>();

  /** How many batches of the current group were handed on to be completed. */
  private int settled;

  /** How an append ended: exactly one of the two. */
  private record Outcome(
      Pending pending, @Nullable Appended appended, @Nullable JournalUnavailableException refused) {

    void complete() {
      if (appended != null) {
        pending.future.complete(appended);
      } else if (refused != null) {
        pending.future.completeExceptionally(refused);
      }
    }
  }

  Committer(
      FileJournal journal,
      AppendQueue queue,
      SegmentSupply supply,
      DurableEnd durable,
      FileJournal.Options options,
      Executor completions,
      Recovery.Recovered recovered) {
    this.journal = journal;
    this.queue = queue;
    this.supply = supply;
    this.durable = durable;
    this.options = options;
    this.presence = new SegmentPresence(journal.disk());
    this.completions = completions;
    this.segment = recovered.segments().isEmpty() ? null : recovered.segments().getLast();
    this.file = recovered.current();
    this.position = recovered.end();
    this.bufferPosition = recovered.end();
    this.lastMillis = recovered.lastAppendedAtMillis();
    this.marked = recovered.closed();
  }

  void run() {
    List<Pending> group = List.of();
    try {
      for (Segment recovered : journal.segments()) {
        presence.note(recovered);
      }
      while (true) {
        group = List.of();
        settled = 0;
        long idleNanos = marked ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(IDLE_MILLIS);
        List<Pending> taken = queue.take(idleNanos);
        if (taken == null) {
          mark();
          return;
        }
        group = taken;
        if (group.isEmpty()) {
          mark();
        } else {
          commit(group);
        }
      }
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      fail(group, e);
    } finally {
      closeFile();
    }
  }

  private void commit(List<Pending> group) throws IOException, InterruptedException {
    lastMillis = Math.max(lastMillis, options.clock().millis());
    boolean rotate = journal.takeRotation();
    for (int i = 0; i < group.size(); i++) {
      Pending pending = group.get(i);
      int frameBytes = Frame.sizeBytes(pending.payload.length);
      if (rotate || !hasRoom(frameBytes)) {
        rotate = false;
        force();
        try {
          nextSegment(frameBytes);
        } catch (DiskFullException e) {
          journal.impaired(Cause.DISK_FULL);
          refuse(group.subList(i, group.size()), Cause.DISK_FULL, e);
          settled = group.size();
          return;
        }
      }
      long at = position;
      write(pending.payload);
      written.add(new Outcome(pending, new Appended(new Position(at), lastMillis), null));
    }
    force();
  }

  private boolean hasRoom(int frameBytes) {
    return segment != null && segment.offsetOf(position) + frameBytes <= segment.sizeBytes;
  }

  private void nextSegment(int frameBytes) throws IOException, InterruptedException {
    long start = System.nanoTime();
    SegmentSupply.Open next = supply.take(frameBytes);
    long waited = System.nanoTime() - start;
    if (segment != null) {
      segment.end = position;
    }
    closeFile();
    segment = new Segment(next.segment(), position);
    file = next.file();
    bufferPosition = position;
    presence.note(segment);
    journal.addSegment(segment);
    options.listener().segmentStarted(waited);
  }

  /** Adds a frame to the buffer, and writes the buffer when it is full. */
  private void write(byte[] payload) throws IOException {
    Segment into = current();
    long offset = into.offsetOf(position);
    // What is not durable yet begins at the durable end, a marker included.
    int groupOffset = (int) into.offsetOf(Math.max(durable.position(), into.base));
    if (buffer.remaining() < Frame.HEAD_BYTES) {
      flush();
    }
    new Frame(payload.length, Frame.checksum(payload), position, lastMillis, groupOffset)
        .encode(buffer, into.id, offset);
    for (int done = 0; done < payload.length; ) {
      if (!buffer.hasRemaining()) {
        flush();
      }
      int count = Math.min(buffer.remaining(), payload.length - done);
      buffer.put(payload, done, count);
      done += count;
    }
    int size = Frame.sizeBytes(payload.length);
    int padding = size - Frame.HEAD_BYTES - payload.length;
    if (buffer.remaining() < padding) {
      flush();
    }
    for (int i = 0; i < padding; i++) {
      buffer.put((byte) 0);
    }
    position += size;
    marked = payload.length == 0;
  }

  private Segment current() {
    Segment now = segment;
    if (now == null) {
      throw new IllegalStateException("no segment");
    }
    return now;
  }

  private void flush() throws IOException {
    DiskFile target = file;
    if (buffer.position() == 0 || target == null) {
      return;
    }
    buffer.flip();
    int count = buffer.remaining();
    target.write(buffer, current().offsetOf(bufferPosition));
    bufferPosition += count;
    buffer.clear();
  }

  /** Makes what is written durable, and says so. */
  private void force() throws IOException {
    DiskFile target = file;
    if (position == durable.position() || target == null) {
      return;
    }
    flush();
    long start = System.nanoTime();
    target.force();
    long nanos = System.nanoTime() - start;
    presence.lookIfDue(journal.segments());
    long bytes = position - durable.position();
    durable.advance(position);
    journal.impaired(null);
    options.listener().groupCommitted(written.size(), bytes, nanos);
    complete(List.copyOf(written));
    settled += written.size();
    written.clear();
  }

  private void mark() throws IOException {
    if (marked || !hasRoom(Frame.HEAD_BYTES)) {
      marked = true;
      return;
    }
    write(new byte[0]);
    flush();
  }

  private void refuse(List<Pending> batches, Cause cause, Throwable why) {
    String message = String.valueOf(why.getMessage());
    complete(
        batches.stream()
            .map(
                pending ->
                    new Outcome(
                        pending, null, new JournalUnavailableException(cause, message, why)))
            .toList());
  }

  private void complete(List<Outcome> outcomes) {
    completions.execute(
        () -> {
          outcomes.forEach(Outcome::complete);
          queue.release(outcomes.stream().map(Outcome::pending).toList());
        });
  }

  /** Stops for good: whether the unforced frames survive is unknown, and nothing forces again. */
  private void fail(List<Pending> group, Throwable e) {
    journal.impaired(Cause.FAILED);
    LOG.error("{}: the journal has failed and accepts nothing until a restart", journal, e);
    queue.close(
        new JournalUnavailableException(Cause.FAILED, journal + ": failed: " + e.getMessage(), e));
    refuse(group.subList(settled, group.size()), Cause.FAILED, e);
    try {
      for (List<Pending> rest = queue.take(0); rest != null; rest = queue.take(0)) {
        refuse(rest, Cause.FAILED, e);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeFile() {
    DiskFile old = file;
    file = null;
    if (old == null) {
      return;
    }
    try {
      old.close();
    } catch (IOException e) {
      LOG.warn("{}: cannot be closed", old.path(), e);
    }
  }
}
