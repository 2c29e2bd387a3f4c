package dev.indelible.cli.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Sends events over several connections at once, and times the acknowledgements. */
final class Load {

  private static final int CREATED = 201;
  private static final int NOT_NOW = 503;
  private static final long REFUSED_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /**
   * Shape of a load.
   *
   * @param connections at once
   * @param batch events of a request
   * @param ids whether events have ids
   * @param offered events a second, or 0 to send as soon as the last batch is acknowledged
   * @param seconds how long
   * @param maxEvents when to end before
   */
  record Shape(
      int connections, int batch, boolean ids, int offered, double seconds, long maxEvents) {}

  /** Result of a load. */
  record Sent(long events, long refused, long startNanos, long endNanos, Latencies latencies) {}

  private final Target target;
  private final EventTemplates templates;
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  Load(Target target, EventTemplates templates) {
    this.target = target;
    this.templates = templates;
  }

  /** The mean size of the events that were sent, in bytes. */
  double eventBytes() {
    return bytes.get() / (double) Math.max(1, numbers.get());
  }

  /** Sends; returns when everything that was sent is answered. */
  Sent send(Shape shape) throws IOException, InterruptedException {
    long requests = shape.maxEvents() / shape.batch();
    AtomicLong next = new AtomicLong();
    long startNanos = System.nanoTime();
    Schedule schedule =
        new Schedule(
            startNanos,
            startNanos + (long) (shape.seconds() * 1e9),
            shape.offered() == 0 ? 0 : 1e9 * shape.batch() / shape.offered(),
            Math.max(1, requests));
    List<Sent> parts = new ArrayList<>();
    try (ExecutorService workers = Executors.newFixedThreadPool(shape.connections())) {
      List<Future<Sent>> futures = new ArrayList<>();
      for (int i = 0; i < shape.connections(); i++) {
        futures.add(workers.submit(() -> work(shape, schedule, next)));
      }
      for (Future<Sent> future : futures) {
        parts.add(result(future));
      }
    }
    return merge(parts, startNanos);
  }

  /** Start times of requests by their number, and the end. */
  private record Schedule(long startNanos, long endNanos, double intervalNanos, long requests) {

    boolean isOpen() {
      return intervalNanos > 0;
    }

    long dueNanos(long request) {
      return startNanos + (long) (request * intervalNanos);
    }
  }

  private Sent work(Shape shape, Schedule schedule, AtomicLong next) throws IOException {
    Latencies latencies = new Latencies();
    long events = 0;
    long refused = 0;
    long end = schedule.startNanos();
    try (KeepAliveConnection connection = new KeepAliveConnection(target)) {
      while (true) {
        long request = next.getAndIncrement();
        // The time counts from when it was due: a server that stands still delays those behind it.
        long due = schedule.isOpen() ? schedule.dueNanos(request) : System.nanoTime();
        if (request >= schedule.requests() || due - schedule.endNanos() >= 0) {
          return new Sent(events, refused, schedule.startNanos(), end, latencies);
        }
        compose(connection.post("/v1/events"), shape);
        for (long left; (left = due - System.nanoTime()) > 0; ) {
          LockSupport.parkNanos(left);
        }
        int status = connection.send();
        end = System.nanoTime();
        if (status == NOT_NOW) {
          refused++;
          LockSupport.parkNanos(REFUSED_PAUSE_NANOS);
        } else {
          requireAccepted(status, connection, shape.batch());
          latencies.add(end - due);
          events += shape.batch();
        }
      }
    }
  }

  private void compose(Bytes body, Shape shape) {
    int start = body.length();
    long first = numbers.getAndAdd(shape.batch());
    if (shape.batch() == 1) {
      templates.append(body, first, shape.ids());
    } else {
      for (int i = 0; i < shape.batch(); i++) {
        body.add((byte) (i == 0 ? '[' : ','));
        templates.append(body, first + i, shape.ids());
      }
      body.add((byte) ']');
    }
    bytes.addAndGet(body.length() - start);
  }

  private static void requireAccepted(int status, KeepAliveConnection connection, int batch)
      throws IOException {
    if (status != CREATED || !connection.bodyStartsWith("{\"accepted\":" + batch + ",")) {
      String body = connection.body();
      throw new IOException(
          "a batch was answered %d: %s"
              .formatted(status, body.substring(0, Math.min(500, body.length()))));
    }
  }

  private static Sent merge(List<Sent> parts, long startNanos) {
    Latencies latencies = new Latencies();
    long events = 0;
    long refused = 0;
    long end = startNanos;
    for (Sent part : parts) {
      latencies.addAll(part.latencies());
      events += part.events();
      refused += part.refused();
      end = Math.max(end, part.endNanos());
    }
    return new Sent(events, refused, startNanos, end, latencies);
  }

  private static Sent result(Future<Sent> future) throws IOException, InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
