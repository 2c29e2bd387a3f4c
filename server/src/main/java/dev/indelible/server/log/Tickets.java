package dev.indelible.server.log;

import dev.indelible.ports.journal.JournalUnavailableException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Appended batches whose outcomes this process waits for. Thread-safe, bounded by bytes. */
final class Tickets {

  private record Waiting(
      CompletableFuture<List<Outcome>> outcomes, int events, long bytes, long sinceNanos) {}

  private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();
  private final AtomicLong inFlightBytes = new AtomicLong();
  private final AtomicLong inFlightEvents = new AtomicLong();
  private final AtomicLong next;
  private final long maxInFlightBytes;

  Tickets(long first, long maxInFlightBytes) {
    this.next = new AtomicLong(first);
    this.maxInFlightBytes = maxInFlightBytes;
  }

  long next() {
    return next.getAndIncrement();
  }

  /**
   * A place for the outcomes of a batch.
   *
   * @throws JournalUnavailableException when too much is in flight already
   */
  CompletableFuture<List<Outcome>> open(long ticket, int events, long bytes) {
    long before = inFlightBytes.getAndAdd(bytes);
    if (before > 0 && before + bytes > maxInFlightBytes) {
      inFlightBytes.addAndGet(-bytes);
      throw new JournalUnavailableException(
          JournalUnavailableException.Cause.QUEUE_FULL,
          "more than " + maxInFlightBytes + " bytes of events are waiting");
    }
    CompletableFuture<List<Outcome>> outcomes = new CompletableFuture<>();
    inFlightEvents.addAndGet(events);
    waiting.put(ticket, new Waiting(outcomes, events, bytes, System.nanoTime()));
    return outcomes;
  }

  void complete(long ticket, List<Outcome> outcomes) {
    Waiting found = remove(ticket);
    if (found != null) {
      found.outcomes().complete(outcomes);
    }
  }

  void fail(long ticket, Throwable cause) {
    Waiting found = remove(ticket);
    if (found != null) {
      found.outcomes().completeExceptionally(cause);
    }
  }

  void failAll(Throwable cause) {
    for (Long ticket : List.copyOf(waiting.keySet())) {
      fail(ticket, cause);
    }
  }

  long inFlightBytes() {
    return inFlightBytes.get();
  }

  long inFlightEvents() {
    return inFlightEvents.get();
  }

  /** How long the batch that waits longest has waited, in nanoseconds; 0 when none does. */
  long oldestNanos() {
    long now = System.nanoTime();
    return waiting.values().stream().mapToLong(one -> now - one.sinceNanos()).max().orElse(0);
  }

  private @org.jspecify.annotations.Nullable Waiting remove(long ticket) {
    Waiting found = waiting.remove(ticket);
    if (found != null) {
      inFlightBytes.addAndGet(-found.bytes());
      inFlightEvents.addAndGet(-found.events());
    }
    return found;
  }
}
