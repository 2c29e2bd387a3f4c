package dev.indelible.systemtests.browser;

import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls of the demonstration's API while a browser looks. Thread-safe. */
final class Events {

  /** The name of the cookie that a console's session has. */
  static final String SESSION_COOKIE = "indelible_session";

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Pattern SESSION = Pattern.compile(SESSION_COOKIE + "=([^;]+)");

  private Events() {}

  /** Records one event or an array of them, and waits until they are sealed and found. */
  static void record(Browsing browsing, String json) {
    Map<String, Long> newest = new HashMap<>();
    for (JsonNode entry :
        JsonMapper.shared()
            .readTree(post(browsing, "/v1/events?wait=sealed", json))
            .path("entries")) {
      newest.merge(entry.path("tenant").asString(), entry.path("seq").asLong(), Math::max);
    }
    newest.forEach((tenant, seq) -> awaitIndexed(browsing, tenant, seq));
  }

  /**
   * Waits until an entry of a tenant is found: not until everything is, because others record
   * meanwhile. Where looking at the log is an entry, this is one, of the operator.
   */
  private static void awaitIndexed(Browsing browsing, String tenant, long seq) {
    Eventually.see(
        "entry %d of %s is found".formatted(seq, tenant),
        () -> get(browsing, "/v1/tenants/" + tenant + "/events?limit=1"),
        page -> JsonMapper.shared().readTree(page).path("indexed_through").asLong(-1) >= seq);
  }

  /** Waits until all of the story is found; nobody records anything else yet. */
  static void awaitIndexed(Demonstration demonstration) {
    Eventually.see(
        "the whole story is found",
        () -> send(request(demonstration.address(), demonstration.key(), "/metrics").build()),
        metrics -> metrics.contains("indelible_index_lag_events 0.0"));
  }

  /** Signs in with a key; the cookie of the session. */
  static String signIn(String address, String key) {
    HttpResponse<String> answer =
        answer(
            HttpRequest.newBuilder(URI.create(address + "/v1/session"))
                .timeout(Eventually.LIMIT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"key\":\"%s\"}".formatted(key)))
                .build());
    Matcher cookie = SESSION.matcher(answer.headers().firstValue("Set-Cookie").orElse(""));
    if (!cookie.find()) {
      throw new AssertionError(answer.headers());
    }
    return cookie.group(1);
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

  /** Patches with JSON and the operator's key. */
  static String patch(Browsing browsing, String path, String json) {
    return send(
        request(browsing, path)
            .header("Content-Type", "application/json")
            .method("PATCH", HttpRequest.BodyPublishers.ofString(json))
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

  /** A text that an answer has under this name. */
  static String text(String answer, String name) {
    return JsonMapper.shared().readTree(answer).path(name).asString();
  }

  /** A token for a product's page, with what it may do: {@code "permissions":[…]} and the like. */
  static String viewerToken(Browsing browsing, String tenant, String what) {
    return text(
        post(
            browsing,
            "/v1/tenants/" + tenant + "/viewer-sessions",
            "{\"user\":{\"id\":\"u_looker\"}," + what + "}"),
        "token");
  }

  private static String post(Browsing browsing, String path, String type, String body) {
    return send(
        request(browsing, path)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static HttpRequest.Builder request(Browsing browsing, String path) {
    return request(browsing.address(), browsing.key(), path);
  }

  private static HttpRequest.Builder request(String address, String key, String path) {
    return HttpRequest.newBuilder(URI.create(address + path))
        .timeout(Eventually.LIMIT)
        .header("Authorization", "Bearer " + key);
  }

  private static String send(HttpRequest request) {
    return answer(request).body();
  }

  private static HttpResponse<String> answer(HttpRequest request) {
    try {
      HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw new AssertionError(response.statusCode() + " " + response.body());
      }
      return response;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
