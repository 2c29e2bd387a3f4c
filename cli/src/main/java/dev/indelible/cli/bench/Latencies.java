package dev.indelible.cli.bench;

import org.HdrHistogram.Histogram;

/** Times of one kind, kept to three digits. Not thread-safe; each thread has its own. */
final class Latencies {

  private static final double MILLI_NANOS = 1e6;

  private final Histogram nanos = new Histogram(3);

  void add(long elapsedNanos) {
    nanos.recordValue(Math.max(0, elapsedNanos));
  }

  void addAll(Latencies others) {
    nanos.add(others.nanos);
  }

  Report.Latency summary() {
    return new Report.Latency(
        nanos.getTotalCount(),
        nanos.getValueAtPercentile(50) / MILLI_NANOS,
        nanos.getValueAtPercentile(99) / MILLI_NANOS,
        nanos.getMaxValue() / MILLI_NANOS);
  }
}
