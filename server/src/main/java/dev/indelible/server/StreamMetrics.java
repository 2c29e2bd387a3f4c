package dev.indelible.server;

import dev.indelible.server.stream.StreamParts;
import dev.indelible.server.stream.StreamStatus;
import dev.indelible.server.stream.Streams;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** Figures of streams: by kind of receiver and by state, never by stream. Thread-safe. */
record StreamMetrics(MeterRegistry registry) implements StreamParts.Observer {

  void watch(Streams streams) {
    for (StreamStatus.State state : StreamStatus.State.values()) {
      Gauge.builder("indelible.streams", streams, s -> s.figures().counts().getOrDefault(state, 0))
          .tag("state", state.jsonName())
          .description("Streams to other systems")
          .strongReference(true)
          .register(registry);
    }
    Gauge.builder("indelible.stream.lag.seconds.max", streams, s -> s.figures().lagSeconds())
        .description("The age of the oldest entry that an active stream has not sent")
        .strongReference(true)
        .register(registry);
  }

  @Override
  public void attempted(String type, String outcome, long nanos) {
    registry
        .timer("indelible.stream.send", "type", type, "outcome", outcome)
        .record(Duration.ofNanos(nanos));
  }

  @Override
  public void settled(String type, String outcome, long entries) {
    if (entries > 0) {
      registry
          .counter("indelible.stream.entries", "type", type, "outcome", outcome)
          .increment((double) entries);
    }
  }
}
