package dev.indelible.cli.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Results of a measurement.
 *
 * @param machine where
 * @param tenants the number of tenants that the events belonged to
 * @param eventBytes the mean size of an event as it was sent, in bytes of JSON
 * @param loops the loads, in the order in which they were sent
 * @param events how many there were when questions were asked
 * @param queries the questions
 * @param storage the storage on disk, or null when the server is not ours to look at
 */
public record Report(
    Machine machine,
    int tenants,
    double eventBytes,
    List<Loop> loops,
    long events,
    List<Query> queries,
    @Nullable Storage storage) {

  public Report {
    loops = List.copyOf(loops);
    queries = List.copyOf(queries);
  }

  /**
   * Machine of the measurement, which the load and the server share.
   *
   * @param processors the processors that the JVM sees
   * @param memoryMebibytes of the machine
   * @param system its name and version
   * @param java the JVM's version
   */
  public record Machine(int processors, long memoryMebibytes, String system, String java) {}

  /**
   * Distribution of latencies, in milliseconds.
   *
   * @param count how often
   */
  public record Latency(long count, double p50, double p99, double max) {}

  /**
   * A load.
   *
   * @param kind closed or open
   * @param batch events of a request
   * @param ids whether the events had ids of the caller's
   * @param connections at once
   * @param offered events a second that were to be sent, or 0 for as many as were acknowledged
   * @param events acknowledged
   * @param refused requests that were answered 503
   * @param acknowledgedPerSecond events a second until the last was acknowledged
   * @param indexedPerSecond events a second until a search found all of them
   * @param acknowledgement from when a request was sent, or in an open loop was to be sent
   * @param serverMicros processor time of the server for each event, in microseconds, or null when
   *     it is not ours
   */
  public record Loop(
      String kind,
      int batch,
      boolean ids,
      int connections,
      int offered,
      long events,
      long refused,
      double acknowledgedPerSecond,
      double indexedPerSecond,
      Latency acknowledgement,
      @Nullable Double serverMicros) {}

  /**
   * A question, asked many times.
   *
   * @param name the question's name
   * @param rows found by it in the mean: rows of the page, or entries counted
   */
  public record Query(String name, double rows, Latency latency) {}

  /**
   * Storage after everything was sealed, and the memory before that.
   *
   * @param entries in the log, those of the log itself included
   * @param runBytes of the sealed runs
   * @param indexBytes of the search index
   * @param bytesPerEvent both, for each entry
   * @param residentMebibytes of the server at the end, or null where the system does not say
   * @param peakMebibytes the most of it
   */
  public record Storage(
      long entries,
      long runBytes,
      long indexBytes,
      double bytesPerEvent,
      @Nullable Long residentMebibytes,
      @Nullable Long peakMebibytes) {}
}
