package dev.indelible.server.ingest;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts of recorded events whose action no catalog has, by the program that their names point to.
 * Since the start of the server, repetitions included. Thread-safe.
 */
final class UnknownActionCounts {

  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

  /**
   * Adds an event.
   *
   * @param source the name of a catalog, of which there are few
   */
  void add(String source) {
    counts.computeIfAbsent(source, _ -> new LongAdder()).increment();
  }

  /** The events of a source. */
  long of(String source) {
    LongAdder count = counts.get(source);
    return count == null ? 0 : count.sum();
  }
}
