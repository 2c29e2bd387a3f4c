package dev.indelible.systemtests;

import dev.indelible.cli.client.ServerSentEvents;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A tenant's live tail. Not thread-safe. */
final class TailConnection implements AutoCloseable {

  private final InputStream body;
  private final ServerSentEvents events;
  private @Nullable String lastId;

  private TailConnection(InputStream body) {
    this.body = body;
    this.events = new ServerSentEvents(body);
  }

  /** Opens one behind {@code lastId}, or at the end of the log when that is null. */
  static TailConnection open(Calls calls, String tenant, String query, @Nullable String lastId)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(calls, tenant, "q=" + encoded(query));
    if (lastId != null) {
      request.header("Last-Event-ID", lastId);
    }
    return open(calls, request.build());
  }

  /** The same, for clients that cannot send a header. */
  static TailConnection openAfter(Calls calls, String tenant, String query, String seq)
      throws IOException, InterruptedException {
    return open(
        calls,
        request(calls, tenant, "q=" + encoded(query) + "&after_seq=" + encoded(seq)).build());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static HttpRequest.Builder request(Calls calls, String tenant, String parameters) {
    return calls
        .request("/v1/tenants/" + tenant + "/tail?" + parameters)
        .timeout(Duration.ofSeconds(30))
        .GET();
  }

  private static TailConnection open(Calls calls, HttpRequest request)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        calls.client().send(request, HttpResponse.BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw new AssertionError("tail answered " + response.statusCode());
    }
    return new TailConnection(response.body());
  }

  /** Adds the ids of the next {@code count} entries. */
  void read(int count, List<String> ids) throws IOException {
    for (int i = 0; i < count; i++) {
      ServerSentEvents.Event event = events.next();
      if (event == null) {
        throw new AssertionError("the tail ended after " + ids);
      }
      lastId = event.lastId();
      ids.add(Calls.JSON.readTree(event.data()).path("id").asString());
    }
  }

  /** Reads until the server ends the stream; returns the ids that came before. */
  List<String> readToTheEnd() throws IOException {
    List<String> ids = new ArrayList<>();
    for (ServerSentEvents.Event event = events.next(); event != null; event = events.next()) {
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
