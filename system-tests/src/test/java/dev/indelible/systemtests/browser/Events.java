package dev.indelible.systemtests.browser;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Records events while a browser looks. */
final class Events {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private Events() {}

  /** Records one event or an array of them, and waits until they are sealed and found. */
  static void record(Browsing browsing, String json) {
    post(browsing, "/v1/events?wait=sealed", json);
    awaitIndexed(browsing);
  }

  /** Waits until everything is found; asks the figures, because to look at a log is an entry. */
  static void awaitIndexed(Browsing browsing) {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (!get(browsing, "/metrics").contains("indelible_index_lag_events 0.0")) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not indexed within " + TIMEOUT);
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Records events, one on each line. */
  static void lines(Browsing browsing, String lines) {
    post(browsing, "/v1/events", "application/x-ndjson", lines);
  }

  /** Posts JSON with the operator's key. */
  static String post(Browsing browsing, String path, String json) {
    return post(browsing, path, "application/json", json);
  }

  /** Puts JSON with the operator's key. */
  static String put(Browsing browsing, String path, String json) {
    return send(
        request(browsing, path)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(json))
            .build());
  }

  /** Gets JSON with the operator's key. */
  static String get(Browsing browsing, String path) {
    return send(request(browsing, path).GET().build());
  }

  /** Deletes with the operator's key. */
  static void delete(Browsing browsing, String path) {
    send(request(browsing, path).DELETE().build());
  }

  /** A token for a product's page, with what it may do: {@code "permissions":[…]} and the like. */
  static String viewerToken(Browsing browsing, String tenant, String what) {
    String answer =
        post(
            browsing,
            "/v1/tenants/" + tenant + "/viewer-sessions",
            "{\"user\":{\"id\":\"u_looker\"}," + what + "}");
    return answer.replaceAll("(?s).*\"token\":\"([^\"]+)\".*", "$1");
  }

  private static String post(Browsing browsing, String path, String type, String body) {
    return send(
        request(browsing, path)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static HttpRequest.Builder request(Browsing browsing, String path) {
    return HttpRequest.newBuilder(URI.create(browsing.address() + path))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + browsing.key());
  }

  private static String send(HttpRequest request) {
    try {
      HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw new AssertionError(response.statusCode() + " " + response.body());
      }
      return response.body();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
