package dev.indelible.server.http;

import dev.indelible.server.http.HttpServerConfig.Timeouts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * A body as it is sent, and how long it is waited for.
 *
 * <p>What has arrived is read at once. For the rest the thread waits without the request's place
 * ({@link Admission}), as long as the body keeps its pace: within {@link Timeouts#bodyGrace} a
 * small body is to be there, and a large one has its least rate from then on. Not thread-safe,
 * except for {@link #evict}.
 */
final class ArrivingBody extends InputStream implements WaitingBodies.Waiter {

  private final Request request;
  private final Timeouts timeouts;
  private final Admission.Visit visit;
  private final Thread thread = Thread.currentThread();
  private final long announcedBytes; // -1 when nothing is announced
  private final Runnable woken = Invocable.from(Invocable.InvocationType.NON_BLOCKING, this::wake);
  private Content.@Nullable Chunk chunk;
  private boolean ended;
  private boolean waiting;
  private boolean givenUp;
  private long bytes;
  private long waitedNanos;
  private volatile boolean available;
  private volatile boolean evicted;

  ArrivingBody(Request request, Timeouts timeouts, Admission.Visit visit) {
    this.request = request;
    this.timeouts = timeouts;
    this.visit = visit;
    this.announcedBytes = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
  }

  /** Whether it is not waited for any more, although it has not ended. */
  boolean isGivenUp() {
    return givenUp;
  }

  /** Bytes so far. */
  long bytes() {
    return bytes;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    Content.Chunk from = chunk != null ? chunk : next();
    if (from == null) {
      if (bytes < announcedBytes) {
        // Of HTTP/2 the library lets a head pass that announces a body and ends the request.
        throw new ProblemException(400, "malformed_body", "The body is shorter than announced.");
      }
      return -1;
    }
    ByteBuffer arrived = from.getByteBuffer();
    int count = Math.min(arrived.remaining(), length);
    arrived.get(buffer, offset, count);
    bytes += count;
    if (!arrived.hasRemaining()) {
      chunk = null;
      from.release();
    }
    return count;
  }

  /** The next chunk that has bytes, kept in {@link #chunk}; null at the end. */
  private Content.@Nullable Chunk next() throws IOException {
    while (!ended) {
      Content.Chunk read = request.read();
      if (read == null) {
        await();
        continue;
      }
      if (Content.Chunk.isFailure(read)) {
        throw broken(read.getFailure());
      }
      ended = read.isLast();
      if (read.hasRemaining()) {
        chunk = read;
      } else {
        read.release();
      }
      if (ended) {
        arrived();
      }
      if (chunk != null) {
        return chunk;
      }
    }
    return null;
  }

  private void arrived() {
    if (waiting) {
      waiting = false;
      try {
        visit.bodyArrived();
      } catch (InterruptedException e) {
        throw Problems.stopping();
      }
    }
  }

  private void await() {
    if (!waiting) {
      waiting = true;
      visit.waitForBody(this);
    }
    available = false;
    request.demand(woken);
    long began = System.nanoTime();
    long waited = 0;
    while (!available) {
      if (evicted) {
        givenUp = true;
        throw Problems.overloaded("bodies that are waited for");
      }
      long left = Math.min(patienceNanos() - waitedNanos, timeouts.idle().toNanos()) - waited;
      if (left <= 0) {
        givenUp = true;
        throw tooSlow(null);
      }
      LockSupport.parkNanos(this, left);
      if (Thread.interrupted()) {
        givenUp = true;
        throw Problems.stopping();
      }
      waited = System.nanoTime() - began;
    }
    waitedNanos += waited;
  }

  /** How long may be waited for the next byte, all waiting for earlier ones included. */
  private long patienceNanos() {
    int rate = timeouts.bodyBytesPerSecond();
    long ofRate =
        rate == 0
            ? Long.MAX_VALUE / 2
            : (long) ((double) bytes / rate * TimeUnit.SECONDS.toNanos(1));
    return Math.max(timeouts.bodyGrace().toNanos(), ofRate);
  }

  private void wake() {
    available = true;
    LockSupport.unpark(thread);
  }

  @Override
  public void evict() {
    evicted = true;
    LockSupport.unpark(thread);
  }

  @Override
  public int available() {
    Content.Chunk arrived = chunk;
    return arrived == null ? 0 : arrived.remaining();
  }

  /** Frees what was not read; does not read the rest. */
  @Override
  public void close() {
    Content.Chunk unread = chunk;
    chunk = null;
    if (unread != null) {
      unread.release();
    }
  }

  private static ProblemException broken(@Nullable Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof TimeoutException) {
        return tooSlow(t);
      }
    }
    // Mostly a client that left, and then nobody reads the answer; but also broken chunks.
    ProblemException problem =
        new ProblemException(
            400, "malformed_body", "The body broke off, or its chunks are malformed.");
    return cause == null ? problem : problem.withCause(cause);
  }

  private static ProblemException tooSlow(@Nullable Throwable cause) {
    ProblemException problem =
        new ProblemException(408, "body_too_slow", "The body did not arrive in time.");
    return cause == null ? problem : problem.withCause(cause);
  }
}
