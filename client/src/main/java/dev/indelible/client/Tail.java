package dev.indelible.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's entries as they are recorded. When the connection breaks or the server says "not now"
 * it connects again, waiting as the client's {@link RetryPolicy} says but without giving up, and
 * goes on behind the last entry that it gave: nothing is missed and nothing comes twice.
 *
 * <p>One thread reads; another may {@link #close} it.
 */
public final class Tail implements AutoCloseable {

  private static final Set<String> ENTRY_TYPES = Set.of("message", "entry");
  private static final int OK = 200;

  private final Transport transport;
  private final Request request;
  private volatile @Nullable StreamedAnswer open;
  private volatile boolean closed;
  private @Nullable ServerSentEvents events; // of what is open
  private @Nullable String lastEventId;
  private int failures; // in a row, since the last entry

  Tail(Transport transport, Request request, @Nullable String lastEventId) {
    this.transport = transport;
    this.request = request.header("Accept", "text/event-stream");
    this.lastEventId = lastEventId;
  }

  /**
   * The id that another tail goes on behind: the {@code seq} of the last entry, or where this one
   * began; null before it connected.
   */
  public @Nullable String lastEventId() {
    return lastEventId;
  }

  /**
   * Waits for the next entry.
   *
   * @return the entry, or null when this was closed
   * @throws RefusedException when the server refuses for good, such as for an error in the query
   * @throws UnreachableException when the connection broke and the client makes no retries
   */
  public @Nullable Entry next() throws InterruptedException {
    while (!closed) {
      Optional<String> retryAfter = Optional.empty();
      String why;
      try {
        Answer refusal = events == null ? connect() : null;
        if (refusal == null) {
          Entry entry = read();
          if (entry != null) {
            failures = 0;
            return entry;
          }
          why = "the stream ended";
        } else {
          retryAfter = refusal.headers().firstValue("Retry-After");
          why = refusal.problem().toString();
        }
      } catch (IOException failure) {
        why = "the stream broke (" + failure.getMessage() + ")";
      }
      disconnect();
      if (!closed) {
        waitBecause(why, retryAfter);
      }
    }
    return null;
  }

  /** Opens the stream; returns the answer when that is "not now". */
  private @Nullable Answer connect() throws IOException, InterruptedException {
    StreamedAnswer answer =
        transport.open(
            lastEventId == null ? request : request.header("Last-Event-ID", lastEventId));
    if (answer.status() != OK) {
      Answer refusal = answer.whole();
      if (RetryPolicy.isNotNow(refusal.status())) {
        return refusal;
      }
      throw new RefusedException(refusal);
    }
    open = answer;
    events = new ServerSentEvents(answer.body());
    if (closed) {
      disconnect(); // Whoever closed this may have looked before it was open.
    }
    return null;
  }

  /** The next entry of the stream; null when it ended. */
  private @Nullable Entry read() throws IOException {
    ServerSentEvents stream = events;
    if (stream == null) {
      return null;
    }
    try {
      for (ServerSentEvents.Event event = stream.next(); event != null; event = stream.next()) {
        if (ENTRY_TYPES.contains(event.type())) {
          return new Entry(
              JsonText.parse(event.data().getBytes(StandardCharsets.UTF_8))
                  .orElseThrow(() -> new IOException("not JSON")));
        }
      }
      return null;
    } finally {
      lastEventId = stream.lastId() == null ? lastEventId : stream.lastId();
    }
  }

  private void disconnect() {
    end(open);
    open = null;
    events = null;
  }

  private static void end(@Nullable StreamedAnswer stream) {
    if (stream != null) {
      try {
        stream.close();
      } catch (IOException e) {
        // It is not read any more.
      }
    }
  }

  private void waitBecause(String why, Optional<String> retryAfter) throws InterruptedException {
    if (!transport.retries()) {
      throw new UnreachableException(why, null);
    }
    failures++;
    transport.pauseAfter(failures, retryAfter, why);
  }

  /** Ends it; whoever waits in {@link #next} gets null. */
  @Override
  public void close() {
    closed = true;
    end(open);
  }
}
