package dev.indelible.server;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Parts that were started, and how each is stopped: in reverse order. Not thread-safe. */
final class StartedParts implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StartedParts.class);

  private final Deque<Started> started = new ArrayDeque<>();

  private record Started(String name, Stop stop) {}

  /** Stops a part. */
  @FunctionalInterface
  interface Stop {
    void run() throws Exception;
  }

  /** Adds a part that was started, and how it is stopped. */
  void add(String name, Stop stop) {
    started.push(new Started(name, stop));
  }

  /** Adds a part that is stopped by closing it. */
  <T extends AutoCloseable> T keep(String name, T part) {
    add(name, part::close);
    return part;
  }

  /** Stops every part; one that fails does not keep the others from stopping. */
  @Override
  public void close() {
    while (!started.isEmpty()) {
      Started part = started.pop();
      try {
        part.stop().run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        LOG.error("{} did not stop cleanly", part.name(), e);
      }
    }
  }
}
