package dev.indelible.systemtests;

import dev.indelible.client.Request;
import dev.indelible.client.ServerSentEvents;
import dev.indelible.client.StreamedAnswer;
import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A tenant's live tail. Not thread-safe. */
final class TailConnection implements AutoCloseable {

  /** Event that was read, or the failure that ended the stream. */
  private record Arrived(ServerSentEvents.@Nullable Event event, @Nullable IOException failure) {}

  private final InputStream body;
  private final BlockingQueue<Arrived> arrived = new LinkedBlockingQueue<>();
  private @Nullable String lastId;

  private TailConnection(InputStream body) {
    this.body = body;
    Thread.ofVirtual().name("tail").start(() -> pump(new ServerSentEvents(body)));
  }

  /** Reads in a thread of its own, so that who waits for an entry can stop waiting. */
  private void pump(ServerSentEvents events) {
    try {
      ServerSentEvents.Event event;
      do {
        event = events.next();
        arrived.add(new Arrived(event, null));
      } while (event != null);
    } catch (IOException e) {
      arrived.add(new Arrived(null, e));
    }
  }

  /** The next event, or null at the end. */
  private ServerSentEvents.@Nullable Event next(List<String> before)
      throws IOException, InterruptedException {
    Arrived next = arrived.poll(Eventually.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    if (next == null) {
      throw new AssertionError(
          "nothing came for " + Eventually.LIMIT + " after " + before.size() + ": " + before);
    }
    if (next.failure() != null) {
      throw new IOException("the tail broke after " + before, next.failure());
    }
    return next.event();
  }

  /** Opens one behind {@code lastId}, or at the end of the log when that is null. */
  static TailConnection open(Calls calls, String tenant, String query, @Nullable String lastId)
      throws IOException, InterruptedException {
    Request request = request(calls, tenant).parameter("q", query);
    return open(calls, lastId == null ? request : request.header("Last-Event-ID", lastId));
  }

  /** Opens a tail for clients that cannot send a header. */
  static TailConnection openAfter(Calls calls, String tenant, String query, String seq)
      throws IOException, InterruptedException {
    return open(calls, request(calls, tenant).parameters(Map.of("q", query, "after_seq", seq)));
  }

  private static Request request(Calls calls, String tenant) {
    return calls.request("GET", "/v1/tenants/" + tenant + "/tail");
  }

  private static TailConnection open(Calls calls, Request request)
      throws IOException, InterruptedException {
    StreamedAnswer answer = calls.open(request);
    if (answer.status() != 200) {
      throw new AssertionError("tail answered " + answer.status());
    }
    return new TailConnection(answer.body());
  }

  /** Adds the ids of the next {@code count} entries. */
  void read(int count, List<String> ids) throws IOException, InterruptedException {
    for (int i = 0; i < count; i++) {
      ServerSentEvents.Event event = next(ids);
      if (event == null) {
        throw new AssertionError("the tail ended after " + ids);
      }
      lastId = event.lastId();
      ids.add(Calls.JSON.readTree(event.data()).path("id").asString());
    }
  }

  /** Reads until the server ends the stream; returns the ids that came before. */
  List<String> readToTheEnd() throws IOException, InterruptedException {
    List<String> ids = new ArrayList<>();
    for (ServerSentEvents.Event event = next(ids); event != null; event = next(ids)) {
      ids.add(Calls.JSON.readTree(event.data()).path("id").asString());
    }
    return ids;
  }

  @Nullable String lastId() {
    return lastId;
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
