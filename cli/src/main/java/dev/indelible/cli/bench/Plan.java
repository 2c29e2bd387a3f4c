package dev.indelible.cli.bench;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Parts of a measurement and their sizes.
 *
 * @param seconds how long each loop sends, in seconds
 * @param events how many events there are before questions are asked
 * @param seed of the events; the same seed sends the same ones
 * @param batches the events of a request, in each closed loop
 * @param parts the parts that are measured
 * @param loopEvents the most events of the warm-up and of each closed loop: with it, and much time,
 *     two servers are given the same work, however busy the machine is
 */
public record Plan(
    int seconds, long events, long seed, List<Integer> batches, Set<Part> parts, long loopEvents) {

  /** The longest loop, in seconds. */
  public static final int MAX_SECONDS = 600;

  /** The most events that are loaded. */
  public static final long MAX_EVENTS = 100_000_000;

  /** Seconds of a loop unless told otherwise. */
  public static final int DEFAULT_SECONDS = 10;

  /** Events before questions are asked unless told otherwise. */
  public static final long DEFAULT_EVENTS = 2_000_000;

  /** Length of each loop of a quick measurement, in seconds. */
  public static final int QUICK_SECONDS = 2;

  /** The longest warm-up, in seconds. */
  static final int MAX_WARM_UP_SECONDS = 60;

  /** Number of events of a quick measurement. */
  public static final long QUICK_EVENTS = 100_000;

  /** Default seed of the events. */
  public static final long DEFAULT_SEED = 718;

  /** Events of a request in the closed loops unless told otherwise. */
  public static final List<Integer> DEFAULT_BATCHES = List.of(1, 100, 1_000);

  /** The most events of a request. */
  public static final int MAX_BATCH = 10_000;

  /** The most events that one closed loop sends, whatever the time. */
  public static final long MAX_LOOP_EVENTS = 5_000_000;

  /** Connections of a closed loop. */
  static final int CLOSED_CONNECTIONS = 16;

  /** Connections of an open loop: more than are ever busy while the server keeps up. */
  static final int OPEN_CONNECTIONS = 48;

  /** Tenants that the events belong to. */
  static final int TENANTS = 1_000;

  /** Events of a batch while the log is filled. */
  static final int FILL_BATCH = 1_000;

  /** Kind of measurement. */
  public enum Part {
    /** Each connection sends its next batch when the last one is acknowledged. */
    CLOSED,
    /** Batches are sent at a fixed rate, whatever becomes of the earlier ones. */
    OPEN,
    /** Questions over all events, then during ingest. */
    QUERIES,
    /** Latency that one tenant gets while another tries to stop everybody; only on request. */
    ATTACK
  }

  public Plan {
    if (seconds < 1 || seconds > MAX_SECONDS) {
      throw new IllegalArgumentException("seconds must be 1 to " + MAX_SECONDS);
    }
    if (events < 1 || events > MAX_EVENTS) {
      throw new IllegalArgumentException("events must be 1 to " + MAX_EVENTS);
    }
    if (batches.isEmpty() || !batches.stream().allMatch(n -> n >= 1 && n <= MAX_BATCH)) {
      throw new IllegalArgumentException("a batch must have 1 to " + MAX_BATCH + " events");
    }
    if (loopEvents < 1 || loopEvents > MAX_LOOP_EVENTS) {
      throw new IllegalArgumentException("a loop must have 1 to " + MAX_LOOP_EVENTS + " events");
    }
    batches = List.copyOf(batches);
    parts = parts.isEmpty() ? EnumSet.complementOf(EnumSet.of(Part.ATTACK)) : EnumSet.copyOf(parts);
  }

  /** A plan whose loops end by time alone. */
  public Plan(int seconds, long events, long seed, List<Integer> batches, Set<Part> parts) {
    this(seconds, events, seed, batches, parts, MAX_LOOP_EVENTS);
  }

  /**
   * Time of load before anything is measured, in seconds: until then the compiler takes a fifth of
   * the processors or more, which a server that runs for days does not see.
   */
  int warmUpSeconds() {
    return Math.min(MAX_WARM_UP_SECONDS, 3 * seconds);
  }
}
