package dev.indelible.cli.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Reader of the server's metrics under {@code /metrics}. Each look has a connection of its own: the
 * server closes those that are idle for as long as a load may take.
 */
final class ServerFigures {

  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);
  private static final long POLL_MILLIS = 50;

  private final Target target;

  ServerFigures(Target target) {
    this.target = target;
  }

  /** Number of entries that searches find now, of all tenants. */
  long found() throws IOException {
    return figure("indelible_index_entries");
  }

  /** Waits until a search finds that many entries; returns when that was. */
  long awaitFound(long entries) throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (true) {
      long found = found();
      long now = System.nanoTime();
      if (found >= entries) {
        return now;
      }
      if (now - start > PATIENCE_NANOS) {
        throw new IOException(
            "only %d of %d entries are found after three minutes".formatted(found, entries));
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Waits until the number of entries no longer moves. */
  long settle() throws IOException, InterruptedException {
    long before = -1;
    long found = found();
    while (found != before) {
      Thread.sleep(500);
      before = found;
      found = found();
    }
    return found;
  }

  private long figure(String name) throws IOException {
    String text;
    try (KeepAliveConnection connection = new KeepAliveConnection(target)) {
      if (connection.get("/metrics") != 200) {
        throw new IOException("/metrics was answered: " + connection.body());
      }
      text = connection.body();
    }
    return text.lines()
        .filter(line -> line.startsWith(name + " "))
        .findFirst()
        .map(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
        .orElseThrow(() -> new IOException("/metrics has no " + name));
  }
}
