package dev.indelible.server.otlp;

import dev.indelible.server.event.Decoding;
import dev.indelible.server.event.Problem;
import java.util.List;

/** Result of reading an export request: its records, or a reason to refuse the whole. */
public sealed interface Logs {

  /**
   * A readable request.
   *
   * @param count how many records it has
   * @param indexes index of each record with an event name, from 0 and in order
   * @param events the result of decoding each of these
   */
  record Read(int count, List<Integer> indexes, List<Decoding> events) implements Logs {
    public Read {
      indexes = List.copyOf(indexes);
      events = List.copyOf(events);
      if (indexes.size() != events.size()) {
        throw new IllegalArgumentException("an index for each event");
      }
    }
  }

  /**
   * A request of which nothing can be used.
   *
   * @param problem the reason
   */
  record Broken(Problem problem) implements Logs {}
}
